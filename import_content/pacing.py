"""How much to write at once, and when to let others go first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, connections

T = TypeVar("T")

FIRST = 10
SMALLEST = 10
LARGEST = 400
SECONDS = 0.25
"""What a transaction should take: an editor's save may have to wait for one."""
PAUSE = 0.15
"""Longer than SQLite sleeps between two looks at its lock, which it does not hand over in turn."""
POLITE = 5.0
"""Seconds to go on pausing after others have written."""


class Pace:
    """Deals out work in batches that take about `SECONDS` to write.

    SQLite has one writer, and whoever asks often gets it: after a batch there is a pause while others write too.
    PostgreSQL queues fairly, and only those who write the same rows wait.
    """

    def __init__(self, *, using: str = DEFAULT_DB_ALIAS) -> None:
        self._connection = connections[using]
        self._size = FIRST
        self._version: int | None = None
        self._polite_until = 0.0

    def batches(self, items: Iterable[T]) -> Iterator[list[T]]:
        iterator = iter(items)
        while batch := list(islice(iterator, self._size)):
            yield batch

    @contextmanager
    def transaction_of(self, count: int) -> Iterator[None]:
        """Around the writing of `count` items: measures it, and rests afterwards if others are at work."""
        if self._others_wrote():
            self._polite_until = time.monotonic() + POLITE
        start = time.monotonic()
        yield
        seconds = max(time.monotonic() - start, 0.001)
        wanted = int(count * SECONDS / seconds)
        self._size = min(max(wanted, SMALLEST), LARGEST, max(count, 1) * 2)
        if time.monotonic() < self._polite_until:
            time.sleep(PAUSE)

    def _others_wrote(self) -> bool:
        """Whether another connection has committed since the last time this was asked."""
        if self._connection.vendor != "sqlite" or self._connection.in_atomic_block:
            return False
        with self._connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = int(cursor.fetchone()[0])
        changed = self._version not in (None, version)
        self._version = version
        return changed
