"""The levels of a nested list: by indentation, by another kind of number, by the order of bullets."""

from __future__ import annotations

from dataclasses import dataclass

from import_content.parsing.structure.units import Unit

_ROMAN = {"i": 1, "v": 5, "x": 10}
_BULLET_RANKS = {
    **dict.fromkeys("•·●\uf0b7", 0),
    **dict.fromkeys("o◦○–", 1),
    **dict.fromkeys("▪■§\uf0a7", 2),
}
"""Word and its like give the levels of a list these bullets in this order."""
MIN_NESTED_INDENT = 2
"""Columns by which the items of a nested list stand further in."""


@dataclass(slots=True)
class _Level:
    indent: int
    last: Unit


class ListLevels:
    """The items of one list so far, and at what depth the next one stands."""

    def __init__(self, first: Unit) -> None:
        self._stack = [_Level(first.indent, first)]
        self.depths = [0]
        """Of each item taken."""

    def take(self, before: Unit, unit: Unit) -> bool:
        """Take the next unit, unless it is no item of this list; `before` is the item before it."""
        if not unit.marker or unit.rule_before:
            return False
        depth = self._depth_of(before, unit)
        if depth is None:
            return False
        del self._stack[depth + 1 :]
        if depth == len(self._stack):
            self._stack.append(_Level(unit.indent, unit))
        else:
            self._stack[depth].last = unit
        self.depths.append(depth)
        return True

    def _depth_of(self, before: Unit, unit: Unit) -> int | None:
        stack = self._stack
        if unit.indent >= stack[-1].indent + MIN_NESTED_INDENT and not unit.is_detached:
            return len(stack)
        for depth in range(len(stack) - 1, -1, -1):
            level = stack[depth]
            if unit.indent <= level.indent - MIN_NESTED_INDENT and depth:
                continue
            if _follows(level.last, unit, before, several=len(self.depths) > 1):
                return depth
        if unit.gap or unit.indent != stack[-1].indent:
            return None
        return len(stack) if _begins_nested(stack[-1].last, unit) else None


def _follows(last: Unit, unit: Unit, before: Unit, *, several: bool) -> bool:
    """Tell whether `unit` is the next item of the list that `last` stands in."""
    if last.ordered != unit.ordered:
        return False
    if unit.ordered:
        return bool({rank + 1 for rank in ranks(last.marker)} & ranks(unit.marker))
    if unit.marker == last.marker:
        return True
    if unit.marker in _BULLET_RANKS and last.marker in _BULLET_RANKS:
        return False
    return not unit.gap and not (several and not before.gap)


def _begins_nested(last: Unit, unit: Unit) -> bool:
    """Tell whether a list within the item before begins without being indented."""
    if unit.ordered:
        kinds = (last.marker.strip("().").isdigit(), unit.marker.strip("().").isdigit())
        return last.ordered and kinds[0] != kinds[1] and 1 in ranks(unit.marker)
    return _BULLET_RANKS.get(unit.marker, -1) > _BULLET_RANKS.get(last.marker, 9)


def ranks(marker: str) -> set[int]:
    """Return the places in its sequence that a number, letter or roman number may stand for."""
    mark = marker.strip("().").lower()
    if mark.isdigit():
        return {int(mark)}
    found = {ord(mark) - ord("a") + 1} if len(mark) == 1 else set()
    if mark and set(mark) <= set(_ROMAN):
        values = [_ROMAN[char] for char in mark]
        pairs = zip(values, [*values[1:], 0], strict=True)
        found.add(sum(-value if value < following else value for value, following in pairs))
    return found
