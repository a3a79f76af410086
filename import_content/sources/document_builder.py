"""Documents built piece by piece, each piece of text with its place, so that all of them can be accounted for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from import_content.document import (
    NO_FIELDS,
    Asset,
    Block,
    Code,
    Document,
    Heading,
    Image,
    ItemForm,
    List,
    Mark,
    MarkKind,
    Origin,
    Paragraph,
    Quote,
    SourceFields,
    Span,
    Table,
    Title,
)
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.source import Dropped, Source

MAX_BLOCKS = 20_000
MAX_LIST_DEPTH = 8
MAX_TABLE_COLUMNS = 200
MAX_TABLE_CELLS = 100_000

_NEVER_SHOWN = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), 127, 0xAD, 0x200B, 0x2060, 0xFEFF, *range(0xD800, 0xE000)]
)
_SPACES = re.compile(r"[^\S\n\xa0\u202f]+")
_AROUND_BREAK = re.compile(r" *\n *")


def clean(text: str) -> str:
    """Text without characters that nobody sees and that no database should hold."""
    return text.translate(_NEVER_SHOWN) if not text.isascii() or not text.isprintable() else text


def visible_characters(text: str) -> int:
    return len("".join(clean(text).split()))


@dataclass(frozen=True, slots=True)
class Inline:
    """Running text and its marks."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text)


