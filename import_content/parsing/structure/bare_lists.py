"""Lists whose items carry no marker: several lines that stand together."""

from __future__ import annotations

from import_content.parsing.structure.evidence import HeadingStyle
from import_content.parsing.structure.facts import TextFacts, observe_unit
from import_content.parsing.structure.units import BlockKind, GroupNumbers, Label, Labels, Unit

MAX_ITEM_WORDS = 60
_NOT_BEFORE = (BlockKind.ITEM, BlockKind.ENTRY, BlockKind.ROW)


def claim_bare_lists(units: list[Unit], labels: Labels, groups: GroupNumbers, style: HeadingStyle) -> None:
    """Turn runs of lines that stand together into lists.

    With blank lines between blocks, lines without one between them are one block.  Without any, only a
    lead-in that ends in a colon shows where a list starts, and a change of form where it ends.
    """
    spaced = sum(unit.gap for unit in units[1:]) * 5 >= len(units)
    position = 1
    while position < len(units):
        start, end = _find(units, labels, position, spaced, style)
        if end - start >= 2:
            led_in = units[start - 1].last == ":"
            confidence = 0.85 if led_in else 0.7
            group = groups.new()
            for index in range(start, end):
                labels[index] = Label(
                    BlockKind.ITEM, "bare_lines", confidence, (("paragraph", round(1 - confidence, 3)),), group
                )
            if spaced and _heads(units[start - 1], labels[start - 1]):
                labels[start - 1] = Label(BlockKind.HEADING, "above_bare_list", 0.75, (("paragraph", 0.25),))
        position = max(end, position + 1)


def _find(units: list[Unit], labels: Labels, start: int, spaced: bool, style: HeadingStyle) -> tuple[int, int]:
    """Find the bare list that starts at or just after `start`; an empty range where there is none."""
    led_in = units[start - 1].last == ":"
    before = labels[start - 1]
    if not _may_be_item(units[start], labels[start]) or (before is not None and before.kind in _NOT_BEFORE):
        return start, start
    if spaced and not (units[start].gap or led_in):
        return start, start
    if not spaced and not led_in:
        return start, start
    end = start + 1
    while end < len(units) and not units[end].gap and _may_be_item(units[end], labels[end]):
        end += 1
    if not spaced:
        return start, _cut(units, labels, start, end)
    start = _skip_headings(units, labels, start, end, style)
    return (start, end) if _alike(units[start:end]) else (start, start)


def _may_be_item(unit: Unit, label: Label | None) -> bool:
    if label is None or label.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or unit.underline:
        return False
    return unit.words <= MAX_ITEM_WORDS and label.rule != "profile" and unit.last != ":"


def _heads(unit: Unit, label: Label | None) -> bool:
    """Tell whether this is a heading: a short free line without a final sign above a bare list."""
    facts = observe_unit(unit)
    if label is None or label.kind is not BlockKind.PARAGRAPH or label.rule == "profile" or facts is None:
        return False
    return unit.gap and facts.words <= 10 and facts.end.isalnum() and not (facts.role or facts.starts_lower)


def _skip_headings(units: list[Unit], labels: Labels, start: int, end: int, style: HeadingStyle) -> int:
    """Step past the headings on top of a block, in a text whose headings stand on top of theirs."""
    while start < end:
        label, facts = labels[start], observe_unit(units[start])
        is_heading = label is not None and label.kind is BlockKind.HEADING
        if not (is_heading and facts is not None and (style.glued > 0.5 or facts.numbered)):
            break
        start += 1
    return start


def _alike(run: list[Unit]) -> bool:
    """Compare lines: of one kind, most of them short; a short line on top of a sentence heads its paragraph."""
    if len(run) < 2:
        return False
    facts = [observe_unit(unit) for unit in run]
    short = [fact for fact in facts if fact is not None]
    if len(short) * 2 <= len(run) or any(fact.role for fact in short):
        return False
    ends = [fact is not None and fact.end in ".!" for fact in facts]
    if len(run) == 2 and all(ends) and run[0].text[0].isupper() and (facts[1] is None or facts[1].words > 4):
        return False  # a sentence and its answer
    return not (len(run) == 2 and not ends[0] and (ends[1] or run[1].words > 2.5 * run[0].words + 4))


def _cut(units: list[Unit], labels: Labels, start: int, end: int) -> int:
    """Cut the run, which without blank lines may hold the next heading, before a line in another form."""
    facts: list[TextFacts | None] = [observe_unit(unit) for unit in units[start:end]]
    first = facts[0]
    if first is None:
        return start
    stop = start
    for offset, fact in enumerate(facts):
        if fact is None or fact.role or fact.starts_lower != first.starts_lower:
            break
        if (fact.end == "." and first.end != ".") or fact.numbered:
            break
        stop = start + offset + 1
    last = labels[stop - 1] if stop > start else None
    if last is not None and last.kind is BlockKind.HEADING and stop < len(units) and units[stop].words >= 15:
        stop -= 1
    return stop if stop - start >= 2 else start
