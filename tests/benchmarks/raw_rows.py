"""The fastest that a database can take rows: the very rows of an import, inserted again without a thought."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

Chunks = dict[str, tuple[list[str], list[list[tuple[Any, ...]]]]]
"""Table to its columns, and its rows in as many chunks as there are batches; in one, where others refer to them."""
_FIRST = "pages_school"
_SHADOW = ("_fts", "_fts_data", "_fts_idx", "_fts_content", "_fts_docsize", "_fts_config")


def tables() -> list[str]:
    names = connection.introspection.table_names()
    return [name for name in names if not name.endswith(_SHADOW) and not name.startswith(("django_", "sqlite_"))]


def keys() -> dict[str, set[Any]]:
    """Primary keys of all rows, to know later which rows are new."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables():
            key = connection.introspection.get_primary_key_column(cursor, table)
            cursor.execute(f'SELECT "{key}" FROM "{table}"')  # noqa: S608 -- our own tables
            found[table] = {row[0] for row in cursor.fetchall()}
        return found


def read(batches: int, before: dict[str, set[Any]]) -> Chunks:
    """All rows that are not among `before`, as the driver gives them."""
    chunks: Chunks = {}
    with connection.cursor() as cursor:
        for table in tables():
            key = connection.introspection.get_primary_key_column(cursor, table)
            columns = _written_columns(cursor, table)
            listed = ", ".join(_as_text(cursor, table, column) for column in columns)
            cursor.execute(f'SELECT {listed} FROM "{table}" ORDER BY "{key}"')  # noqa: S608 -- our own tables
            place = columns.index(str(key))
            rows = [row for row in cursor.fetchall() if row[place] not in before[table]]
            if rows:
                at_once = table == _FIRST or len(rows) < batches
                chunks[table] = columns, list(_split(rows, 1 if at_once else batches))
    return chunks


def _written_columns(cursor: Any, table: str) -> list[str]:
    """All but those that PostgreSQL computes."""
    columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'ALWAYS'",
            [table],
        )
        computed = {row[0] for row in cursor.fetchall()}
        return [column for column in columns if column not in computed]
    return columns


def _as_text(cursor: Any, table: str, column: str) -> str:
    """JSON and vectors travel as text, so that nothing is parsed on the way."""
    if connection.vendor != "postgresql":
        return f'"{column}"'
    cursor.execute(
        "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s", [table, column]
    )
    return f'"{column}"::text' if cursor.fetchone()[0] in {"jsonb", "tsvector"} else f'"{column}"'


def _split(rows: list[tuple[Any, ...]], count: int) -> Iterator[list[tuple[Any, ...]]]:
    for number in range(count):
        yield rows[len(rows) * number // count : len(rows) * (number + 1) // count]


def insert(chunks: Chunks, batches: int) -> float:
    """Seconds that it takes: executemany on SQLite, COPY on PostgreSQL, a transaction per batch."""
    order = sorted(chunks, key=lambda table: len(chunks[table][1]) > 1)
    start = time.perf_counter()
    for number in range(batches):
        with transaction.atomic(), connection.cursor() as cursor:
            for table in order:
                columns, parts = chunks[table]
                if number < len(parts):
                    _insert(cursor, table, columns, parts[number])
    return time.perf_counter() - start


def _insert(cursor: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', rows)  # noqa: S608 -- our own tables
