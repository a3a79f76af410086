"""DOCX: headings by style and by look, lists, tables, notes, images; nothing hidden, deleted or commented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from import_content.document import Image, Mark, Table
from import_content.sources.bounded_zip import BoundedZip
from import_content.sources.document_builder import (
    DocumentBuilder,
    Inline,
    ListItem,
    join_lines,
    visible_characters,
)
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.look import Look, has_headings, promote_headings
from import_content.sources.readers.docx_parts import (
    Numbering,
    Style,
    Styles,
    W,
    numbering_of,
    properties,
    read_part,
    relations,
    value,
)
from import_content.sources.readers.docx_runs import DocxParagraph, DocxRuns
from import_content.sources.readers.html_blocks import refuse_nothing
from import_content.sources.readers.markup import Element
from import_content.sources.source import Source

MAIN = "word/document.xml"
_CODE = re.compile(r"(?:source|program)? ?(?:code|listing)|html preformatted|preformatted text|code block|plain text")
_QUOTE = re.compile(r"block text|(?:intense )?quote|quotations?|block ?quote|citation")
_CAPTION = re.compile(r"(?:image |table |figure )?caption|figure|illustration|table")
_BYLINE = re.compile(r"author|date|byline")
_TEXT = frozenset({f"{W}t", f"{W}delText", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(key: str, data: bytes) -> Source:
    package = BoundedZip(key, data)
    main = _main_part(key, package)
    root = read_part(key, package, main)
    body = root.find(f"{W}body") if root is not None else None
    if root is None or body is None:
        raise SourceError(key, SourceErrorCode.DAMAGED, detail="there is no text in it")
    builder = DocumentBuilder(key, "docx")
    folder = main.rpartition("/")[0]
    notes = {
        kind: read_part(key, package, f"{folder}/{name}.xml")
        for kind, name in (("fn", "footnotes"), ("en", "endnotes"))
    }
    said = sum(_said(part) for part in (body, *notes.values()) if part is not None)
    said += _drop_margins(key, package, folder, builder)
    core = properties(key, package)
    document = DocxBlocks(key, package, main, builder)
    document.walk(body)
    document.write_notes(notes)
    if not has_headings(builder):
        promote_headings(builder, document.looks)
    title = document.title
    if not title and core.title and not has_headings(builder):
        title = core.title
        said += visible_characters(title)
    if not title:
        refuse_nothing(key, builder)
    return builder.finish(data, said=said, title=title, fields=core.fields)


def _main_part(key: str, package: BoundedZip) -> str:
    for target, outside in relations(key, package, "").values():
        if not outside and target.endswith(".xml") and target.startswith("word/") and "document" in target:
            return target
    return MAIN


def _texts(element: Element) -> Iterator[str]:
    if element.tag == _FALLBACK:
        return
    if element.tag in _TEXT:
        yield element.text or ""
    for child in element:
        yield from _texts(child)


def _said(element: Element) -> int:
    return visible_characters("".join(_texts(element)))


def _drop_margins(key: str, package: BoundedZip, folder: str, builder: DocumentBuilder) -> int:
    """Headers, footers and comments are read to be dropped by name; gives their visible characters."""
    said = 0
    for info in package:
        found = re.fullmatch(rf"{re.escape(folder)}/(header|footer|comments)\d*\.xml", info.filename)
        part = read_part(key, package, info.filename) if found else None
        if found and part is not None:
            said += _said(part)
            builder.drop(found[1].removesuffix("s"), " ".join(_texts(part)))
    return said


class DocxBlocks:
    """Paragraphs and tables in order, as blocks."""

    def __init__(self, key: str, package: BoundedZip, main: str, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._styles = Styles(read_part(key, package, "word/styles.xml"))
        self._numbering = Numbering(read_part(key, package, "word/numbering.xml"))
        self._runs = DocxRuns(builder, self._styles, package, relations(key, package, main))
        self.looks: dict[int, Look] = {}
        self.title = ""
        self._items: list[ListItem] = []
        self._list_id = ""
        self._code: list[str] = []
        self._quote: list[Inline] = []
        self._caption = Inline()
        self._terms: list[Inline] = []

    def walk(self, body: Element) -> None:
        self._children(body)
        self._flush()

    def _children(self, element: Element) -> None:
        for child in element:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name == "sdt":
                self._content_control(child)
            elif name in {"ins", "moveTo", "customXml", "smartTag", "sdtContent"}:
                self._children(child)
            elif name in {"del", "moveFrom"}:
                self._builder.drop("deleted", " ".join(_texts(child)))

    def _content_control(self, element: Element) -> None:
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        content = element.find(f"{W}sdtContent")
        if content is None:
            return
        if "table of contents" in value(gallery).lower():
            self._builder.drop("table_of_contents", " ".join(_texts(content)))
        else:
            self._children(content)

    # --- paragraphs -------------------------------------------------------------------------------------------

    def _paragraph(self, element: Element) -> None:
        said = element.find(f"{W}pPr")
        style = self._styles.get(_style_id(said) or self._styles.default_id)
        paragraph = self._runs.read(element, style)
        if style.name.startswith("toc ") or style.name == "toc heading" or paragraph.in_contents:
            self._builder.drop("table_of_contents", paragraph.inline.text)
            return
        numbering = numbering_of(said) or style.numbering
        self._place(paragraph, style, numbering, _outline(said, style))
        for box in paragraph.boxes:
            self._flush()
            self._children(box)
            self._flush()

    def _place(
        self, paragraph: DocxParagraph, style: Style, numbering: tuple[str, int] | None, outline: int | None
    ) -> None:
        inline = paragraph.inline
        form, label = self._numbering.form(*numbering) if numbering else ("none", "")
        if inline and style.name == "title" and not self.title and not self._builder.blocks:
            self.title = " ".join(inline.text.split())
        elif inline and outline is not None:
            self._flush()
            self._builder.heading(inline, outline + 1)
        elif inline and numbering and form != "none":
            self._list_item(inline, _by_style(numbering, style), form, label)
        elif _CODE.fullmatch(style.name):
            self._flush(keep="code")
            self._code.append(paragraph.raw)
        elif inline and _QUOTE.fullmatch(style.name):
            self._flush(keep="quote")
            self._quote.append(inline)
        elif inline and style.name.startswith("definition"):
            self._definition(inline, is_term="term" in style.name)
        elif inline and _CAPTION.fullmatch(style.name) and not paragraph.images:
            self._take_caption(inline)
        elif inline and _BYLINE.fullmatch(style.name):
            self._builder.drop("byline", inline.text)
        elif inline or paragraph.images:
            self._flush()
            self._write(inline, paragraph)
        for target, alt in paragraph.images:
            self._flush()
            self._builder.image(target, alt)

    def _write(self, inline: Inline, paragraph: DocxParagraph) -> None:
        if inline:
            self.looks[len(self._builder.blocks)] = Look(paragraph.is_bold, paragraph.size)
            self._builder.paragraph(inline)

    def _list_item(self, inline: Inline, numbering: tuple[str, int], form: str, label: str) -> None:
        list_id, depth = numbering
        if not label.strip() and form == "bullet" and self._items:  # goes on with the item above
            last = self._items[-1]
            self._items[-1] = replace(last, inline=join_lines([last.inline, inline]))
            return
        self._flush(keep="list")
        if depth == 0 and self._items and list_id != self._list_id:
            self._flush()
        if depth == 0 or not self._items:
            self._list_id = list_id
        self._items.append(ListItem(inline, depth, form != "bullet"))

    def _definition(self, inline: Inline, *, is_term: bool) -> None:
        self._flush(keep="terms")
        if is_term:
            self._flush()
            inline = Inline(inline.text, (Mark(0, len(inline.text), "bold"), *inline.marks))
        self._terms.append(inline)

    def _take_caption(self, inline: Inline) -> None:
        self._flush()
        last = self._builder.blocks[-1] if self._builder.blocks else None
        words = " ".join(inline.text.split())
        if isinstance(last, Image) and not last.text:
            self._builder.blocks[-1] = replace(last, text=words)
        elif isinstance(last, Table) and not last.caption and not self._caption:
            self._builder.blocks[-1] = replace(last, caption=words)
        else:
            self._caption = inline

    def _flush(self, keep: str = "") -> None:
        """Write what was gathered and is now complete."""
        if keep != "list" and self._items:
            items, self._items = self._items, []
            self._builder.list(items)
        if keep != "code" and self._code:
            lines, self._code = self._code, []
            self._builder.code("\n".join(lines))
        if keep != "quote" and self._quote:
            quoted, self._quote = self._quote, []
            self._builder.quote(join_lines(quoted).text)
        if keep != "terms" and self._terms:
            terms, self._terms = self._terms, []
            self._builder.paragraph(join_lines(terms))
        if keep != "caption" and self._caption:
            caption, self._caption = self._caption, Inline()
            self._builder.paragraph(caption)

    # --- tables -----------------------------------------------------------------------------------------------

    def _table(self, element: Element) -> None:
        self._flush(keep="caption")
        caption, self._caption = self._caption, Inline()
        rows = list(_descend(element, "tr"))
        cells = [list(_descend(row, "tc")) for row in rows]
        if len(rows) == 1 and len(cells[0]) == 1:  # a frame around text
            self._builder.paragraph(caption)
            self._children(cells[0][0])
            self._flush()
            return
        grid: list[list[str]] = []
        written = 0
        for row in cells:
            line: list[str] = []
            for cell in row:
                said = cell.find(f"{W}tcPr")
                merge = said.find(f"{W}vMerge") if said is not None else None
                span = value(said.find(f"{W}gridSpan")) if said is not None else ""
                words = self._cell(cell)
                written += visible_characters(words)
                above = (
                    grid[-1][len(line)]
                    if merge is not None and value(merge) != "restart" and grid and len(grid[-1]) > len(line)
                    else ""
                )
                count = int(span) if span.isdigit() and len(span) < 4 else 1
                line += [words or above] * max(1, count)
            self._builder.check_table(sum(map(len, grid)) + len(line), len(line))
            grid.append(line)
        self._builder.added += sum(visible_characters(cell) for line in grid for cell in line) - written
        header = rows[0].find(f"{W}trPr/{W}tblHeader") if rows else None
        has_header = None if header is None else value(header).lower() not in {"0", "false"}
        self._builder.table(grid, has_header=has_header, caption=" ".join(caption.text.split()))
        self._flush()

    def _cell(self, cell: Element) -> str:
        """The words of a cell, a paragraph a line; those of a table within it too."""
        lines: list[str] = []
        for paragraph in _paragraphs(cell):
            said = paragraph.find(f"{W}pPr")
            found = self._runs.read(paragraph, self._styles.get(_style_id(said) or self._styles.default_id))
            if found.inline:
                lines.append(found.inline.text)
            lines += filter(None, map(self._cell, found.boxes))
        return "\n".join(lines)

    # --- notes ------------------------------------------------------------------------------------------------

    def write_notes(self, parts: dict[str, Element | None]) -> None:
        """Notes in the order of their marks, at the end; those without a mark are dropped."""
        texts: dict[tuple[str, str], Element] = {}
        for kind, part in parts.items():
            for note in part if part is not None else ():
                texts[kind, value(note, "id")] = note
        for number, mark in enumerate(self._runs.notes, start=1):
            if mark not in texts:
                continue
            note = texts.pop(mark)
            pieces = [self._runs.read(paragraph, Style()).inline for paragraph in note.iter(f"{W}p")]
            self._builder.added += len(f"[{number}]")
            self._builder.paragraph(
                join_lines([Inline(f"[{number}]"), join_lines([piece for piece in pieces if piece])], " ")
            )
        for left in texts.values():
            self._builder.drop("note_without_mark", " ".join(_texts(left)))


def _by_style(numbering: tuple[str, int], style: Style) -> tuple[str, int]:
    """The list and depth of an item: the built-in styles “List Bullet 2” have their depth in the name alone."""
    found = re.fullmatch(r"list (?:bullet|number|continue) ?([2-9])", style.name)
    return (numbering[0], int(found[1]) - 1) if found and numbering[1] == 0 else numbering


def _style_id(properties: Element | None) -> str:
    return value(properties.find(f"{W}pStyle")) if properties is not None else ""


def _outline(properties: Element | None, style: Style) -> int | None:
    said = value(properties.find(f"{W}outlineLvl")) if properties is not None else ""
    if said.isdigit():
        return int(said) if int(said) < 9 else None
    return style.outline


def _paragraphs(element: Element) -> Iterator[Element]:
    """Paragraphs within, those of tables within too; text boxes come with the paragraph that they are anchored in."""
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if name == "p":
            yield child
        elif name in {"sdt", "sdtContent", "ins", "customXml", "tbl", "tr", "tc"}:
            yield from _paragraphs(child)


def _descend(element: Element, name: str) -> Iterator[Element]:
    """Rows or cells of a table, also those in content controls and insertions, but not those of a table within."""
    for child in element:
        found = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if found == name:
            yield child
        elif found in {"sdt", "sdtContent", "ins", "customXml"}:
            yield from _descend(child, name)
