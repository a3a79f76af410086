"""Statements that PostgreSQL plans once per connection.

Planning a visibility rule takes ten times as long as asking it, and a cursor of the driver takes as long to get from a
text to a statement as the rest of a small request takes.  So statements are prepared and carried out through libpq;
values and rows are adapted by the driver as ever.  A call waits for its answer without letting other greenlets run.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

MAX_PREPARED_STATEMENTS = 100
"""Statements that a connection keeps; each takes memory of the server's."""

Key = tuple[str, tuple[int, ...] | None]
"""A text, and the types of its values."""

_KEPT = "api.queries.postgresql"
"""Where a connection keeps their names."""
_numbers = itertools.count()


def rows(connection: psycopg.Connection[Any], text: str, values: Sequence[Any]) -> list[tuple[Any, ...]] | None:
    """Rows of SQL with ``%s`` placeholders; None where anything is in the way.

    The caller then asks through a cursor, which opens a lost connection anew and knows which error to raise.  Within a
    transaction, which an error ends, it is raised here.
    """
    server = connection.pgconn
    if not connection.autocommit and server.transaction_status == pq.TransactionStatus.IDLE:
        return None  # the driver begins a transaction with the first thing that is done in it
    kept: dict[Key, bytes] = connection.__dict__.setdefault(_KEPT, {})
    adapter = Transformer(connection)
    try:
        given = adapter.dump_sequence(values, [PyFormat.AUTO] * len(values))
        key = (text, adapter.types)
        name = kept.get(key) or _prepare(server, kept, key)
        if name is None:
            return None
        result = server.exec_prepared(name, given, adapter.formats)  # type: ignore[arg-type]  # None is NULL
    except psycopg.OperationalError:
        return None
    if result.status != pq.ExecStatus.TUPLES_OK:
        del kept[key]  # a migration may have changed what it is about
        _raise_within_transaction(server, result)
        return None
    adapter.set_pgresult(result)
    return adapter.load_rows(0, result.ntuples, tuple)


def _prepare(server: pq.abc.PGconn, kept: dict[Key, bytes], key: Key) -> bytes | None:
    """The name of a new statement; None where the server refuses it."""
    text, types = key
    if not kept:
        server.exec_(b"SET plan_cache_mode = force_generic_plan")  # concerns prepared statements only
    if len(kept) >= MAX_PREPARED_STATEMENTS:
        server.exec_(b"DEALLOCATE " + kept.pop(next(iter(kept))))
    name = b"api_%d" % next(_numbers)
    result = server.prepare(name, _numbered(text), types)
    if result.status != pq.ExecStatus.COMMAND_OK:
        _raise_within_transaction(server, result)
        return None
    kept[key] = name
    return name


def _raise_within_transaction(server: pq.abc.PGconn, result: pq.abc.PGresult) -> None:
    if server.transaction_status == pq.TransactionStatus.INERROR:
        raise error_from_result(result)


@lru_cache(maxsize=1024)
def _numbered(text: str) -> bytes:
    first, *others = text.split("%s")
    return "".join([first, *(f"${number}{part}" for number, part in enumerate(others, 1))]).replace("%%", "%").encode()
