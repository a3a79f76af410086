"""Runs SQL that is run many times.

Where queries are logged, counted or wrapped, through Django's cursor like any other.  Otherwise without the work that
cursors repeat for every query although it has the same result each time: rewriting placeholders on SQLite, planning on
PostgreSQL; see `api.queries.postgresql`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

Row: TypeAlias = tuple[Any, ...]


def reading_connection() -> BaseDatabaseWrapper:
    """The connection that answers are read from: it cannot write, and its statements have a time limit (PostgreSQL).

    Within a transaction it is that of the transaction, which sees what was written in it.
    """
    writing = connections[DEFAULT_DB_ALIAS]
    return writing if writing.in_atomic_block else connections[settings.API_DATABASE]


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
            from api.queries.postgresql import rows  # needs the driver

            with connection.wrap_database_errors:
                found = rows(connection.connection, text, values)
            if found is not None:
                return found
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        fetched: list[Row] = cursor.fetchall()
        return fetched


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
