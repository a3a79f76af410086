"""How much is written at once, and when others go first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from import_content.database.pacing import (
    FIRST_BATCH_SIZE,
    GAP_SECONDS,
    MAX_BATCH_SIZE,
    MAX_WAIT_SECONDS,
    MIN_BATCH_SIZE,
    POLITE_SECONDS,
    SHARED_TRANSACTION_SECONDS,
    TRANSACTION_SECONDS,
    Clock,
    Pacer,
)
from import_content.database.sqlite_turns import SqliteWriters, WriterTurn, other_writers_of


@dataclass
class World:
    """A clock that only moves when somebody sleeps or works, and an editor who may write whenever it moves."""

    time: float = 1000.0
    slept: list[float] = field(default_factory=list)
    editor: Callable[[], bool] = lambda: False
    """Asked after each sleep: whether the editor wrote meanwhile."""
    wrote: bool = False
    writing: bool = False
    note: WriterTurn = field(default_factory=WriterTurn)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.time += seconds
        self.wrote = self.wrote or self.editor()

    def have_written(self) -> bool:
        wrote, self.wrote = self.wrote, False
        return wrote

    def are_writing(self) -> bool:
        return self.writing

    @contextmanager
    def turn(self) -> Iterator[WriterTurn]:
        yield self.note

    def pace(self) -> Pacer:
        return Pacer(other_writers=lambda: self, clock=Clock(lambda: self.time, self.sleep))

    def write(self, pace: Pacer, count: int, *, each: float = 0.001, before: float = 0.0) -> None:
        """A batch, `before` seconds after what was done last."""
        self.time += before
        with pace.transaction(count):
            self.time += count * each


def sizes(pace: Pacer, world: World, number: int, each: float) -> list[int]:
    found = []
    for batch in pace.batches(range(100_000)):
        found.append(len(batch))
        world.write(pace, len(batch), each=each)
        if len(found) == number:
            break
    return found


def test_alone_an_import_never_waits() -> None:
    world = World()
    sizes(world.pace(), world, 50, each=0.001)
    assert world.slept == []


def test_batches_grow_until_they_take_as_long_as_they_should() -> None:
    world = World()
    found = sizes(world.pace(), world, 8, each=1 / 256)
    assert found == [FIRST_BATCH_SIZE, 20, 40, 80, 128, 128, 128, 128]
    assert found[-1] / 256 == TRANSACTION_SECONDS


@pytest.mark.parametrize(("each", "size"), [(1.0, MIN_BATCH_SIZE), (0.000001, MAX_BATCH_SIZE)])
def test_batches_have_bounds(each: float, size: int) -> None:
    world = World()
    assert sizes(world.pace(), world, 12, each=each)[-1] == size


def test_batches_are_shorter_while_others_are_about() -> None:
    world = World(wrote=True)
    assert sizes(world.pace(), world, 8, each=1 / 256)[-1] == int(SHARED_TRANSACTION_SECONDS * 256)


def test_beside_others_the_lock_is_free_for_a_gap_after_each_batch() -> None:
    world = World(wrote=True)
    pace = world.pace()
    for _ in range(3):
        world.write(pace, 10)
    assert world.slept == [GAP_SECONDS, GAP_SECONDS]


def test_what_an_importer_does_between_batches_counts_as_part_of_the_gap() -> None:
    world = World(wrote=True)
    pace = world.pace()
    world.write(pace, 10)
    world.write(pace, 10, before=GAP_SECONDS / 3)
    world.write(pace, 10, before=GAP_SECONDS * 2)
    assert world.slept == [pytest.approx(GAP_SECONDS * 2 / 3, abs=1e-6)]


def test_the_gap_counts_from_the_batch_of_any_importer() -> None:
    world = World(wrote=True)
    world.write(world.pace(), 10)
    world.write(world.pace(), 10)
    assert world.slept == [GAP_SECONDS]


def test_a_save_that_has_begun_is_left_to_finish() -> None:
    """It takes the lock several times, each time before the gap is over."""
    saves = iter([True, True, True, False])
    world = World(wrote=True, editor=lambda: next(saves))
    pace = world.pace()
    world.write(pace, 10)
    world.write(pace, 10)
    assert world.slept == [GAP_SECONDS] * 4


def test_somebody_in_the_middle_of_writing_is_waited_for_but_not_for_ever() -> None:
    world = World(writing=True)
    start = world.time
    world.write(world.pace(), 10, each=0)
    assert MAX_WAIT_SECONDS <= world.time - start < MAX_WAIT_SECONDS + GAP_SECONDS


def test_others_who_write_without_end_hold_a_batch_back_for_a_while_only() -> None:
    world = World(wrote=True, editor=lambda: True)
    pace = world.pace()
    world.write(pace, 10)
    start = world.time
    world.write(pace, 10, each=0)
    assert world.time - start < MAX_WAIT_SECONDS + GAP_SECONDS


def test_when_nobody_has_been_seen_for_long_an_import_is_as_fast_as_alone() -> None:
    world = World(wrote=True)
    pace = world.pace()
    world.write(pace, 10)
    world.time += POLITE_SECONDS
    world.write(pace, 10)
    world.write(pace, 10)
    assert world.slept == []


def test_two_importers_leave_gaps_though_nobody_else_has_written() -> None:
    world = World()
    world.note.was_waited_for = True
    pace = world.pace()
    world.write(pace, 10)
    world.write(pace, 10)
    assert world.slept == [GAP_SECONDS]


def test_a_note_from_before_the_machine_was_started_anew_means_nothing() -> None:
    world = World(note=WriterTurn(ended=9e9, polite_until=9e9))
    world.write(world.pace(), 10)
    assert world.slept == []
    world.wrote = True
    world.note.ended = 9e9
    world.write(world.pace(), 10)
    assert world.slept == []


def test_the_turn_ends_with_a_batch_that_fails() -> None:
    world = World(wrote=True)
    pace = world.pace()

    def fail() -> None:
        with pace.transaction(10):
            world.time += 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert world.note.ended == world.time


# --- on a real database -----------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    settings = connection.settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "db.sqlite3"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 7, "init_command": "PRAGMA journal_mode=WAL"},
    }
    wrapper = DatabaseWrapper(settings, "default")
    with django_db_blocker.unblock():
        wrapper.connect()
        wrapper.connection.execute("CREATE TABLE t (x)")
        yield wrapper
        wrapper.close()


@pytest.fixture
def other(database: DatabaseWrapper) -> Iterator[sqlite3.Connection]:
    there = sqlite3.connect(str(database.settings_dict["NAME"]), isolation_level=None)
    yield there
    there.close()


def test_what_another_connection_commits_is_seen_once(database: Any, other: sqlite3.Connection) -> None:
    other_writers = SqliteWriters(database)
    assert not other_writers.have_written()
    database.connection.execute("INSERT INTO t VALUES (1)")
    assert not other_writers.have_written()
    other.execute("INSERT INTO t VALUES (2)")
    assert other_writers.have_written()
    assert not other_writers.have_written()


def test_a_lock_that_another_connection_holds_is_seen_and_left_alone(database: Any, other: sqlite3.Connection) -> None:
    other_writers = SqliteWriters(database)
    assert not other_writers.are_writing()
    other.execute("BEGIN IMMEDIATE")
    assert other_writers.are_writing()
    other.execute("COMMIT")
    assert not other_writers.are_writing()
    assert database.connection.execute("PRAGMA busy_timeout").fetchone() == (7000,)
    assert not database.connection.in_transaction


def test_importers_of_one_database_take_turns_and_leave_a_note(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from import_content.database import sqlite_turns as module

    monkeypatch.setattr(module, "TURN_TIMEOUT_SECONDS", 0.05)
    one, two = SqliteWriters(database), SqliteWriters(database)
    with one.turn() as turn:
        assert not turn.was_waited_for
        turn.ended, turn.polite_until = 12.5, 27.5
        with two.turn() as impatient:
            assert impatient.was_waited_for
    with two.turn() as turn:
        assert (turn.ended, turn.polite_until, turn.was_waited_for) == (12.5, 27.5, False)


def test_a_folder_that_takes_no_file_makes_no_turns_and_stops_nobody(database: Any, tmp_path: Path) -> None:
    (tmp_path / "db.sqlite3-import").mkdir()
    with SqliteWriters(database).turn() as turn:
        assert not turn.was_waited_for


@pytest.mark.django_db
def test_inside_a_transaction_of_the_callers_nobody_is_given_way_to() -> None:
    assert other_writers_of("default")() is None
