"""Which item of one sequence is which of another, when there are no ids to say it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

T = TypeVar("T")

MIN_SIMILARITY = 0.5
"""Items that share this much of their words are the same item, changed."""
MAX_PAIRS = 40_000
"""More pairs than this are not compared one by one."""


def align(
    base: Sequence[T],
    other: Sequence[T],
    *,
    key: Callable[[T], Hashable],
    similarity: Callable[[T, T], float],
    in_place: float,
) -> list[int | None]:
    """For each item of `other` the index of its counterpart in `base`, each used once; None for a new item.

    First equal items in order, then equal items that moved, then similar ones, the most similar first; last, a
    single item on both sides between the same neighbours is the same one if it is at least `in_place` similar.
    """
    pairs = _equal(list(map(key, base)), list(map(key, other)))
    _add_similar(pairs, base, other, similarity)
    _add_in_place(pairs, base, other, similarity, in_place)
    return [pairs.get(index) for index in range(len(other))]


def _equal(base: Sequence[Hashable], other: Sequence[Hashable]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    for start, other_start, size in matcher.get_matching_blocks():
        pairs.update({other_start + step: start + step for step in range(size)})
    used = set(pairs.values())
    spare: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for index, value in enumerate(base):
        if index not in used:
            spare[value].append(index)
    for index, value in enumerate(other):
        if index not in pairs and spare[value]:
            pairs[index] = spare[value].popleft()
    return pairs


def _unpaired(pairs: dict[int, int], base: Sequence[T], other: Sequence[T]) -> tuple[list[int], list[int]]:
    used = set(pairs.values())
    return [i for i in range(len(base)) if i not in used], [j for j in range(len(other)) if j not in pairs]


def _add_similar(
    pairs: dict[int, int], base: Sequence[T], other: Sequence[T], similarity: Callable[[T, T], float]
) -> None:
    left, right = _unpaired(pairs, base, other)
    if len(left) * len(right) > MAX_PAIRS:
        return
    ranked = sorted(
        (-score, abs(i - j), j, i)
        for i in left
        for j in right
        if (score := similarity(base[i], other[j])) >= MIN_SIMILARITY
    )
    used: set[int] = set()
    for _, _, j, i in ranked:
        if j not in pairs and i not in used:
            pairs[j] = i
            used.add(i)


def _add_in_place(
    pairs: dict[int, int],
    base: Sequence[T],
    other: Sequence[T],
    similarity: Callable[[T, T], float],
    in_place: float,
) -> None:
    left, right = _unpaired(pairs, base, other)
    free = set(left)
    for j in right:
        before = pairs.get(j - 1, -1 if j == 0 else None)
        after = pairs.get(j + 1, len(base) if j == len(other) - 1 else None)
        if before is None or after != before + 2:
            continue
        i = before + 1
        if i in free and similarity(base[i], other[j]) >= in_place:
            pairs[j] = i
            free.discard(i)


_WORD = re.compile(r"\w+")


def words_of(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))


def shared(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of two bags of words: 0.0 nothing in common, 1.0 the same words."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
