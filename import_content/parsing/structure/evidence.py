"""The evidence for and against a heading, as tables read top to bottom.

Each row has a name, a weight in log-odds and a test.  What is seen adds its weight; the sum, through the
logistic function, is the probability that the unit is a heading.  The strongest row for the decision gives
the decision its name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from import_content.parsing.structure.facts import TextFacts


@dataclass(slots=True)
class HeadingContext:
    """What a rule about headings can see: a unit and what stands around it."""

    facts: TextFacts
    gap_before: bool
    gap_after: bool
    after: str
    """``long``, ``sentence``, ``short``, ``list``, ``action`` or ``edge``."""
    shorts_after: int
    """How many short lines without a final sign follow directly."""
    shorts_before: int
    before_end: str
    """Last character of the unit before."""
    underlined: bool
    spaced: bool
    word_cap: int
    in_sequence: bool
    """Whether it is numbered, and its sequence goes on after other text."""
    signs_mark_headings: bool
    """Whether signs mark headings elsewhere in the text; this one has none."""
    style: HeadingStyle | None = None


@dataclass(slots=True)
class HeadingStyle:
    """How the clear headings of this document look."""

    count: float
    kinds: dict[str, float]
    """Share of each `TextFacts.style`."""
    glued: float
    """Share that is followed by its paragraph without a blank line."""


Test = Callable[[HeadingContext], float]


@dataclass(frozen=True, slots=True)
class Evidence:
    name: str
    weight: float
    test: Test


def _length(context: HeadingContext) -> float:
    """Rate the length: 1 for a few words, falling to -1 at twenty."""
    return max(-1.6, min(1.0, (12 - context.facts.words) / 7))


def _style_share(context: HeadingContext) -> float:
    """Rate how usual the style of this unit is among the document's clear headings: -1 unheard of, 1 the rule."""
    style = context.style
    if style is None or style.count < 2:
        return 0.0
    share = style.kinds.get(context.facts.style, 0.0)
    if context.facts.style in ("title", "question", "caps") and share < 0.3:
        return 0.0
    return (share - 0.3) / 0.7 if share >= 0.3 else (share - 0.3) / 0.3


def _glue_share(context: HeadingContext) -> float:
    style = context.style
    if style is None or style.count < 2 or context.after == "edge" or not context.spaced:
        return 0.0
    glued = 0.0 if context.gap_after else 1.0
    return 1.0 - 2.0 * abs(style.glued - glued)


ALONE: tuple[Evidence, ...] = (
    # its own form
    Evidence("short", 1.8, _length),
    Evidence("one_word", 0.2, lambda s: s.facts.words <= 1),
    Evidence("ends_like_a_sentence", -4.2, lambda s: s.facts.end in ".;," and not _abbreviated(s.facts)),
    Evidence("no_final_sign", 2.1, lambda s: s.facts.end not in ".;,:?!…"),
    Evidence("question", 1.5, lambda s: s.facts.end == "?"),
    Evidence("ellipsis", -1.0, lambda s: s.facts.end == "…" and s.facts.title_share < 0.75),
    Evidence("exclamation", -2.5, lambda s: s.facts.end == "!"),
    Evidence("leads_in", -1.5, lambda s: s.facts.end == ":" and s.facts.title_share < 0.75),
    Evidence("label_inside", -1.2, lambda s: ": " in s.facts.text and not s.facts.numbered),
    Evidence("title_case", 0.5, lambda s: s.facts.title_share >= 0.75 and s.facts.significant > 0),
    Evidence("capitals", 1.5, lambda s: s.facts.caps),
    Evidence("numbered", 2.9, lambda s: s.facts.numbered),
    Evidence("section_of_a_sequence", 4.5, lambda s: s.in_sequence and s.facts.end == "." and s.facts.words <= 6),
    Evidence("underlined", 6.0, lambda s: s.underlined),
    Evidence("others_have_signs", -3.0, lambda s: s.signs_mark_headings),
    Evidence("starts_lower_case", -2.8, lambda s: s.facts.starts_lower),
    Evidence("has_a_verb", -1.8, lambda s: s.facts.finite and s.facts.end != "?"),
    Evidence("starts_like_a_sentence", -1.0, lambda s: s.facts.opener and s.facts.title_share < 0.75),
    Evidence("statement_and_question", -1.0, lambda s: s.facts.end == "?" and s.facts.sentences > 1),
    Evidence("commas", -1.0, lambda s: min(2, s.facts.text.count(", ")) if s.facts.end != "?" else 0),
    Evidence("has_a_role", -9.0, lambda s: s.facts.role != ""),
    Evidence("quotation", -2.2, lambda s: s.facts.starts_quote and s.facts.closes and s.facts.end != "?"),
    Evidence("ends_in_quotation", -2.2, lambda s: s.facts.closes and not s.facts.starts_quote),
    Evidence("over_word_cap", -8.0, lambda s: s.facts.words > s.word_cap),
    # what stands around it
    Evidence("paragraph_follows", 1.8, lambda s: s.after == "long"),
    Evidence("sentence_follows", 0.2, lambda s: s.after == "sentence"),
    Evidence("list_follows", 1.6, lambda s: s.after == "list"),
    Evidence("leads_into_list", -2.3, lambda s: s.facts.end == ":" and s.after in ("list", "short")),
    Evidence("short_line_follows", -1.2, lambda s: s.shorts_after == 1),
    Evidence("short_lines_follow", -2.4, lambda s: s.shorts_after >= 2),
    Evidence("nothing_follows", -3.2, lambda s: s.after in ("edge", "action")),
    Evidence("short_line_before", -2.0, lambda s: s.shorts_before == 1),
    Evidence("short_lines_before", -3.0, lambda s: s.shorts_before >= 2),
    Evidence("after_lead_in", -2.0, lambda s: s.before_end == ":" and not s.facts.numbered),
    # how the document is laid out
    Evidence("no_blank_lines", 1.4, lambda s: not s.spaced),
    Evidence("stands_free", 1.4, lambda s: s.spaced and s.gap_before),
    Evidence("inside_a_block", -2.7, lambda s: s.spaced and not s.gap_before),
)
COMPARED: tuple[Evidence, ...] = (
    # known only when every unit was weighed once
    Evidence("style_of_the_others", 2.5, _style_share),
    Evidence("glued_as_the_others", 1.2, _glue_share),
)
BIAS = -3.0


def _abbreviated(facts: TextFacts) -> bool:
    last = facts.text.rsplit(" ", 1)[-1].rstrip(".")
    return facts.text.endswith(".") and ("." in last or last.lower() in ("etc", "inc", "co", "jr", "sr"))


@dataclass(slots=True)
class HeadingScore:
    """The sum of the evidence so far, and the rows that spoke loudest on either side."""

    total: float = BIAS
    pro: str = "plain"
    pro_weight: float = 0.0
    contra: str = "plain"
    contra_weight: float = 0.0

    @property
    def probability(self) -> float:
        """How likely the unit is a heading."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.total))))

    @property
    def rule(self) -> str:
        """The row that decided."""
        return self.pro if self.total > 0 else self.contra


def weigh(context: HeadingContext, table: tuple[Evidence, ...], score: HeadingScore) -> HeadingScore:
    """Add the evidence of a table to a score."""
    for row in table:
        value = row.test(context)
        if not value:
            continue
        share = row.weight * value
        score.total += share
        if share > score.pro_weight:
            score.pro, score.pro_weight = row.name, share
        elif share < score.contra_weight:
            score.contra, score.contra_weight = row.name, share
    return score
