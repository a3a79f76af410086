"""Django's command line, with one sentence where the database is not ready for a command, whichever it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, OperationalError, ProgrammingError, connections
from django.db.migrations.executor import MigrationExecutor

NOT_READY = 2
"""Exit code, as for wrong usage: nothing was written, and an operator has to do something first."""


def main(arguments: Sequence[str]) -> None:
    """Exits with `NOT_READY` where the database cannot be reached or lacks tables of this version."""
    try:
        execute_from_command_line([*arguments])
    except (OperationalError, ProgrammingError, InterfaceError) as error:
        reason = not_ready(error)
        if reason is None or "--traceback" in arguments:
            raise
        sys.stderr.write(f"CommandError: {reason}\n")
        sys.exit(NOT_READY)


def not_ready(error: Error, *, using: str = DEFAULT_DB_ALIAS) -> str | None:
    """What has to be done before any command can work; None where the error has another cause."""
    connection = connections[using]
    try:
        connection.close()  # PostgreSQL answers nothing more in a transaction that failed
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        tables = bool(executor.loader.applied_migrations)
    except Error:
        return f"the database cannot be reached: {' '.join(str(error).split())}"
    if not tables:
        return "the database has no tables yet: run manage.py migrate"
    if waiting:
        return "the database is not up to date with this version: run manage.py migrate"
    return None
