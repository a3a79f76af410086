"""Names that a colon or a dash parts from their description."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from import_content.parsing.structure.institution_names import (
    INSTITUTIONAL,
    MAX_NAME_CHARS,
    fold,
    is_name_phrase,
    name_form,
)

KNOWN_WEIGHT, SEEN_WEIGHT = 7.0, 3.0
"""Evidence that the CMS, or another file of the same run, has a school of this name."""
SEPARATED_WEIGHT = 1.5
"""Evidence that a colon or dash stands between."""

_SIGNS = frozenset(":-–—―|")
SEPARATOR = re.compile(r"\s*(?P<colon>:)\s+|\s+(?P<dash>[-–—―|]|--|::)\s+|\s*(?P<tight>—)\s*(?=[A-Z\"“¿¡])")


@dataclass(slots=True)
class Split:
    """A name and a description found in one unit; offsets are into the unit's text."""

    name_end: int
    description_start: int
    score: float
    margin: float
    how: str
    """``known``, ``seen``, ``repeated``, ``separator`` or ``form``."""
    separator: str = ""
    has_noun: bool = False
    alternatives: list[tuple[int, float]] = field(default_factory=list)
    """Other ends of the name with their scores, best first."""


def split_at_separator(text: str, known: Collection[str], seen: Collection[str], wanted: str | None) -> Split | None:
    found = _separator(text, wanted)
    if found is None:
        return None
    match, sign = found
    name, rest = text[: match.start()], text[match.end() :]
    if not name or not rest or not is_name_phrase(name):
        return None
    form, weight = name_form(name)
    score, how, folded = weight + SEPARATED_WEIGHT, "separator", fold(name)
    if folded in known:
        score, how = score + KNOWN_WEIGHT, "known"
    elif folded in seen:
        score += SEEN_WEIGHT
    elif occurs(name, rest):
        score += 1.0
    return Split(match.start(), match.end(), score, score, how, sign, form in INSTITUTIONAL)


def _separator(text: str, wanted: str | None) -> tuple[re.Match[str], str] | None:
    """The separator after the name: the first, or the next of its kind where only a name stands between.

    "Harlow – School of Design – Two campuses" has a dash inside the name.
    """
    found: tuple[re.Match[str], str] | None = None
    head = text[:MAX_NAME_CHARS]
    if _SIGNS.isdisjoint(head):
        return None
    for match in SEPARATOR.finditer(head):
        sign = (match.group("colon") or match.group("dash") or match.group("tight")).strip()
        if found is None:
            if wanted is None or sign == wanted:
                found = match, sign
            continue
        between = text[found[0].end() : match.start()]
        if sign != found[1] or between.count(" ") > 3 or not is_name_phrase(between):
            break
        found = match, sign
    return found


def occurs(name: str, rest: str) -> bool:
    """Whether the name stands in the rest, as whole words."""
    at = rest.find(name)
    return at >= 0 and not rest[at + len(name) : at + len(name) + 1].isalnum()
