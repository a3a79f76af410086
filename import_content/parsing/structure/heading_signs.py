"""Headings that signs mark: ``# X``, ``== X ==``, ``***** X *****``, ``h2. X``.

The signs are taken off the line and become a discard of their own; how many there are says the level.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from import_content.document import Span
from import_content.parsing.structure.lines import Line, visible_offset
from import_content.parsing.structure.sentences import count_words, last_sign

MAX_SIGNED_WORDS = 24
MAX_SHARE_OF_LINES = 0.6
"""Where more lines than these begin with a sign, it marks something else: comments, quotations, items."""
_FIRST_SIGNS = frozenset("#=*~+_-–—h【[")


@dataclass(frozen=True, slots=True)
class SignForm:
    """One way of marking headings."""

    name: str
    pattern: re.Pattern[str]
    """With the groups ``open`` and ``text``; what stands around ``text`` is taken off."""
    level: Callable[[str], int]
    """From the sign that opens the line to the level, 1 for the highest."""
    is_sure: bool
    """Whether one such line is enough; else it takes two."""


def _form(name: str, pattern: str, level: Callable[[str], int], is_sure: bool) -> SignForm:
    return SignForm(name, re.compile(pattern), level, is_sure)


def _second(_: str) -> int:
    return 2


FORMS: tuple[SignForm, ...] = (
    _form("hash", r"(?P<open>#{1,6})\s+(?P<text>[^\s#].*?)(?:\s+#+)?\Z", len, True),
    _form("equals", r"(?P<open>={1,6})\s*(?P<text>[^\s=].*?)\s*(?P=open)\Z", len, True),
    _form("asciidoc", r"(?P<open>={2,6})\s+(?P<text>[^\s=].*?)\Z", len, True),
    _form("stars", r"(?P<open>\*{2,6})\s+(?P<text>[^\s*].*?)\s+\*{2,6}\Z", lambda sign: 7 - len(sign), True),
    _form("bold", r"(?P<open>\*\*|__)(?P<text>[^\s*_].*?[^\s*_])(?P=open)\Z", _second, False),
    _form("drawn", r"(?P<open>[-–—~=_+]{2,8})\s+(?P<text>[^\s=~_+–—-].*?)\s+(?P=open)\Z", _second, True),
    _form("textile", r"(?P<open>h[1-6](?:\([^()]{0,80}\))?\.)\s+(?P<text>\S.*?)\Z", lambda sign: int(sign[1]), True),
    _form("brackets", r"(?P<open>【)(?P<text>[^】]{1,60})】\Z", _second, False),
)
"""Asked in this order; the first that fits the line decides."""

_OPENED = re.compile(r"(?P<open>\*{2,6})\s+(?P<text>[^\s*].*)\Z")


def take_off_signs(text: str, lines: list[Line]) -> list[Span]:
    """Take the signs off lines that they mark as headings, and set their `sign_level`.

    `text` is the decoded source; returns the spans of the signs.
    """
    found: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for number, line in enumerate(lines):
        first = line.text[0]
        if first not in _FIRST_SIGNS or len(line.text) > 200 or "\t" in line.text:
            continue
        if first == "h" and not line.text[1:2].isdigit():
            continue
        for form in FORMS:
            match = form.pattern.match(line.text)
            if match is not None:
                found.setdefault(form.name, []).append((number, match))
                break
    spans = _take_off_broken(text, lines)
    for form in FORMS:
        for number, match in _headings(form, found.get(form.name, []), lines):
            line = lines[number]
            before, inside = _visible(line.text[: match.start("text")]), _visible(match.group("text"))
            start = visible_offset(text, line.start, line.end, before, following=True)
            end = visible_offset(text, line.start, line.end, before + inside)
            spans.append(Span(line.start, visible_offset(text, line.start, line.end, before)))
            if end < line.end:
                spans.append(Span(visible_offset(text, end, line.end, 0, following=True), line.end))
            line.start, line.end = start, end
            line.text = match.group("text")
            line.sign_level = form.level(match.group("open"))
    return spans


def _take_off_broken(text: str, lines: list[Line]) -> list[Span]:
    """Take the stars off headings that were broken in two: they open one line and close the next."""
    spans: list[Span] = []
    for line, below in pairwise(lines):
        opened = _OPENED.match(line.text) if line.text[0] == "*" else None
        if opened is None or below.gap or "\t" in below.text or count_words(line.text + below.text) > MAX_SIGNED_WORDS:
            continue
        sign = opened.group("open")
        if not below.text.endswith(f" {sign}") or line.text.endswith(sign):
            continue
        spans.append(Span(line.start, line.start + len(sign)))
        spans.append(Span(below.end - len(sign), below.end))
        line.text, below.text = opened.group("text"), below.text[: -len(sign)].rstrip()
        line.start = visible_offset(text, line.start, line.end, len(sign), following=True)
        below.end = visible_offset(text, below.start, below.end, _visible(below.text))
        line.sign_level, below.goes_on = 7 - len(sign), True
    return spans


def _headings(
    form: SignForm, found: list[tuple[int, re.Match[str]]], lines: list[Line]
) -> list[tuple[int, re.Match[str]]]:
    """Select those that may be headings; none where the sign marks something else."""
    if not found or len(found) > max(1, MAX_SHARE_OF_LINES * len(lines)):
        return []
    adjacent = sum(after == before + 1 and not lines[after].gap for (before, _), (after, _) in pairwise(found))
    if adjacent * 3 > len(found):
        return []
    fitting = [(number, match) for number, match in found if _may_be_heading(match.group("text"), form)]
    if len(fitting) * 2 < len(found) or (not form.is_sure and len(fitting) < 2):
        return []
    return fitting


def _may_be_heading(text: str, form: SignForm) -> bool:
    if count_words(text) > MAX_SIGNED_WORDS:
        return False
    return last_sign(text) not in (".,;" if form.is_sure else ".,;:!")


def _visible(text: str) -> int:
    return len("".join(text.split()))
