"""Runs SQL that is run many times.

Where queries are logged, counted or wrapped, through Django's cursor like any other.  Otherwise without the work that
Django's cursors repeat for every query although it has the same result each time: rewriting placeholders on SQLite, and
on PostgreSQL planning, which for a visibility rule takes ten times as long as the query itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper

Row: TypeAlias = tuple[Any, ...]

NEVER_BY_ITSELF = 2**31
"""After so many runs the driver prepares a statement that nobody asked it to prepare."""


def run(connection: BaseDatabaseWrapper, text: str, values: Sequence[Any], *, prepared: bool = True) -> list[Row]:
    """Rows of SQL with ``%s`` placeholders.  Not `prepared`: where the best plan depends on the values."""
    connection.ensure_connection()
    if not connection.queries_logged and not connection.execute_wrappers:
        if connection.vendor == "sqlite":
            return _sqlite(connection, text, values)
        if (
            prepared
            and connection.vendor == "postgresql"
            and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        ):
            return _prepared(connection, text, values)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows: list[Row] = cursor.fetchall()
        return rows


@lru_cache(maxsize=1024)
def _question_marks(text: str) -> str:
    return text.replace("%s", "?").replace("%%", "%")


def _sqlite(connection: BaseDatabaseWrapper, text: str, values: Sequence[Any]) -> list[Row]:
    with connection.wrap_database_errors:
        cursor = sqlite3.Cursor(connection.connection)
        try:
            rows: list[Row] = cursor.execute(_question_marks(text), values).fetchall()
        finally:
            cursor.close()
        return rows


def _prepared(connection: BaseDatabaseWrapper, text: str, values: Sequence[Any]) -> list[Row]:
    """With a plan that PostgreSQL makes once per connection.

    Poolers that hand a connection to somebody else between two transactions lose prepared statements; whoever uses
    one says so with ``DISABLE_SERVER_SIDE_CURSORS``, and gets no prepared statements either.
    """
    import psycopg

    raw = connection.connection
    with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
        if raw.prepare_threshold is None:  # as Django opens it: nothing is prepared
            raw.prepare_threshold = NEVER_BY_ITSELF
            cursor.execute("SET plan_cache_mode = force_generic_plan")  # concerns prepared statements only
        rows: list[Row] = cursor.execute(text, values, prepare=True).fetchall()
        return rows
