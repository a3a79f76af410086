"""How a text is laid out: wrapped at a column or not, blank lines between blocks or not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from .lines import Line

MIN_WRAP, MAX_WRAP = 30, 132
"""Columns at which text is wrapped by hand or by a mailer."""

MARKER = re.compile(
    r"(?P<bullet>[-*+•·▪▫◦‣●○■□➢➤►▶✓✔✗–—>])(?P<space>\s+)(?=\S)"
    r"|(?P<glued>[•▪◦‣●○■➢➤►✓✔])(?=\w)"
    r"|(?P<number>\(?(?:\d{1,3}|[A-Za-z])\)|(?:\d{1,3}|[a-z])\.)(?P<gap>\s+)(?=\S)"
)
RULE = re.compile(r"([-=_*~#+•·–—─━═‒―.])(?:\s*\1){2,}\s*\Z|[-=_*~–—─━═]{2,}\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    wrap: int | None
    """The column at which lines were broken; None where a line is a paragraph."""
    spaced: bool
    """Whether blank lines separate blocks (else line ends alone do)."""


def is_rule(text: str) -> bool:
    """A line of nothing but one repeated sign: an underline or a separator (three dots are an ellipsis)."""
    return text[:1] not in "." and RULE.match(text) is not None and not text[0].isalnum()


def detect_layout(lines: list[Line]) -> Layout:
    gaps = sum(line.gap for line in lines)
    return Layout(wrap=_wrap_column(lines), spaced=gaps > 0 and gaps * 8 >= len(lines))


def _wrap_column(lines: list[Line]) -> int | None:
    """The column W at which a greedy wrapper would have broken most of these lines.

    A line of length n followed in its paragraph by a word of length w was broken at some W with
    n <= W <= n + w.  Each pair of adjacent lines votes for that interval; lines that happen to end
    together by chance do not agree on a column, wrapped ones do, and they break in mid-sentence.
    """
    votes: Counter[int] = Counter()
    broken: Counter[int] = Counter()
    pairs = 0
    long_lines = 0
    for before, line in pairwise(lines):
        length = _width(before)
        if length > MAX_WRAP:
            if " " in before.text[:MAX_WRAP]:
                long_lines += 1
            continue
        if line.gap or not _may_continue(before, line):
            continue
        pairs += 1
        word = line.text.find(" ")
        word = len(line.text) if word < 0 else word
        runs_on = before.text[-1] not in ".!?:;"
        for column in range(max(length, MIN_WRAP), min(length + word, MAX_WRAP) + 1):
            votes[column] += 1
            broken[column] += runs_on
    if lines and _width(lines[-1]) > MAX_WRAP and " " in lines[-1].text[:MAX_WRAP]:
        long_lines += 1
    if not votes or long_lines * 20 > len(lines):
        return None
    top = max(votes.values())
    column = max(column for column, count in votes.items() if count == top)
    over = sum(_width(line) > column and " " in line.text for line in lines)
    if top < 3 or top * 3 < pairs or over * 10 > len(lines) or broken[column] * 5 < top * 3:
        return None
    return column


def _width(line: Line) -> int:
    return line.indent + len(line.text)


def _may_continue(before: Line, line: Line) -> bool:
    return not (
        "\t" in line.text
        or "\t" in before.text
        or MARKER.match(line.text)
        or is_rule(line.text)
        or is_rule(before.text)
    )
