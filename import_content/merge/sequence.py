"""The three-way merge of sequences of items: who is there, what it says, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from import_content.merge.values import Action

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slot:
    """One item in the three versions, by index; None where it is not."""

    base: int | None = None
    ours: int | None = None
    theirs: int | None = None


@dataclass(frozen=True, slots=True)
class Rules(Generic[T]):
    """How items of one kind are compared and combined."""

    same: Callable[[T, T], bool]
    combine: Callable[[T, T, T], T]
    """The merge of base, ours and theirs of one item that is in all three; logs what it decides."""
    log: Callable[[Action, T | None, T | None, T | None, T | None], None]
    """Called with action, base, ours, theirs, result for what is decided about an item as a whole."""
    log_order: Callable[[Action], None]


@dataclass(frozen=True, slots=True)
class PlacedItem(Generic[T]):
    slot: Slot
    item: T


def merge_sequence(
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    ours_of: Sequence[int | None],
    theirs_of: Sequence[int | None],
    rules: Rules[T],
) -> list[PlacedItem[T]]:
    """The merged sequence.  `ours_of` and `theirs_of` give, for each of their items, its index in `base`."""
    slots = _slots(base, ours, theirs, ours_of, theirs_of, rules)
    kept: dict[Slot, T] = {}
    for slot in slots:
        item = _decide(slot, base, ours, theirs, rules)
        if item is not None:
            kept[slot] = item
    return [PlacedItem(slot, kept[slot]) for slot in _order(list(kept), rules)]


def _slots(
    base: Sequence[T],
    ours: Sequence[T],
    theirs: Sequence[T],
    ours_of: Sequence[int | None],
    theirs_of: Sequence[int | None],
    rules: Rules[T],
) -> list[Slot]:
    my_index = {b: i for i, b in enumerate(ours_of) if b is not None}
    their_index = {b: i for i, b in enumerate(theirs_of) if b is not None}
    slots = [Slot(b, my_index.get(b), their_index.get(b)) for b in range(len(base))]
    new_theirs = [i for i, b in enumerate(theirs_of) if b is None]
    for i, b in enumerate(ours_of):
        if b is not None:
            continue
        twin = next((j for j in new_theirs if rules.same(ours[i], theirs[j])), None)
        if twin is not None:
            new_theirs.remove(twin)
        slots.append(Slot(None, i, twin))
    return slots + [Slot(None, None, j) for j in new_theirs]


def _decide(slot: Slot, base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], rules: Rules[T]) -> T | None:
    b = base[slot.base] if slot.base is not None else None
    o = ours[slot.ours] if slot.ours is not None else None
    t = theirs[slot.theirs] if slot.theirs is not None else None
    if b is None:
        return _decide_new(o, t, rules)
    if o is not None and t is not None:
        return rules.combine(b, o, t)
    if o is not None:
        touched = not rules.same(b, o)
        rules.log(Action.CONFLICT_REMOVED if touched else Action.REMOVED, b, o, None, o if touched else None)
        return o if touched else None
    if t is not None:
        changed = not rules.same(b, t)
        rules.log(Action.CONFLICT_KEPT_REMOVED if changed else Action.KEPT_REMOVED, b, None, t, None)
        return None
    return None


def _decide_new(o: T | None, t: T | None, rules: Rules[T]) -> T | None:
    if o is None:
        rules.log(Action.ADDED, None, None, t, t)
        return t
    rules.log(Action.KEPT_ADDED, None, o, t, o)
    return o


def _order(slots: list[Slot], rules: Rules[T]) -> list[Slot]:
    """The editor's order where the editor moved something, else the source's; additions stand behind the item that
    they stand behind in their own version, the editor's first."""
    mine = sorted((s for s in slots if s.ours is not None), key=lambda s: s.ours or 0)
    yours = sorted((s for s in slots if s.theirs is not None), key=lambda s: s.theirs or 0)
    if _moved(mine):
        rules.log_order(Action.KEPT_ORDER)
        return _weave(mine, yours, behind_additions=True)
    if _moved(yours):
        rules.log_order(Action.REORDERED)
    return _weave(yours, mine, behind_additions=False)


def _moved(sequence: list[Slot]) -> bool:
    places = [slot.base for slot in sequence if slot.base is not None]
    return places != sorted(places)


def _weave(skeleton: list[Slot], other: list[Slot], *, behind_additions: bool) -> list[Slot]:
    result = list(skeleton)
    there = set(skeleton)
    previous: Slot | None = None
    for slot in other:
        if slot not in there:
            position = result.index(previous) + 1 if previous is not None else 0
            while behind_additions and position < len(result) and _is_editors_addition(result[position]):
                position += 1
            result.insert(position, slot)
            there.add(slot)
        previous = slot
    return result


def _is_editors_addition(slot: Slot) -> bool:
    return slot.base is None and slot.theirs is None
