"""Marked text becomes HTML: all of it, or the part that says most.  Knows no Django.

Marked text has U+0002 before and U+0003 behind each hit; stored text holds neither (`pages.search.words.clean`).
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass

from pages.search.words import BREAK

START, STOP = "\x02", "\x03"
EXCERPT_CHARACTERS = 240
"""Characters of an excerpt, about."""
MAX_LEAD_CHARACTERS = 60
"""Characters before its first hit, at most."""
_MARK = re.compile(f"[{START}{STOP}]")


@dataclass(frozen=True, slots=True)
class Marked:
    text: str
    spans: tuple[tuple[int, int], ...]
    """Start and end of each hit, in order."""


def read(marked: str) -> Marked:
    """Text with marks in it, as text and places."""
    if START not in marked:
        return Marked(marked, ())
    pieces = _MARK.split(marked)
    spans, place = [], 0
    for number, piece in enumerate(pieces):
        if number % 2 == 1:
            spans.append((place, place + len(piece)))
        place += len(piece)
    return Marked("".join(pieces), tuple(spans))


def highlighted(marked: Marked, start: int = 0, end: int | None = None) -> str:
    """HTML of a part of the text: hits in ``<mark>``, everything else escaped."""
    end = len(marked.text) if end is None else end
    pieces, place = [], start
    for left, right in marked.spans:
        if left < place or right > end:
            continue
        pieces += [html.escape(marked.text[place:left]), "<mark>", html.escape(marked.text[left:right]), "</mark>"]
        place = right
    pieces.append(html.escape(marked.text[place:end]))
    return " ".join("".join(pieces).replace(BREAK, "").replace("</mark><mark>", "").split())


def excerpt(marked: Marked) -> str:
    """HTML of the part of the text with the most different hits; without hits, of its beginning."""
    text = marked.text
    start = _best_start(marked)
    end = min(len(text), start + EXCERPT_CHARACTERS)
    if end < len(text):
        end = _word_boundary(text, end, start)
    before = "… " if start else ""
    behind = " …" if end < len(text) else ""
    return before + highlighted(marked, start, end) + behind


def _best_start(marked: Marked) -> int:
    """Where the excerpt begins: some words before the span from which most hits are in reach."""
    text, spans = marked.text, marked.spans
    best, best_worth, reach = 0, (0, 0), 0
    seen: Counter[str] = Counter()
    for number, (start, _) in enumerate(spans):
        while reach < len(spans) and spans[reach][1] <= start + EXCERPT_CHARACTERS - MAX_LEAD_CHARACTERS:
            seen[_key(text, spans[reach])] += 1
            reach += 1
        worth = (len(seen), reach - number)
        if worth > best_worth:
            best, best_worth = start, worth
        if reach > number:
            key = _key(text, spans[number])
            seen[key] -= 1
            if not seen[key]:
                del seen[key]
        else:
            reach = number + 1  # a hit longer than an excerpt
    if best <= MAX_LEAD_CHARACTERS:
        return 0
    lead = re.search(r"\s\S", text[best - MAX_LEAD_CHARACTERS : best + 1])
    return best - MAX_LEAD_CHARACTERS + lead.start() + 1 if lead else best


def _key(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]].lower()


def _word_boundary(text: str, end: int, start: int) -> int:
    """The end of the last whole word before `end`; `end` itself where there is none."""
    for place in range(end, max(start, end - MAX_LEAD_CHARACTERS), -1):
        if text[place].isspace():
            return place
    return end
