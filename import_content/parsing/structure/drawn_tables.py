"""Tables drawn with characters: pipes, grids, aligned columns, semicolons.  Their rows become lines with tabs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from import_content.document import Span
from import_content.parsing.structure.layout import MARKER, is_rule
from import_content.parsing.structure.lines import FILLER, Line

Cells = list[tuple[int, int]]
"""Offsets of the cells of one row in the source."""

PIPES = "|│║┃"
_GRID_RULE = re.compile(r"(?=.*[-=─━═+┼╬])[|+:\-=\s─━═│║┃┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝]{3,}\Z")
_RULER = re.compile(r"[-=─]{2,}(?:\s{1,12}[-=─]{2,})+\Z")
_COLUMN = re.compile(r"\S+(?: \S+)*")
MAX_CELL_WORDS = 14
"""More words on average than these are prose between signs."""
MIN_SEMICOLON_ROWS = 3
MAX_EDGE_OFFSET = 1
"""Columns by which the cells of one column may be out of line."""


def find_drawn_tables(text: str, lines: list[Line]) -> tuple[list[Line], list[tuple[str, Span]]]:
    """Turn the rows of drawn tables into lines with tabs; return the lines and what was drawn around the cells.

    `text` is the decoded source.  A line is part of at most one table; linear in the number of lines.
    """
    if "  " not in text and text.count(";") < MIN_SEMICOLON_ROWS and not any(sign in text for sign in PIPES + "+"):
        return lines, []
    kept: list[Line] = []
    discards: list[tuple[str, Span]] = []
    position = 0
    while position < len(lines):
        end = _table(text, lines, position, kept, discards)
        if end == position:
            kept.append(lines[position])
            end += 1
        position = end
    return kept, discards


def _table(text: str, lines: list[Line], start: int, kept: list[Line], discards: list[tuple[str, Span]]) -> int:
    """Convert the table that begins at `start`; return where what was looked at ends, `start` where nothing was."""
    line = lines[start]
    if line.sign_level or "\t" in line.text:
        return start
    shown = line.text
    if "|" in shown or "│" in shown or "║" in shown or "┃" in shown or _is_grid_rule(line.text):
        return _convert(text, lines, start, kept, discards, _pipe_cells, _agrees)
    if _has_columns(text, line):
        ruler = _ruler(text, lines[start + 1]) if start + 1 < len(lines) else []
        cut = partial(_ruled_cells, ruler) if ruler else _aligned_cells
        return _convert(text, lines, start, kept, discards, cut, _agrees if ruler else _is_aligned)
    if line.text.count(";") >= 2:
        return _convert(text, lines, start, kept, discards, _semicolon_cells, _agrees)
    return start


def _convert(
    text: str,
    lines: list[Line],
    start: int,
    kept: list[Line],
    discards: list[tuple[str, Span]],
    cut: Callable[[str, Line], Cells],
    fits: Callable[[str, list[Line], list[Cells]], bool],
) -> int:
    end = start
    rows: list[tuple[Line, Cells]] = []
    rules: list[Line] = []
    while end < len(lines) and (end == start or not lines[end].gap) and not lines[end].sign_level:
        line = lines[end]
        if _is_grid_rule(line.text) or (rows and is_rule(line.text)):
            rules.append(line)
        else:
            cells = cut(text, line)
            if len(cells) < 2:
                break
            rows.append((line, cells))
        end += 1
    if not rows or not fits(text, [line for line, _ in rows], [cells for _, cells in rows]):
        kept.extend(lines[start:end])
        return end
    discards.extend(("rule", Span(rule.start, rule.end)) for rule in rules)
    gap = lines[start].gap
    for line, cells in rows:
        discards.extend(_drawn(text, line, cells))
        line.text = "\t".join(_show(text, start, end) for start, end in cells)
        line.spans = tuple(Span(start, end) for start, end in cells if start < end)
        line.gap, gap = gap, False
        line.start, line.end = line.spans[0].start, line.spans[-1].end
        kept.append(line)
    return end


def _drawn(text: str, line: Line, cells: Cells) -> list[tuple[str, Span]]:
    """Find the signs between and around the cells."""
    found: list[tuple[str, Span]] = []
    position = line.start
    for start, end in [*cells, (line.end, line.end)]:
        between = text[position:start]
        visible = between.strip().strip(FILLER).strip()
        if visible:
            at = position + between.index(visible)
            found.append(("separator", Span(at, at + len(visible))))
        position = end
    return found


def _show(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].replace(FILLER, "").split())


def _is_grid_rule(text: str) -> bool:
    return len(text) > 2 and text[0] in "|+┌├└╔╠╚:" and _GRID_RULE.match(text) is not None


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] == FILLER):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == FILLER):
        end -= 1
    return start, end


def _cut_at(text: str, line: Line, signs: str) -> Cells:
    cells: Cells = []
    last = line.start
    for position in range(line.start, line.end):
        if text[position] in signs:
            cells.append(_trim(text, last, position))
            last = position + 1
    cells.append(_trim(text, last, line.end))
    return cells


def _pipe_cells(text: str, line: Line) -> Cells:
    cells = _cut_at(text, line, PIPES)
    if len(cells) > 2 and line.text[0] in PIPES:
        cells = cells[1:]
    if len(cells) > 2 and line.text[-1] in PIPES:
        cells = cells[:-1]
    return cells if any(start < end for start, end in cells) else []


def _semicolon_cells(text: str, line: Line) -> Cells:
    return [] if line.text[-1] in ".:" else _cut_at(text, line, ";")


def _has_columns(text: str, line: Line) -> bool:
    at = text.find("  ", line.start, line.end)
    return at >= 0 and MARKER.match(line.text) is None


def _aligned_cells(text: str, line: Line) -> Cells:
    return [match.span() for match in _COLUMN.finditer(text, line.start, line.end)]


def _ruler(text: str, line: Line) -> list[int]:
    """Return the columns where the pieces of a broken rule end; empty for any other line."""
    piece = text[line.start : line.end]
    if line.gap or line.indent or FILLER in piece or _RULER.match(piece) is None:
        return []
    return [match.end() for match in re.finditer(r"\S+", piece)]


def _ruled_cells(ruler: list[int], text: str, line: Line) -> Cells:
    """Cut a row below (or above) a rule where the pieces of the rule end."""
    if line.indent or FILLER in text[line.start : line.end]:
        return []
    cells: Cells = []
    last = line.start
    for column in ruler[:-1]:
        end = min(line.start + column, line.end)
        while last < end < line.end and not (text[end].isspace() or text[end - 1].isspace()):
            end += 1
        cells.append(_trim(text, last, end))
        last = end
    cells.append(_trim(text, last, line.end))
    return cells


def _agrees(text: str, lines: list[Line], rows: list[Cells]) -> bool:
    """Check that rows have as many cells, all short."""
    count = len(rows[0])
    if any(len(cells) != count for cells in rows) or not _are_short(text, rows):
        return False
    if lines[0].text[0] in PIPES:
        return len(rows) >= 2
    needed = MIN_SEMICOLON_ROWS if ";" in lines[0].text else 2
    return len(rows) >= needed and (count > 2 or len(rows) > 2)


def _is_aligned(text: str, lines: list[Line], rows: list[Cells]) -> bool:
    """Check that the cells of each column begin, or end, in one line under another."""
    count = len(rows[0])
    if len(rows) < 2 or any(len(cells) != count for cells in rows) or not _are_short(text, rows):
        return False
    if count == 2 and len(rows) < 3:
        return False
    lefts = [[start - line.start + line.indent for start, _ in cells] for line, cells in zip(lines, rows, strict=True)]
    rights = [[end - line.start + line.indent for _, end in cells] for line, cells in zip(lines, rows, strict=True)]
    for column in range(1, count):
        left, right = [row[column] for row in lefts], [row[column] for row in rights]
        if min(max(left) - min(left), max(right) - min(right)) > MAX_EDGE_OFFSET:
            return False
    return True


def _are_short(text: str, rows: list[Cells]) -> bool:
    cells = [cell for row in rows for cell in row]
    return sum(text.count(" ", *cell) + 1 for cell in cells) <= MAX_CELL_WORDS * len(cells)
