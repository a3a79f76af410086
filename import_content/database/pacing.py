"""How much to write at once, and when to let others go first.

What an editor waits for while an import runs, and what is done about it:

**SQLite has one writer, and does not hand its lock over in turn.**  Whoever finds it taken sleeps and looks again, in
the end every 100 ms (`sqlite3_busy_timeout`), and whoever asks at the right moment has it.  A save in the admin is no
single transaction: it takes the lock four times (revision, schedule, page, log entry) and queues anew each time.  So an
import that lets others in for a moment after each batch makes a save wait for four batches and more, and two imports
fill each other's pauses.  Therefore

- importers of one database take turns (`sqlite_turns.WriterTurn`): between two batches, of whichever importers, the
  lock is free for `GAP_SECONDS`, which is longer than anybody sleeps;
- what others write in that time (`PRAGMA data_version`), or are writing at its end (the lock is taken), lengthens it:
  an importer comes back when all has been quiet for `GAP_SECONDS`, so that a save that has begun is done in one go;
- a batch is shorter while others are about, since a save may have to wait for one.

That costs an import its speed, so it is done only while others are about: for `POLITE_SECONDS` after another connection
has committed, or held the lock, or another importer had the turn.  An editor that is open in a browser commits every
ten seconds (Wagtail's editing sessions), which keeps importers polite before the first save.  Alone, an importer waits
for nobody; a save that comes out of the blue then has to find the moments between batches, in which the next one is
prepared.

An importer parses and plans while it leaves the lock alone: the gap is counted from the end of the last batch.

**PostgreSQL queues fairly**, row by row, and an editor's save of an article takes no row that an import holds for
longer than a batch: pages above it are held in share mode.  Nobody has to give way; what an editor feels is the work
itself, which is why the processes that parse have a low priority (`pool`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from django.db import DEFAULT_DB_ALIAS

from import_content.database.sqlite_turns import WriterTurn, other_writers_of

T = TypeVar("T")

FIRST_BATCH_SIZE = 10
MIN_BATCH_SIZE = 10
MAX_BATCH_SIZE = 500
TRANSACTION_SECONDS = 0.5
"""What a transaction should take.  The larger a batch, the less each of its articles costs: SQLite stores the words of
a transaction's articles together."""
SHARED_TRANSACTION_SECONDS = 0.2
GAP_SECONDS = 0.15
"""Longer than SQLite sleeps between two looks at its lock."""
MAX_WAIT_SECONDS = 1.0
"""Seconds that a batch is held back at most, however much others write."""
POLITE_SECONDS = 15.0
"""Seconds to go on giving way after others were seen; longer than the ten between two signs of life of an editor."""


class OtherWriters(Protocol):
    """Who else works on the database.  `None` of them: see `other_writers_of`."""

    def have_written(self) -> bool:
        """Whether another connection has committed since this was last asked."""
        ...

    def are_writing(self) -> bool:
        """Whether another connection is in the middle of writing."""
        ...

    @contextmanager
    def turn(self) -> Iterator[WriterTurn]:
        """No other importer writes meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    now: Callable[[], float] = time.monotonic
    """The same for all processes of a machine."""
    sleep: Callable[[float], None] = time.sleep


class Pacer:
    """Deals out work in batches that take about `TRANSACTION_SECONDS` to write, and gives way to others."""

    def __init__(
        self,
        *,
        using: str = DEFAULT_DB_ALIAS,
        other_writers: Callable[[], OtherWriters | None] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._other_writers = other_writers or other_writers_of(using)
        self._clock = clock or Clock()
        self._size = FIRST_BATCH_SIZE

    def batches(self, items: Iterable[T]) -> Iterator[list[T]]:
        iterator = iter(items)
        while batch := list(islice(iterator, self._size)):
            yield batch

    @contextmanager
    def transaction(self, count: int) -> Iterator[None]:
        """Around the writing of `count` items, from before its transaction begins to after its end."""
        other_writers = self._other_writers()
        if other_writers is None:
            with self._measured(count, TRANSACTION_SECONDS):
                yield
            return
        with other_writers.turn() as turn:
            polite = self._give_way(other_writers, turn)
            try:
                with self._measured(count, SHARED_TRANSACTION_SECONDS if polite else TRANSACTION_SECONDS):
                    yield
            finally:
                turn.ended = self._clock.now()

    @contextmanager
    def _measured(self, count: int, wanted: float) -> Iterator[None]:
        start = self._clock.now()
        yield
        seconds = max(self._clock.now() - start, 0.001)
        self._size = min(max(int(count * wanted / seconds), MIN_BATCH_SIZE), MAX_BATCH_SIZE, max(count, 1) * 2)

    def _give_way(self, other_writers: OtherWriters, turn: WriterTurn) -> bool:
        """Whether others are about; returns when they have had their chance to write."""
        begun = self._clock.now()
        if other_writers.have_written() or other_writers.are_writing() or turn.was_waited_for:
            turn.polite_until = begun + POLITE_SECONDS
        if not begun < turn.polite_until <= begun + POLITE_SECONDS:  # the clock begins anew with the machine
            return False
        if begun - GAP_SECONDS < turn.ended <= begun:
            self._clock.sleep(turn.ended + GAP_SECONDS - begun)
        while (
            other_writers.have_written() or other_writers.are_writing()
        ) and self._clock.now() < begun + MAX_WAIT_SECONDS:
            turn.polite_until = self._clock.now() + POLITE_SECONDS
            self._clock.sleep(GAP_SECONDS)
        return True
