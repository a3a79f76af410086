"""Lists with markers, and what only looks like one: numbered headings, attributions, initials."""

from __future__ import annotations

from itertools import pairwise

from import_content.document import Span
from import_content.parsing.structure.facts import observe_unit
from import_content.parsing.structure.list_levels import ListLevels
from import_content.parsing.structure.units import BlockKind, GroupNumbers, Label, Labels, Unit

MAX_UNITS_TO_NEXT_NUMBER = 60
"""Units between one numbered heading and the next."""
MAX_NUMBERED_HEADING_WORDS = 14
MIN_SECTION_WORDS = 8
"""A unit of so many words between two numbered lines makes sections of them."""
MIN_LONE_ITEM_WORDS = 9
_DASHES = frozenset("–—+>")
"""Signs that mark a list only when several lines in a row have them."""


def claim_lists(units: list[Unit], labels: Labels, groups: GroupNumbers) -> None:
    """Label the items of marked lists.  Other units keep their marker apart for now: see `restore_marker`."""
    headings = find_numbered_headings(units)
    for index in headings:
        units[index].in_sequence = True
    position = 0
    while position < len(units):
        if not units[position].marker or position in headings:
            position += 1
            continue
        levels = ListLevels(units[position])
        end = position + 1
        while end < len(units) and end not in headings and levels.take(units[end - 1], units[end]):
            end += 1
        _decide(units, labels, position, levels.depths, groups)
        position = end


def find_numbered_headings(units: list[Unit]) -> set[int]:
    """Find the short numbered lines whose sequence goes on after other text: headings, whatever sign they end with."""
    chain: list[int] = []
    chains: list[list[int]] = []
    for index, unit in enumerate(units):
        if unit.number is None or unit.words > MAX_NUMBERED_HEADING_WORDS or unit.last in ",;:" or unit.is_detached:
            continue
        if (
            chain
            and unit.number == (units[chain[-1]].number or 0) + 1
            and unit.marker[-1] == units[chain[-1]].marker[-1]
        ):
            chain.append(index)
            continue
        chain = [index]
        chains.append(chain)
    found: set[int] = set()
    for chain in chains:
        apart = sum(_stands_apart(units, before, after) for before, after in pairwise(chain))
        if apart and apart * 2 >= len(chain) - 1:
            found.update(chain)
    return found


def _stands_apart(units: list[Unit], before: int, after: int) -> bool:
    """Tell whether text stands between two numbered lines, each of them free."""
    if after - before < 2 or not units[after].gap:
        return False
    return any(unit.words >= MIN_SECTION_WORDS for unit in units[before + 1 : min(after, before + 4)])


def restore_marker(unit: Unit) -> None:
    """Take the marker back into the text: it was none."""
    if not unit.marker or unit.marker_span is None:
        return
    glued = unit.spans[0].start == unit.marker_span.end
    unit.text = f"{unit.marker}{'' if glued else ' '}{unit.text}"
    unit.spans[0] = Span(unit.marker_span.start, unit.spans[0].end)
    unit.measure()
    unit.marker, unit.marker_span = "", None


def _decide(units: list[Unit], labels: Labels, start: int, depths: list[int], groups: GroupNumbers) -> None:
    end = start + len(depths)
    run = units[start:end]
    first = run[0]
    detached = any(unit.is_detached for unit in run)
    if len(run) == 1 and not detached and not _is_single_item(units, start):
        return
    if first.ordered and not detached and _are_headings(units, start, end):
        return
    group = groups.new()
    confidence = 0.985 if len(run) > 1 else 0.86
    for index, depth in zip(range(start, end), depths, strict=True):
        others = (("paragraph", round(1 - confidence, 3)),)
        ordered = units[index].ordered if depth else first.ordered
        labels[index] = Label(BlockKind.ITEM, "marked_items", confidence, others, group, ordered, depth=depth)


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
        led_in = before is not None and before.last == ":"
        return led_in or (unit.number == 1 and unit.words >= MIN_LONE_ITEM_WORDS and unit.gap and unit.gap_after)
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
