"""The proof: a sum over the hashes of all public objects, kept per site, kind and locale.

An object's hash is the SHA-256 of type NUL id NUL locale NUL revision; sums are taken modulo 2^256, so that they do
not depend on an order and one change costs one subtraction and one addition.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from api.models import JournalSum

MODULUS = 2**256


def key_of(kind: str, object_id: int, locale: str) -> str:
    """Where an object stands in the tree of hashes: 64 hex digits."""
    return hashlib.sha256(f"{kind}\0{object_id}\0{locale}".encode()).hexdigest()


def hash_of(kind: str, object_id: int, locale: str, rev: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{kind}\0{object_id}\0{locale}\0{rev}".encode()).digest(), "big")


def hexadecimal(number: int) -> str:
    return f"{number % MODULUS:064x}"


@dataclass(slots=True)
class SumChanges:
    """What some changes add to the sums, and take from them."""

    counts: dict[tuple[int, str, str], int] = field(default_factory=lambda: defaultdict(int))
    roots: dict[tuple[int, str, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, site_id: int, kind: str, object_id: int, locale: str, rev: str, *, sign: int = 1) -> None:
        self.counts[site_id, kind, locale] += sign
        self.roots[site_id, kind, locale] += sign * hash_of(kind, object_id, locale, rev)

    def totals(self) -> dict[tuple[int, str, str], tuple[int, str]]:
        """Count and root of each bucket that has any object."""
        return {key: (count, hexadecimal(self.roots[key])) for key, count in self.counts.items() if count}

    def store(self) -> None:
        """One query, and one for each site, kind and locale that is concerned."""
        there = {(row.site_id, row.kind, row.locale): row for row in JournalSum.objects.all()} if self.counts else {}
        for bucket, count in self.counts.items():
            row = there.get(bucket) or JournalSum(
                site_id=bucket[0], kind=bucket[1], locale=bucket[2], count=0, root="0"
            )
            row.count += count
            row.root = hexadecimal(int(row.root, 16) + self.roots[bucket])
            row.save()


def total(site_id: int, kinds: Collection[str], locale: str | None) -> tuple[int, str]:
    """Count and root of a site's objects of these kinds (all where there are none); with a locale, of that locale
    and of those without one.  One query."""
    rows = JournalSum.objects.filter(site_id=site_id)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if locale is not None:
        rows = rows.filter(locale__in=["", locale])
    return added(rows.values_list("count", "root"))


def added(rows: Iterable[tuple[int, str]]) -> tuple[int, str]:
    found = list(rows)
    return sum(count for count, _ in found), hexadecimal(sum(int(root, 16) for _, root in found))
