"""Physical lines of a text, cleaned of what nobody sees, each with its offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from import_content.document import Span
from import_content.parsing.structure.repairs import Repair
from pages.names import ZERO_WIDTH

_JOINERS = "\u200c\u200d"
# Control characters that are not white space: nobody sees them, and databases refuse some of them.
CONTROLS = "".join(chr(code) for code in (*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0xA0)) if code != 0x85)

_ANY_INVISIBLE = re.compile(f"[{re.escape(ZERO_WIDTH + CONTROLS)}]")
_INVISIBLE = re.compile(f"[{re.escape(ZERO_WIDTH)}]+|[{re.escape(CONTROLS)}]+")


@dataclass(slots=True)
class Line:
    """A line that shows something.  Offsets are into the decoded source."""

    start: int
    """Offset of the first visible character."""
    end: int
    """Offset after the last visible character."""
    text: str
    """Invisible characters removed; white space runs are single spaces, except that tabs stay."""
    indent: int
    """Columns of white space before the text, a tab counting to the next multiple of four."""
    gap: bool
    """Whether blank lines stand before it."""
    page_start: bool = False
    """Whether a form feed stands before it."""
    marker: str = ""
    """A list marker that stood on a line of its own."""
    marker_span: Span | None = None
    spans: tuple[Span, ...] = ()
    """Where its text stands, if in several pieces: the cells of a row."""
    sign_level: int = 0
    """1 and more: signs that were taken off marked it as a heading."""


class Invisible(NamedTuple):
    """A run of characters that no block gets: where it is and what it is called."""

    start: int
    end: int
    kind: str


def find_invisible(text: str) -> list[Invisible]:
    """Find zero-width and control characters, except a joiner that shapes a word of another script or an emoji."""
    if _ANY_INVISIBLE.search(text) is None:  # one class is far quicker to search for than an alternation
        return []
    found = []
    for match in _INVISIBLE.finditer(text):
        start, end = match.span()
        char = text[start]
        if char in _JOINERS and end == start + 1 and _joins(text, start):
            continue
        found.append(Invisible(start, end, "zero_width" if char in ZERO_WIDTH else "control"))
    return found


def _joins(text: str, position: int) -> bool:
    """Recognise a joiner between characters beyond Latin, Greek and Cyrillic, where it carries meaning."""
    if position == 0 or position + 1 >= len(text):
        return False
    before, after = text[position - 1], text[position + 1]
    return min(ord(before), ord(after)) >= 0x0590 and not before.isspace() and not after.isspace()


def blank_out(text: str, invisible: list[Invisible], repairs: list[Repair]) -> str:
    """Replace invisible and repaired characters by what they show and `FILLER`: offsets stay, one test finds them."""
    if not invisible and not repairs:
        return text
    pieces, last = [], 0
    for start, end, _, shown in sorted([*((*one, "") for one in invisible), *repairs]):
        pieces.append(text[last:start])
        pieces.append(shown)
        pieces.append(FILLER * (end - start - len(shown)))
        last = end
    pieces.append(text[last:])
    return "".join(pieces)


FILLER = "\u200b"


MAX_LINES = 20_000
"""No article has so many.  What comes after is kept as one paragraph, unread."""


def split_lines(text: str) -> tuple[list[Line], int]:
    """Split a text into the lines that show something, and the offset where reading stopped (`MAX_LINES`).

    `text` has its invisible characters replaced by `FILLER`.
    """
    lines: list[Line] = []
    position = 0
    gap = page_start = False
    filled = FILLER in text
    for piece in text.splitlines(keepends=True):
        clean = piece.replace(FILLER, "") if filled else piece
        body = clean.strip()
        if not body:
            gap = True
            page_start = page_start or "\x0c" in piece
            position += len(piece)
            continue
        if filled:
            start = position + _lead(piece)
            end = position + len(piece) - _lead(piece[::-1])
        else:
            start = position + len(piece) - len(piece.lstrip())
            end = start + len(body)
        if len(lines) == MAX_LINES:
            return lines, start
        lines.append(Line(start, end, _collapse(body), _indent(clean), gap, page_start))
        gap, page_start = False, piece[-1] == "\x0c"
        position += len(piece)
    return lines, len(text)


def visible_offset(text: str, start: int, end: int, count: int, *, following: bool = False) -> int:
    """Find the offset after `count` visible characters of ``text[start:end]``, or that of the one that comes next."""
    target = count + following
    if target == 0:
        return start
    for position in range(start, end):
        char = text[position]
        if char == FILLER or char.isspace():
            continue
        target -= 1
        if target == 0:
            return position + (not following)
    return end


def _lead(piece: str) -> int:
    """Count the invisible or white characters that come first."""
    rest = piece.lstrip()
    while rest[:1] == FILLER:
        rest = rest.lstrip(FILLER).lstrip()
    return len(piece) - len(rest)


def _collapse(body: str) -> str:
    if "\t" not in body:
        return " ".join(body.split())
    cells = [" ".join(cell.split()) for cell in body.split("\t")]
    return "\t".join(cells)


def _indent(piece: str) -> int:
    if not piece[0].isspace():
        return 0
    columns = 0
    for char in piece:
        if char == "\t":
            columns += 4 - columns % 4
        elif char.isspace():
            columns += 1
        else:
            break
    return columns
