"""A database that other processes can work on too."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections


@contextmanager
def cloned_database(folder: Path) -> Iterator[str]:
    """A committed copy of the suite's empty database; within, this process works on it too.  Yields its URL.

    To be used outside of any transaction.
    """
    suite: Any = connections["default"]
    clone: Any = connections.create_connection("default")
    if suite.vendor == "sqlite":
        name, url = _copy_file(suite, folder)
    else:
        name, url = _copy_on_server(suite)
    clone.settings_dict = {**suite.settings_dict, "NAME": name, "CONN_MAX_AGE": 0}
    connections["default"] = clone
    try:
        yield url
    finally:
        clone.close()
        connections["default"] = suite
        if suite.vendor != "sqlite":
            _on_server(suite, f'DROP DATABASE "{name}" WITH (FORCE)')


def _copy_file(suite: Any, folder: Path) -> tuple[str, str]:
    suite.ensure_connection()
    path = folder / "clone.sqlite3"
    target = sqlite3.connect(path)
    suite.connection.backup(target)
    target.close()
    return str(path), f"sqlite:///{path}"


def _copy_on_server(suite: Any) -> tuple[str, str]:
    """PostgreSQL copies only what nobody is connected to."""
    known = suite.settings_dict
    name = f"{known['NAME']}_{uuid.uuid4().hex[:8]}"[-63:]
    suite.close()
    _on_server(suite, f'CREATE DATABASE "{name}" TEMPLATE "{known["NAME"]}"')
    user = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    return name, f"postgres://{user}@{known['HOST']}:{known['PORT'] or 5432}/{name}"


def _on_server(suite: Any, statement: str) -> None:
    with suite._nodb_cursor() as cursor:
        cursor.execute(statement)
