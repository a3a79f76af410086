"""The text of one DOCX paragraph: runs with their marks, links, notes, pictures and boxes."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from import_content.document import MarkKind
from import_content.sources.bounded_zip import BoundedZip
from import_content.sources.document_builder import DocumentBuilder, Inline, InlineBuilder, visible_characters
from import_content.sources.readers.docx_parts import R, Style, Styles, W, is_on, value
from import_content.sources.readers.markup import Element

MAX_IMAGE_BYTES = 10 * 1024 * 1024
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_LINK = re.compile(r"\bHYPERLINK\s+(?:\\l\s+)?\"([^\"]*)\"")
_CODE_STYLE = re.compile(r"verbatim char|source text|html code|code|teletype|html keyboard|inline code")
_HOLLOW_FIELDS = re.compile(r"\s*(?:PAGE|NUMPAGES|PAGEREF|SECTIONPAGES)\b")
_CONTENTS = re.compile(r"\s*(?:TOC|INDEX)\b")


@dataclass(frozen=True, slots=True)
class DocxParagraph:
    """What one paragraph says and looks like."""

    inline: Inline
    raw: str
    """The same with all its white space."""
    is_bold: bool
    size: float
    """In half points, of most of it."""
    in_contents: bool
    """It stands in a table of contents."""
    images: tuple[tuple[str, str], ...]
    """Target and words for those who do not see it."""
    boxes: tuple[Element, ...]
    """Contents of text boxes anchored here."""


@dataclass(slots=True)
class _Field:
    """A field under way: ``HYPERLINK "…"`` until its separator, its result until its end."""

    instruction: str = ""
    in_result: bool = False
    has_link: bool = False


@dataclass(slots=True)
class _State:
    inline: InlineBuilder = field(default_factory=InlineBuilder)
    raw: list[str] = field(default_factory=list)
    weights: list[tuple[int, bool, float]] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    in_contents: bool = False


class DocxRuns:
    """Reads paragraphs; notes and fields go on from one to the next."""

    def __init__(
        self, builder: DocumentBuilder, styles: Styles, package: BoundedZip, relations: dict[str, tuple[str, bool]]
    ) -> None:
        self._builder = builder
        self._styles = styles
        self._package = package
        self._relations = relations
        self.notes: list[tuple[str, str]] = []
        """Kind and id of each note in the order of their marks."""
        self._fields: list[_Field] = []
        self._style = Style()
        self._now = _State()

    def read(self, paragraph: Element, style: Style) -> DocxParagraph:
        before = self._now, self._style
        self._now, self._style = _State(), style
        for entry in self._fields:
            if entry.has_link:
                self._now.inline.open("link", _target(entry.instruction))
        self._children(paragraph)
        now, (self._now, self._style) = self._now, before
        total = sum(weight for weight, _, _ in now.weights)
        sizes: dict[float, int] = {}
        for weight, _, size in now.weights:
            sizes[size] = sizes.get(size, 0) + weight
        return DocxParagraph(
            inline=now.inline.take(),
            raw="".join(now.raw),
            is_bold=total > 0 and all(bold for _, bold, _ in now.weights),
            size=max(sizes, key=lambda size: sizes[size]) if sizes else 0.0,
            in_contents=now.in_contents,
            images=tuple(now.images),
            boxes=tuple(now.boxes),
        )

    def _children(self, element: Element) -> None:
        for child in element:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name == "r":
                self._run(child)
            elif name == "hyperlink":
                self._hyperlink(child)
            elif name in {"del", "moveFrom"}:
                self._builder.drop("deleted", _words(child))
            elif name == "fldSimple":
                self._simple_field(child)
            elif name in {"oMath", "oMathPara"}:
                self._add("".join(text.text or "" for text in child.iter("{*}t")), bold=False, size=0.0)
            elif name in {
                "ins",
                "moveTo",
                "smartTag",
                "sdt",
                "sdtContent",
                "customXml",
                "bdo",
                "dir",
                "ruby",
                "rubyBase",
            }:
                self._children(child)

    def _hyperlink(self, element: Element) -> None:
        target, outside = self._relations.get(element.get(f"{R}id") or "", ("", False))
        if target and outside:
            self._now.inline.open("link", target)
            self._children(element)
            self._now.inline.close()
        else:
            self._children(element)

    def _simple_field(self, element: Element) -> None:
        instruction = value(element, "instr")
        if _HOLLOW_FIELDS.match(instruction):
            self._builder.drop("field", _words(element))
        elif _target(instruction):
            self._now.inline.open("link", _target(instruction))
            self._children(element)
            self._now.inline.close()
        else:
            self._children(element)

    # --- runs -------------------------------------------------------------------------------------------------

    def _run(self, element: Element) -> None:
        said = element.find(f"{W}rPr")
        style = self._styles.get(value(said.find(f"{W}rStyle"))) if said is not None else Style()
        hidden = is_on(said, "vanish")
        if hidden if hidden is not None else (style.hidden or self._style.hidden):
            self._builder.drop("hidden", _words(element))
            return
        own_bold, own_italic = is_on(said, "b"), is_on(said, "i")
        bold = own_bold if own_bold is not None else bool(style.bold)
        italic = own_italic if own_italic is not None else bool(style.italic)
        marks: list[MarkKind] = []
        if bold:
            marks.append("bold")
        if italic:
            marks.append("italic")
        if _CODE_STYLE.fullmatch(style.name):
            marks = ["code"]
        if is_on(said, "strike") or is_on(said, "dstrike"):
            self._builder.drop("struck_out", _words(element))
            return
        size = value(said.find(f"{W}sz")) if said is not None else ""
        points = float(size) if size.isdigit() else float(style.size or self._style.size or self._styles.default_size)
        for mark in marks:
            self._now.inline.open(mark)
        looks_bold = own_bold if own_bold is not None else bool(style.bold or self._style.bold)
        depth = len(self._fields)
        for child in element:
            self._piece(child, bold=looks_bold, size=points)
        if depth == len(self._fields):
            for _ in marks:
                self._now.inline.close()
        else:  # a field began or ended within a run: its marks are no words' marks
            self._now.inline.close_kinds(marks)

    def _piece(self, child: Element, *, bold: bool, size: float) -> None:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "t":
            self._add(child.text or "", bold=bold, size=size)
        elif name in {"tab", "ptab"}:
            self._now.inline.add(" ")
            self._now.raw.append("\t")
        elif name in {"br", "cr"}:
            if value(child, "type") in {"", "textWrapping"}:
                self._now.inline.break_line()
                self._now.raw.append("\n")
        elif name == "noBreakHyphen":
            self._builder.added += 1
            self._add("\u2011", bold=bold, size=size)
        elif name in {"footnoteReference", "endnoteReference"}:
            self._note("fn" if name.startswith("foot") else "en", value(child, "id"))
        elif name == "fldChar":
            self._field(value(child, "fldCharType"))
        elif name == "instrText" and self._fields and not self._fields[-1].in_result:
            self._fields[-1].instruction += child.text or ""
        elif name == "delText":
            self._builder.drop("deleted", child.text or "")
        elif name in {"drawing", "pict", "object", "AlternateContent"}:
            self._drawing(child)
        elif name == "ruby":
            self._children(child)

    def _add(self, text: str, *, bold: bool, size: float) -> None:
        if self._fields and any(entry.in_result and _HOLLOW_FIELDS.match(entry.instruction) for entry in self._fields):
            self._builder.drop("field", text)
            return
        if any(_CONTENTS.match(entry.instruction) for entry in self._fields):
            self._now.in_contents = True
        self._now.inline.add(text)
        self._now.raw.append(text)
        weight = visible_characters(text)
        if weight:
            self._now.weights.append((weight, bold, size))

    def _note(self, kind: str, identity: str) -> None:
        if (kind, identity) not in self.notes:
            self.notes.append((kind, identity))
        mark = f"[{self.notes.index((kind, identity)) + 1}]"
        self._builder.added += len(mark)
        self._now.inline.add(mark)
        self._now.raw.append(mark)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
            target = _target(self._fields[-1].instruction)
            if target:
                self._fields[-1].has_link = True
                self._now.inline.open("link", target)
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if ended.has_link:
                self._now.inline.close_kinds(["link"])

    def _drawing(self, element: Element) -> None:
        """Pictures and text boxes; the fallback for old programs says the same once more."""
        choice = element.find("{*}Choice") if element.tag.endswith("AlternateContent") else None
        holder = choice if choice is not None else element
        boxes = list(holder.iter(f"{W}txbxContent"))
        self._now.boxes += boxes[:1] if len(boxes) == 1 else [box for box in boxes if not _inside_box(box, holder)]
        described = next(iter(holder.iter(f"{_WP}docPr")), None)
        alt = (described.get("descr") or "") if described is not None else ""
        references = [blip.get(f"{R}embed") for blip in holder.iter(f"{_A}blip")]
        references += [shape.get(f"{R}id") for shape in holder.iter(f"{_V}imagedata")]
        for reference in references:
            target, outside = self._relations.get(reference or "", ("", True))
            if target and not outside and target in self._package:
                data = self._package.read(target, MAX_IMAGE_BYTES)
                self._now.images.append((self._builder.asset(posixpath.basename(target), data), alt))


def _inside_box(box: Element, holder: Element) -> bool:
    for parent in box.iterancestors():
        if parent is holder:
            return False
        if parent.tag == f"{W}txbxContent":
            return True
    return False


def _target(instruction: str) -> str:
    """The address of a link field; a place within the document is none."""
    found = _LINK.search(instruction)
    return found[1] if found and "\\l" not in instruction else ""


def _words(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))
