"""Who else writes to a SQLite database, as far as one can tell from outside."""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections

try:
    import fcntl
except ImportError:  # Windows has other locks: there, importers do not take turns
    fcntl = None  # type: ignore[assignment]

TURN_TIMEOUT_SECONDS = 30.0
"""Seconds to wait for one's turn.  An importer that was stopped (SIGSTOP) in its turn holds the others up no longer."""
LOCK_POLL_SECONDS = 0.01
_NOTE = struct.Struct("dd")


@dataclass(slots=True)
class WriterTurn:
    """What importers of one database tell each other; times of `time.monotonic`."""

    ended: float = 0.0
    """When the last batch was written, whoever wrote it."""
    polite_until: float = 0.0
    """Others than importers were about shortly before."""
    was_waited_for: bool = False
    """Another importer had the turn when this one asked."""


def other_writers_of(using: str) -> Callable[[], SqliteWriters | None]:
    """Asks who else writes, before a transaction.

    None: there is nobody to give way to, or it would be of no use, because the database is not SQLite, or lives in
    memory, or is being written to in a transaction of the caller's already.
    """
    connection: Any = connections[using]
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return lambda: None
    other_writers = SqliteWriters(connection)
    return lambda: None if connection.in_atomic_block else other_writers


class SqliteWriters:
    """See `pacing.OtherWriters`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._version: int | None = None

    def have_written(self) -> bool:
        """https://sqlite.org/pragma.html#pragma_data_version"""
        with self._connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version = int(cursor.fetchone()[0])
        changed = self._version not in (None, version)
        self._version = version
        return changed

    def are_writing(self) -> bool:
        """Tries the lock, without waiting for it."""
        self._connection.ensure_connection()
        raw: sqlite3.Connection = self._connection.connection
        (patience,) = raw.execute("PRAGMA busy_timeout").fetchone()
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("ROLLBACK")
        except sqlite3.Error as error:  # whatever else is wrong, the transaction itself will say
            return error.sqlite_errorname.startswith("SQLITE_BUSY")
        finally:
            raw.execute(f"PRAGMA busy_timeout = {int(patience)}")
        return False

    @contextmanager
    def turn(self) -> Iterator[WriterTurn]:
        """Holds a lock on a file beside the database, ``db.sqlite3-import``, which also holds the note."""
        path = Path(f"{self._connection.settings_dict['NAME']}-import")
        file = _open(path)
        if file is None:
            yield WriterTurn()
            return
        try:
            waited = _lock(file)
            turn = _read(file)
            turn.was_waited_for = waited
            try:
                yield turn
            finally:
                os.pwrite(file, _NOTE.pack(turn.ended, turn.polite_until), 0)
        finally:
            os.close(file)  # gives the lock back, as the end of the process would


def _open(path: Path) -> int | None:
    """None where there can be no turns: importers then do without."""
    if fcntl is None:
        return None
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError:
        return None


def _lock(file: int) -> bool:
    """Whether somebody else had it."""
    deadline = time.monotonic() + TURN_TIMEOUT_SECONDS
    waited = False
    while time.monotonic() < deadline:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waited = True
            time.sleep(LOCK_POLL_SECONDS)
        else:
            break
    return waited


def _read(file: int) -> WriterTurn:
    note = os.pread(file, _NOTE.size, 0)
    return WriterTurn(*_NOTE.unpack(note)) if len(note) == _NOTE.size else WriterTurn()
