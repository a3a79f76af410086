"""Levels of headings, where the text shows them; 2 for all others."""

from __future__ import annotations

import re

from import_content.parsing.structure import vocabulary as words
from import_content.parsing.structure.facts import TextFacts, observe_text, observe_unit
from import_content.parsing.structure.institution_names import is_institution
from import_content.parsing.structure.units import BlockKind, Labels, Unit

MAX_LEVEL = 4
_DEPTH = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s")


def assign_levels(units: list[Unit], labels: Labels) -> None:
    indices = [index for index, label in enumerate(labels) if label is not None and label.kind is BlockKind.HEADING]
    facts = {index: observe_unit(units[index]) or observe_text(units[index].text) for index in indices}
    capitals = sum(fact.caps for fact in facts.values())
    mixed = capitals >= 2 and capitals < len(indices)
    outline = any(fact.outline for fact in facts.values())
    ranks = _sign_ranks(units, indices)
    parent = ""
    for index in indices:
        label, fact = labels[index], facts[index]
        if label is None:
            continue
        label.level = 2
        follower = labels[index + 1] if index + 1 < len(labels) else None
        if units[index].sign_level:
            label.level = min(MAX_LEVEL, 2 + ranks[units[index].sign_level])
        elif outline and fact.numbered and (match := _DEPTH.match(fact.text)):
            label.level = min(MAX_LEVEL, 2 + match.group(1).count("."))
        elif (mixed and not fact.caps) or (
            parent and _is_below(parent, fact, follower is not None and follower.kind is BlockKind.ENTRY)
        ):
            label.level = 3
        if label.level == 2:
            parent = _announces(fact, follower is not None and follower.kind is BlockKind.HEADING)


def _sign_ranks(units: list[Unit], indices: list[int]) -> dict[int, int]:
    """Number the levels that signs show, from 0 for the highest."""
    levels = sorted({units[index].sign_level for index in indices} - {0})
    return {level: rank for rank, level in enumerate(levels)}


def _announces(fact: TextFacts, directly: bool) -> str:
    """Say what kind of sub-headings this heading promises."""
    if words.FAQ.search(fact.text):
        return "questions"
    if words.BY_PLACE.search(fact.text):
        return "places"
    if words.LISTING_WORDS.search(fact.text) and not is_institution(fact.text):
        return "institutions"
    return "questions" if directly and fact.end != "?" else ""


def _is_below(parent: str, fact: TextFacts, lists_schools: bool) -> bool:
    if parent == "questions":
        return fact.end == "?"
    if parent == "places":
        return lists_schools and fact.words <= 5
    return is_institution(fact.text)