class InlineBuilder:
    """Collects running text: white space in a row becomes one space, marks keep to the words they stand on."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""
        """White space that is written once a word follows."""
        self._open: list[tuple[MarkKind, str, int]] = []
        self._marks: list[Mark] = []

    def add(self, text: str) -> None:
        text = _SPACES.sub(" ", clean(text).replace("\n", " "))
        words = text.strip(" ")
        if not words:
            self._gap = self._gap or text[:1]
            return
        if text[0] == " ":
            self._gap = self._gap or " "
        self._write(words)
        if text[-1] == " ":
            self._gap = " "

    def break_line(self) -> None:
        """Also across an earlier gap: the break wins, and a second one is the same break."""
        self._gap = "\n"

    def _write(self, words: str) -> None:
        if self._gap and self._length:
            self._parts.append(self._gap)
            self._length += 1
            self._open = [
                (kind, target, self._length if start == self._length - 1 else start)
                for kind, target, start in self._open
            ]
        self._gap = ""
        self._parts.append(words)
        self._length += len(words)

    def open(self, kind: MarkKind, target: str = "") -> None:
        self._open.append((kind, target, self._length))

    def close(self) -> None:
        """The mark that was opened last."""
        kind, target, start = self._open.pop()
        if start < self._length:
            self._marks.append(Mark(start, self._length, kind, target))

    def close_kinds(self, kinds: Sequence[MarkKind]) -> None:
        """The marks of these kinds that were opened last, wherever they stand among the open ones."""
        for kind in kinds:
            for place in range(len(self._open) - 1, -1, -1):
                if self._open[place][0] == kind:
                    self._open.append(self._open.pop(place))
                    self.close()
                    break

    def take(self) -> Inline:
        """What was collected; the builder begins anew, with the same marks open."""
        still_open = [(kind, target) for kind, target, _ in self._open]
        while self._open:
            self.close()
        taken = Inline("".join(self._parts), _joined(self._marks))
        self.__init__()  # type: ignore[misc]  # every field begins anew
        for kind, target in still_open:
            self.open(kind, target)
        return taken


def _joined(marks: list[Mark]) -> tuple[Mark, ...]:
    """Marks in order; those of one kind that touch are one, those within another of their kind are gone."""
    joined: dict[tuple[str, str], list[Mark]] = {}
    for mark in sorted(marks):
        row = joined.setdefault((mark.kind, mark.target), [])
        if row and mark.start <= row[-1].end:
            row[-1] = replace(row[-1], end=max(row[-1].end, mark.end))
        else:
            row.append(mark)
    return tuple(sorted(mark for row in joined.values() for mark in row))


def join_lines(pieces: Sequence[Inline], separator: str = "\n") -> Inline:
    """Several pieces of running text as one."""
    text, marks = "", []
    for piece in pieces:
        start = len(text) + len(separator) if text else 0
        text = f"{text}{separator}{piece.text}" if text else piece.text
        marks += [replace(mark, start=mark.start + start, end=mark.end + start) for mark in piece.marks]
    return Inline(text, tuple(marks))


@dataclass(frozen=True, slots=True)
class ListItem:
    """An item of a list, also of one within another."""

    inline: Inline
    depth: int
    ordered: bool


class DocumentBuilder:
    """Collects blocks in the order of the source, then makes a `Source` with its document of them."""

    def __init__(self, key: str, rule: str) -> None:
        """`rule`: the name of the format, which every block says it comes from."""
        self._key = key
        self._origin = Origin((), rule, 1.0)
        self.blocks: list[Block] = []
        self.dropped: list[Dropped] = []
        self.assets: dict[str, Asset] = {}
        self.added = 0
        """Visible characters that were written and that the file does not say, such as the brackets of a note."""

    def _add(self, block: Block) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            detail = f"more than {MAX_BLOCKS:,} paragraphs, headings and tables"
            raise SourceError(self._key, SourceErrorCode.TOO_COMPLEX, detail=detail)
        self.blocks.append(block)

    def drop(self, kind: str, text: str) -> None:
        """Words of the file that are not for readers of the article."""
        text = " ".join(clean(text).split())
        if text:
            self.dropped.append(Dropped(kind, text))

    def heading(self, inline: Inline, level: int) -> None:
        if inline:
            self._add(Heading(inline.text.replace("\n", " "), level, self._origin))

    def replace_heading(self, number: int, block: Paragraph, level: int, confidence: float) -> None:
        """Make a heading of a paragraph that looks like one."""
        origin = replace(self._origin, rule=f"{self._origin.rule}_look", confidence=confidence)
        self.blocks[number] = Heading(block.text, level, origin)

    def paragraph(self, inline: Inline) -> None:
        if inline:
            self._add(Paragraph(inline.text, self._origin, inline.marks))

    def list(self, items: Sequence[ListItem]) -> None:
        items = [item for item in items if item.inline]
        if not items:
            return
        forms = tuple(ItemForm(min(item.depth, MAX_LIST_DEPTH), item.ordered, item.inline.marks) for item in items)
        plain = all(form == ItemForm(ordered=items[0].ordered) for form in forms)
        texts = tuple(item.inline.text for item in items)
        self._add(List(texts, items[0].ordered, self._origin, (), () if plain else forms))

    def table(self, rows: Sequence[Sequence[str]], *, has_header: bool | None = None, caption: str = "") -> None:
        filled = [tuple(map(clean, row)) for row in rows if any(cell.strip() for cell in row)]
        if not filled:
            self.paragraph(Inline(caption))
            return
        width = max(map(len, filled))
        self.check_table(width * len(filled), width)
        self._add(Table(tuple(filled), self._origin, has_header, clean(caption)))

    def check_table(self, cells: int, columns: int) -> None:
        """Raises `SourceError` for a table too large for an article."""
        if columns > MAX_TABLE_COLUMNS or cells > MAX_TABLE_CELLS:
            detail = f"a table of {cells:,} cells in {columns:,} columns"
            raise SourceError(self._key, SourceErrorCode.TOO_COMPLEX, detail=detail)

    def quote(self, text: str) -> None:
        if text:
            self._add(Quote(text, self._origin))

    def code(self, text: str, language: str = "") -> None:
        text = clean(text.replace("\r\n", "\n").expandtabs(4)).strip("\n")
        if text.strip():
            known = language if re.fullmatch(r"[\w+#.-]{1,40}", language) else ""
            self._add(Code(text, self._origin, known))

    def image(self, target: str, alt: str, caption: str = "") -> None:
        self._add(Image(target, " ".join(clean(alt).split()), clean(caption), self._origin))

    def asset(self, name: str, data: bytes) -> str:
        """Take an image in; gives its SHA-256, which an image block names."""
        digest = hashlib.sha256(data).hexdigest()
        self.assets.setdefault(digest, Asset(digest, name, data))
        return digest

    def finish(
        self,
        data: bytes,
        *,
        said: int,
        title: str = "",
        fields: SourceFields = NO_FIELDS,
        encoding: str = "utf-8",
        bom: bool = False,
        encoding_confidence: float = 1.0,
    ) -> Source:
        """The source of what was collected.

        `title`: what the file says apart from its text; without one, the first heading may be it.  `said`: visible
        characters of all that the file says, counted by other means, the title included.  Raises `SourceError` for
        a source without any text.
        """
        found, blocks = self._titled(" ".join(clean(title).split()))
        if not found and not blocks:
            raise SourceError(self._key, SourceErrorCode.BLANK)
        writer = _Writer()
        written_title = Title(found, writer.origin(self._origin, found)) if found else None
        written = tuple(map(writer.write, _levelled(blocks)))
        assets = tuple(self.assets.values())
        return Source(
            key=self._key,
            text=writer.text,
            encoding=encoding,
            bom=bom,
            newline="lf" if "\n" in writer.text else "none",
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            encoding_confidence=encoding_confidence,
            document=Document(written_title, written, fields, assets),
            dropped=tuple(self.dropped),
            said=said + self.added,
        )

    def _titled(self, title: str) -> tuple[str, Sequence[Block]]:
        """The title, and the blocks without it."""
        headings = [(number, block) for number, block in enumerate(self.blocks) if isinstance(block, Heading)]
        if title:
            for number, block in headings[:1]:
                if _folded(block.text) == _folded(title):
                    self.drop("repeated_title", block.text)
                    return title, [*self.blocks[:number], *self.blocks[number + 1 :]]
            return title, self.blocks
        if not headings:
            return "", self.blocks
        number, first = headings[0]
        is_above_all = all(first.level < other.level for _, other in headings[1:])
        opens = not any(isinstance(block, Paragraph | List | Table) for block in self.blocks[:number])
        if (is_above_all and (first.level == 1 or opens)) or (opens and first.level == 1):
            return first.text, [*self.blocks[:number], *self.blocks[number + 1 :]]
        return "", self.blocks


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _levelled(blocks: Sequence[Block]) -> Sequence[Block]:
    """Headings counted from 2, the article's own sections, whatever the source begins with."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    if not levels:
        return blocks
    shift = 2 - min(levels)
    return [replace(block, level=block.level + shift) if isinstance(block, Heading) else block for block in blocks]


class _Writer:
    """Writes the texts of blocks one after the other and puts their places into them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def _span(self, text: str) -> Span:
        start = self._length
        self._parts += (text, "\n")
        self._length += len(text) + 1
        return Span(start, start + len(text))

    def origin(self, origin: Origin, *texts: str) -> Origin:
        return replace(origin, spans=tuple(self._span(text) for text in texts))

    def write(self, block: Block) -> Block:
        if isinstance(block, List):
            origin = self.origin(block.origin, *block.items)
            return replace(block, origin=origin, item_spans=origin.spans)
        if isinstance(block, Table):
            caption = [block.caption] if block.caption else []
            rows = ["\t".join(row) for row in block.rows]
            return replace(block, origin=self.origin(block.origin, *caption, *rows))
        if isinstance(block, Image):
            return replace(block, origin=self.origin(block.origin, *([block.text] if block.text else [])))
        if isinstance(block, Paragraph | Heading | Quote | Code):
            return replace(block, origin=self.origin(block.origin, block.text))
        raise TypeError(f"no reader makes a block of the kind {block.type}")
