"""How a text is laid out: wrapped at a column or not, blank lines between blocks or not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from import_content.parsing.structure.lines import Line

MIN_WRAP_COLUMN, MAX_WRAP_COLUMN = 30, 132
"""Columns at which text is wrapped by hand or by a mailer."""
MIN_BROKEN_SENTENCES, USUAL_WRAP_COLUMN = 2, 60
"""So many broken sentences prove a column; one more below the columns that are in use."""

MARKER = re.compile(
    r"(?P<bullet>[-*+•·▪▫◦‣●○■□➢➤►▶✓✔✗–—>\uf0b7\uf0a7\uf0fc\uf0d8\uf0a8\uf076]|[o§](?=\t|\s{2}))(?P<space>\s+)(?=\S)"
    r"|(?P<glued>[•▪◦‣●○■➢➤►✓✔\uf0b7\uf0a7\uf0fc\uf0d8])(?=\w)"
    r"|(?P<number>\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,5}|[IVX]{2,5})\)|(?:\d{1,3}|[a-z]|[ivx]{2,5})\.)(?P<gap>\s+)(?=\S)"
)
RULE = re.compile(r"([-=_*~#+•·–—─━═‒―.])(?:\s*\1){2,}\s*\Z|[-=_*~–—─━═]{2,}\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    wrap: int | None
    """The column at which lines were broken; None where a line is a paragraph."""
    spaced: bool
    """Whether blank lines separate blocks (else line ends alone do)."""
    title_lines: int = 0
    """So many lines at the beginning are one title in any case."""


def is_rule(text: str) -> bool:
    """Recognise a line of nothing but one repeated sign: an underline or a separator (three dots are an ellipsis)."""
    return text[:1] not in "." and RULE.match(text) is not None and not text[0].isalnum()


def detect_layout(lines: list[Line]) -> Layout:
    gaps = sum(line.gap for line in lines)
    return Layout(wrap=_wrap_column(lines), spaced=gaps > 0 and gaps * 8 >= len(lines))


def _wrap_column(lines: list[Line]) -> int | None:
    """Find the column W at which a greedy wrapper would have broken most of these lines.

    A line of length n followed in its paragraph by a word of length w was broken at some W with
    n <= W <= n + w.  Each pair of adjacent lines that a sentence runs across votes for that
    interval; lines that merely follow each other do not agree on a column, wrapped ones do.
    """
    votes: Counter[int] = Counter()
    pairs = long_lines = 0
    for before, line in pairwise(lines):
        length = _width(before)
        if length > MAX_WRAP_COLUMN:
            long_lines += " " in before.text[:MAX_WRAP_COLUMN]
            continue
        if line.gap or not _breaks_a_sentence(before, line):
            continue
        pairs += 1
        space = line.text.find(" ")
        word = len(line.text) if space < 0 else space
        votes.update(range(max(length, MIN_WRAP_COLUMN), min(length + word, MAX_WRAP_COLUMN) + 1))
    if lines:
        long_lines += _width(lines[-1]) > MAX_WRAP_COLUMN and " " in lines[-1].text[:MAX_WRAP_COLUMN]
    if not votes or long_lines * 20 > len(lines):
        return None
    top = max(votes.values())
    column = max(column for column, count in votes.items() if count == top)
    over = sum(_width(line) > column and " " in line.text for line in lines)
    if (
        top < (MIN_BROKEN_SENTENCES if column >= USUAL_WRAP_COLUMN else MIN_BROKEN_SENTENCES + 1)
        or top < pairs * 0.6
        or over * 10 > len(lines)
    ):
        return None
    return column


def _width(line: Line) -> int:
    return line.indent + len(line.text)


def _breaks_a_sentence(before: Line, line: Line) -> bool:
    """Whether a sentence seems to run from one line to the next."""
    if before.text[-1] in ".!?:;" or not line.text[0].islower():
        return False
    return not (
        "\t" in line.text
        or "\t" in before.text
        or MARKER.match(line.text)
        or is_rule(line.text)
        or is_rule(before.text)
    )
