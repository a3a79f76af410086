"""List markers on lines of their own, as some converters print them: put back before their items."""

from __future__ import annotations

import re
from itertools import pairwise

from import_content.document import Span
from import_content.parsing.structure.layout import MARKER, is_rule
from import_content.parsing.structure.lines import Line

BULLET_ALONE = re.compile(r"[•·▪▫◦‣●○■□➢➤►▶✓✔✗§\uf0b7\uf0a7\uf0fc\uf0d8]\Z")
NUMBER_ALONE = re.compile(r"\(?(?P<number>\d{1,3})[.)]\Z")
MAX_MARKERS_IN_A_ROW = 200


def attach_markers(lines: list[Line]) -> list[Line]:
    """Give lines the marker that stands alone above them, or the first of several that do."""
    for before, line in pairwise(lines):
        if line.text[:2] == "o " and len(line.text) > 2 and not line.gap and _precedes_letter_bullet(before):
            _take_letter_bullet(line)
    if not any(len(line.text) <= 5 and _is_marker(line.text) for line in lines):
        return lines
    kept: list[Line] = []
    position = 0
    while position < len(lines):
        end = position
        while end < len(lines) and end - position < MAX_MARKERS_IN_A_ROW and _is_marker(lines[end].text):
            end += 1
        items = _items(lines, end, end - position) if end > position else []
        if not items or not all(_may_be_item(lines[number]) for number in items):
            kept.extend(lines[position : max(end, position + 1)])
            position = max(end, position + 1)
            continue
        for marker, number in zip(lines[position:end], items, strict=True):
            item = lines[number]
            item.marker, item.marker_span = marker.text, Span(marker.start, marker.end)
        lines[items[0]].gap = lines[position].gap
        position = end
    return kept


def _precedes_letter_bullet(before: Line) -> bool:
    return before.text[0] in "•\uf0b7" or before.marker == "o"


def _take_letter_bullet(line: Line) -> None:
    """Take an "o" below a bullet for a bullet of the next level."""
    line.marker, line.marker_span = "o", Span(line.start, line.start + 1)
    line.text = line.text[2:]
    line.start += 2


def _is_marker(text: str) -> bool:
    return BULLET_ALONE.match(text) is not None or NUMBER_ALONE.match(text) is not None


def _may_be_item(line: Line) -> bool:
    return not (line.sign_level or MARKER.match(line.text) or is_rule(line.text) or "\t" in line.text)


def _items(lines: list[Line], start: int, count: int) -> list[int]:
    """Find the lines that `count` markers belong to: one each in a block, or one at the head of each block."""
    if start >= len(lines):
        return []
    end = start + 1
    while end < len(lines) and not lines[end].gap and not _is_marker(lines[end].text):
        end += 1
    if count == 1:
        return [start]
    if end - start == count:
        return list(range(start, end))
    heads = [
        number for number in range(start, end) if number == start or _begins_item(lines[number - 1], lines[number])
    ]
    if len(heads) == count:
        return heads
    heads, number = [], start
    while number < len(lines) and len(heads) < count and not _is_marker(lines[number].text):
        if number == start or lines[number].gap:
            heads.append(number)
        number += 1
    return heads if len(heads) == count else []


def _begins_item(before: Line, line: Line) -> bool:
    return before.text[-1] in ".!?;" or line.text[0].isupper()
