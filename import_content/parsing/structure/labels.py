"""The decision about one unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "list"
    ENTRY = "schools"
    ACTION = "call_to_action"
    ROW = "table"


@dataclass(slots=True)
class Label:
    """What a unit is, which rule said so, and how sure it was."""

    kind: Kind
    rule: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    group: int = -1
    """Units of one list, table or listing share a number."""
    ordered: bool = False
    level: int = 2
    name_end: int = 0
    """Entries: where the name ends and the description starts, in the unit's text."""
    description_start: int = 0
    absorbed: bool = False
    """Entries: this unit is the description of the name in the unit before."""


Labels = list[Label | None]
