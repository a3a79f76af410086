"""Lists with markers, and what only looks like one: numbered headings, attributions, initials."""

from __future__ import annotations

from import_content.document import Span
from import_content.parsing.structure.facts import observe_unit
from import_content.parsing.structure.units import BlockKind, GroupNumbers, Label, Labels, Unit

MAX_UNITS_TO_NEXT_NUMBER = 60
"""Units between one numbered heading and the next."""
_DASHES = frozenset("–—+>")
"""Signs that mark a list only when several lines in a row have them."""


def claim_lists(units: list[Unit], labels: Labels, groups: GroupNumbers) -> None:
    """Label the items of marked lists.  Other units keep their marker apart for now: see `restore_marker`."""
    position = 0
    while position < len(units):
        if not units[position].marker:
            position += 1
            continue
        end = position + 1
        while end < len(units) and _same_list(units[end - 1], units[end], end - position > 1):
            end += 1
        _decide(units, labels, position, end, groups)
        position = end


def restore_marker(unit: Unit) -> None:
    """Take the marker back into the text: it was none."""
    if not unit.marker or unit.marker_span is None:
        return
    glued = unit.spans[0].start == unit.marker_span.end
    unit.text = f"{unit.marker}{'' if glued else ' '}{unit.text}"
    unit.spans[0] = Span(unit.marker_span.start, unit.spans[0].end)
    unit.measure()
    unit.marker, unit.marker_span = "", None


def _same_list(before: Unit, unit: Unit, several: bool) -> bool:
    if not unit.marker or unit.ordered != before.ordered or unit.rule_before:
        return False
    if not unit.ordered:
        tight = several and not before.gap
        return unit.marker == before.marker or unit.indent != before.indent or (not unit.gap and not tight)
    return _rank(unit) == _rank(before) + 1 or unit.indent != before.indent


def _rank(unit: Unit) -> int:
    """Find the place of a number or letter in its sequence."""
    mark = unit.marker.strip("().")
    return int(mark) if mark.isdigit() else ord(mark.lower()) - ord("a") + 1


def _decide(units: list[Unit], labels: Labels, start: int, end: int, groups: GroupNumbers) -> None:
    run = units[start:end]
    first = run[0]
    detached = any(unit.is_detached for unit in run)
    if len(run) == 1 and not detached and not _is_single_item(units, start):
        return
    if first.ordered and not detached and _are_headings(units, start, end):
        return
    group = groups.new()
    confidence = 0.985 if len(run) > 1 else 0.86
    for index in range(start, end):
        labels[index] = Label(
            BlockKind.ITEM, "marked_items", confidence, (("paragraph", 1 - confidence),), group, first.ordered
        )


def _is_single_item(units: list[Unit], index: int) -> bool:
    """Tell whether a lone marker makes a list: only where nothing else explains it."""
    unit = units[index]
    if unit.marker in _DASHES or (unit.ordered and unit.number is None):
        return False
    before = units[index - 1] if index else None
    if unit.marker == "-" and before is not None and before.text[-1:] in '"”’»':
        return False  # who said it
    if not unit.ordered:
        return True
    facts = observe_unit(unit)
    if facts is None or (facts.end == "." and facts.words > 3):
        return before is not None and before.last == ":"
    return False


def _are_headings(units: list[Unit], start: int, end: int) -> bool:
    """Recognise numbered lines in a row that are section titles, in a document whose numbers go on elsewhere.

    "2. Costs" directly above "3. Schools" happens when the text of a section was left out; the sequence
    then continues after a paragraph.
    """
    if end - start > 2:
        return False
    last = units[end - 1].number
    if last is None or end >= len(units):
        return False
    facts = [observe_unit(unit) for unit in units[start:end]]
    if any(fact is None or fact.end in ".;," for fact in facts):
        return False
    first = units[start].number or 0
    sign = units[start].marker[-1]
    later = units[end : end + MAX_UNITS_TO_NEXT_NUMBER]
    goes_on = any(unit.number == last + 1 and unit.marker[-1] == sign for unit in later)
    came_from = first > 1
    return goes_on and came_from
