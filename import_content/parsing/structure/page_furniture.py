"""What a page has at its edges: running heads and feet, page numbers.  They go, and sentences run on over the edge."""

from __future__ import annotations

import re
from collections import Counter

from import_content.document import Span
from import_content.parsing.structure.lines import Line
from import_content.parsing.structure.sentences import last_sign

MAX_RUNNING_WORDS = 14
LINES_AT_EDGE = 3
"""So many lines before and after a page's edge may be furniture."""
MIN_PAGE_NUMBERS = 3
"""Bare numbers prove pages when so many of them count upwards; with a page break or the word "page" two do."""
_PAGE_NUMBER = re.compile(
    r"(?P<word>page|p\.|pg\.?|seite|página|pagina|страница|стр\.|strona|sida)?\s*[-–—\[(|]{0,2}\s*(?P<number>\d{1,4})"
    r"\s*(?P<of>(?:of|/|von|de|sur|из|di|av|z|van)\s*\d{1,4})?\s*[-–—\])|]{0,2}\Z|第\s*(?P<cjk>\d{1,4})\s*页",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def remove_furniture(lines: list[Line]) -> tuple[list[Line], list[Span]]:
    """Leave out running heads, running feet and page numbers; nothing where no page's edge is found.

    Returns the other lines and the spans of those left out.  A line after an edge loses its gap where the sentence
    before runs on.
    """
    numbers = _page_numbers(lines)
    edges = {number for number, line in enumerate(lines) if line.page_start}
    edges |= {number + 1 for number in numbers}
    if not numbers and len(edges) < 2:
        return lines, []
    furniture = numbers | _running(lines, edges | {0, len(lines)}, numbers)
    if not furniture:
        return _run_on(lines, edges), []
    kept = [line for number, line in enumerate(lines) if number not in furniture]
    starts: set[int] = set()
    count = 0
    cut = False
    for number in range(len(lines)):
        cut = cut or number in furniture or number in edges
        if number not in furniture:
            if cut:
                starts.add(count)
            count, cut = count + 1, False
    return _run_on(kept, starts), [Span(lines[number].start, lines[number].end) for number in sorted(furniture)]


def _page_numbers(lines: list[Line]) -> set[int]:
    """Find the lines that number pages: alone between gaps or at a page's edge, and counting upwards."""
    found: list[tuple[int, int, bool]] = []
    for number, line in enumerate(lines):
        if len(line.text) > 24 or line.sign_level:
            continue
        match = _PAGE_NUMBER.match(line.text)
        if match is None:
            continue
        ends = number + 1 == len(lines) or lines[number + 1].page_start or lines[number + 1].gap
        if not (ends and (line.gap or line.page_start or number + 1 == len(lines) or lines[number + 1].page_start)):
            continue
        proven = bool(match.group("word") or match.group("of") or match.group("cjk"))
        proven = proven or line.page_start or (number + 1 < len(lines) and lines[number + 1].page_start)
        found.append((number, int(match.group("number") or match.group("cjk")), proven))
    longest: list[tuple[int, int, bool]] = []
    for one in found:
        if longest and one[1] != longest[-1][1] + 1:
            if len(longest) > 1:
                continue
            longest = []
        longest.append(one)
    needed = 2 if any(proven for _, _, proven in longest) else MIN_PAGE_NUMBERS
    return {number for number, _, _ in longest} if len(longest) >= needed else set()


def _running(lines: list[Line], edges: set[int], numbers: set[int]) -> set[int]:
    """Find the short lines that come again at the edges of pages."""
    near: dict[int, str] = {}
    for edge in edges:
        for step in (-1, 1):
            number, seen = edge - (step < 0), 0
            while 0 <= number < len(lines) and seen < LINES_AT_EDGE:
                line = lines[number]
                if number not in numbers:
                    if line.text.count(" ") >= MAX_RUNNING_WORDS:
                        break
                    near[number] = _DIGITS.sub("#", line.text.casefold())
                    seen += 1
                number += step
    counts = Counter(near.values())
    return {number for number, text in near.items() if counts[text] > 1 and any(map(str.isalpha, text))}


def _run_on(lines: list[Line], starts: set[int]) -> list[Line]:
    """Take away the gap where a sentence runs on over the edge of a page."""
    for number in starts:
        if not 0 < number < len(lines):
            continue
        before, line = lines[number - 1], lines[number]
        first, last = line.text[0], last_sign(before.text)
        words = before.text.count(" ") + 1
        if first.islower() and last not in ".!?…:":
            line.gap = False
        elif words > 5 and (
            last in ",-" or (last.isalnum() and before.text.rsplit(" ", 1)[-1].islower() and words > 8)
        ):
            line.gap = line.sign_level > 0 or not (first.isupper() or first.isdigit())
    return lines
