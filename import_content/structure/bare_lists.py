"""Lists whose items carry no marker: several short lines together."""

from __future__ import annotations

from .facts import Facts, observe
from .labels import Kind, Label, Labels
from .tables import Groups
from .units import Unit

LONGEST_ITEM_WORDS = 40


def claim_bare_lists(units: list[Unit], labels: Labels, groups: Groups) -> None:
    """Turn runs of lines that stand together under a lead-in into lists."""
    spaced = sum(unit.gap for unit in units[1:]) * 5 >= len(units)
    position = 1
    while position < len(units):
        end = _run_end(units, labels, position, spaced)
        if end - position >= 2:
            confidence = 0.8 if units[position - 1].text.endswith(":") else 0.65
            group = groups.new()
            for index in range(position, end):
                labels[index] = Label(
                    Kind.ITEM, "bare_lines", confidence, (("paragraph", round(1 - confidence, 3)),), group
                )
        position = max(end, position + 1)


def _run_end(units: list[Unit], labels: Labels, start: int, spaced: bool) -> int:
    """The index after the last item of a bare list that starts at `start`; `start` itself where there is none."""
    before = units[start - 1]
    led_in = before.text.endswith(":")
    if labels[start - 1] is not None and labels[start - 1].kind in (Kind.ITEM, Kind.ENTRY, Kind.ROW):  # type: ignore[union-attr]
        return start
    end = start
    while end < len(units) and _may_be_item(units[end], labels[end]):
        if end > start and units[end].gap:
            break
        if end == start and spaced and not units[end].gap and not led_in:
            break
        end += 1
    if end - start < 2:
        return start
    if spaced:
        return end if units[start].gap and _alike(units[start:end]) else start
    return _cut_unspaced(units, labels, start, end) if led_in else start


def _may_be_item(unit: Unit, label: Label | None) -> bool:
    if label is None or label.kind not in (Kind.PARAGRAPH, Kind.HEADING) or unit.underline:
        return False
    return unit.words <= LONGEST_ITEM_WORDS


def _alike(run: list[Unit]) -> bool:
    """Short lines of one kind; a short line on top of a sentence is a heading on top of its paragraph."""
    facts = [observe(unit) for unit in run]
    if any(fact is None or fact.role for fact in facts):
        return False
    ends = [fact is not None and fact.end in ".!" for fact in facts]
    return not (len(run) == 2 and not ends[0] and (ends[1] or run[1].words > 2.5 * run[0].words + 4))


def _cut_unspaced(units: list[Unit], labels: Labels, start: int, end: int) -> int:
    """Without blank lines the run may hold the next heading: it ends before a line in another style."""
    facts: list[Facts | None] = [observe(unit) for unit in units[start:end]]
    first = facts[0]
    if first is None:
        return start
    stop = start
    for offset, fact in enumerate(facts):
        if fact is None or fact.role or fact.starts_lower != first.starts_lower:
            break
        if fact.end == "." and first.end != ".":
            break
        stop = start + offset + 1
    if stop < len(units) and stop - start >= 2 and labels[stop - 1] is not None:
        last = labels[stop - 1]
        if last is not None and last.kind is Kind.HEADING and units[stop].words >= 15:
            stop -= 1
    return stop if stop - start >= 2 else start
