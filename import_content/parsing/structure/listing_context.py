"""What the rules about listings ask about the whole text, answered in constant time."""

from __future__ import annotations

from itertools import accumulate

from import_content.parsing.structure import vocabulary as words
from import_content.parsing.structure.facts import observe_unit
from import_content.parsing.structure.prior_knowledge import PriorKnowledge
from import_content.parsing.structure.units import GroupNumbers, Labels, Unit

MAX_ANNOUNCEMENT_WORDS = 14


class ListingContext:
    """The units and labels of one text, with what a person said and what is known beforehand."""

    def __init__(self, units: list[Unit], labels: Labels, groups: GroupNumbers, knowledge: PriorKnowledge) -> None:
        self.units, self.labels, self.groups = units, labels, groups
        self.knowledge = knowledge
        self._glued: list[int] | None = None
        self._free: list[int] = []
        self._first_by_place: int | None = None

    def announced(self, start: int) -> bool:
        """Whether the nearest short line above `start` promises schools; a lead-in may stand between them."""
        heading = self._heading_above(start)
        return bool(words.LISTING_WORDS.search(heading)) or self.knowledge.announces_listing(heading)

    def announced_at(self, index: int) -> bool:
        """Tell whether the unit at `index` is itself a short line that promises schools by that word."""
        if index < 0:
            return False
        unit = self.units[index]
        if unit.words > MAX_ANNOUNCEMENT_WORDS or unit.last in ".;,":
            return False
        return bool(words.SCHOOL_HEADING.search(unit.text)) or self.knowledge.announces_listing(unit.text)

    def _heading_above(self, start: int) -> str:
        for index in range(start - 1, max(-1, start - 4), -1):
            unit = self.units[index]
            if unit.words <= MAX_ANNOUNCEMENT_WORDS and unit.last not in ".;,":
                return unit.text
        return ""

    def by_place_above(self, start: int) -> bool:
        """Whether a heading such as "Schools by State" stands somewhere above."""
        if self._first_by_place is None:
            found = (
                index
                for index, unit in enumerate(self.units)
                if unit.words <= MAX_ANNOUNCEMENT_WORDS and words.BY_PLACE.search(unit.text)
            )
            self._first_by_place = next(found, len(self.units))
        return self._first_by_place < start

    def headings_are_glued(self, start: int, end: int) -> bool:
        """Whether short lines outside ``[start, end)`` mostly stand right on top of their paragraph."""
        if self._glued is None:
            kinds = [self._stands_on_top(index) for index in range(len(self.units))]
            self._glued = [0, *accumulate(kind == "glued" for kind in kinds)]
            self._free = [0, *accumulate(kind == "free" for kind in kinds)]
        glued, free = self._glued, self._free
        return glued[-1] - glued[end] + glued[start] > free[-1] - free[end] + free[start]

    def _stands_on_top(self, index: int) -> str:
        unit = self.units[index]
        if index == 0 or index + 1 >= len(self.units) or unit.words > 12 or unit.marker or unit.last in ".:;,":
            return ""
        if self.units[index + 1].words < 15 or observe_unit(unit) is None:
            return ""
        return "free" if self.units[index + 1].gap else "glued"
