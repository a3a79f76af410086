"""What to do when the database goes away, refuses for the moment, or is full."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, connections

T = TypeVar("T")

logger = logging.getLogger(__name__)

RETRY_WAITS_SECONDS = (0.2, 1.0, 3.0, 8.0, 20.0)
"""Seconds before each new attempt; after the last one the error stands."""
_PASSING_STATES = ("08", "40", "55P03", "57P0")
"""PostgreSQL: connection lost, rolled back for another, lock not to be had, server going down or coming up."""
_PASSING_WORDS = ("database is locked", "database table is locked", "database is busy")
_FULL_STATES = ("53100",)
_FULL_WORDS = ("database or disk is full", "no space left on device")


class OvertakenError(OperationalError):
    """Others have made untrue what a transaction has read; run again, it sees what is true now."""


class DatabaseFullError(Exception):
    """There is no room left where the database lives."""

    def __str__(self) -> str:
        return (
            "the disk that the database is on is full. What was imported stands; free some space and run the same "
            "command again to go on"
        )


def is_outage(error: BaseException) -> bool:
    """Whether an error says something about the database's condition, and nothing about what was to be written."""
    return isinstance(error, Error) and (is_transient(error) or is_full(error))


def is_transient(error: Error) -> bool:
    if isinstance(error, OvertakenError):
        return True
    state = _state(error)
    if state is not None:
        return state.startswith(_PASSING_STATES)
    if isinstance(error, OperationalError) and any(word in str(error).lower() for word in _PASSING_WORDS):
        return True
    # Without a state the server never answered: the connection itself broke.
    return _is_postgresql(error) and isinstance(error, OperationalError | InterfaceError)


def is_full(error: Error) -> bool:
    state = _state(error)
    if state is not None:
        return state in _FULL_STATES
    return any(word in str(error).lower() for word in _FULL_WORDS)


def retry_on_outage(work: Callable[[], T], *, using: str = DEFAULT_DB_ALIAS) -> T:
    """`work`, tried again over a new connection when the database was out of reach for a moment.

    `work` is a whole transaction and may run several times.  Inside a transaction of the caller's it runs once.
    Raises `DatabaseFullError`, or the last error where the database does not come back.
    """
    for wait in (*RETRY_WAITS_SECONDS, None):
        try:
            return work()
        except Error as error:
            if is_full(error):
                raise DatabaseFullError from error
            if wait is None or not is_transient(error) or connections[using].in_atomic_block:
                raise
            logger.warning("The database is out of reach (%s); trying again in %g s.", _brief(error), wait)
            connections[using].close()
            time.sleep(wait)
    raise AssertionError("the last attempt returns or raises")


def _state(error: BaseException) -> str | None:
    state = getattr(error.__cause__, "sqlstate", None)
    return state if isinstance(state, str) else None


def _is_postgresql(error: BaseException) -> bool:
    return type(error.__cause__).__module__.startswith("psycopg")


def _brief(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]
