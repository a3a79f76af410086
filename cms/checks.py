"""Unsafe set-ups that should be known at start-up."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.core import checks
from django.db import connections
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend

# https://www.sqlite.org/wal.html#walresetbug: fixed in 3.51.3 and in these backports.
_WAL_RESET_FIXED = (3, 51, 3)
_BACKPORTS: dict[tuple[int, ...], tuple[int, ...]] = {(3, 50): (3, 50, 7), (3, 44): (3, 44, 6)}


def wal_reset_bug_in(version: tuple[int, ...]) -> bool:
    fixed = _BACKPORTS.get(version[:2], _WAL_RESET_FIXED)
    return version < fixed


@checks.register("tasks", deploy=True)
def tasks_run_in_place(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Fine for a small site, and nobody's error; whoever has several machines should know."""
    if not isinstance(task_backends["default"], ImmediateBackend):
        return []
    return [
        checks.Info(
            "Tasks run in place: imports from the admin and purges of caches last as long as the request.",
            hint="Set TASKS_BACKEND=rq and REDIS_URL, and start workers: manage.py rqworker default imports",
            id="cms.I001",
        )
    ]


@checks.register("sqlite", deploy=True)
def sqlite_may_corrupt_wal(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A rare race in older SQLite can corrupt a WAL database that several connections write to."""
    uses_sqlite = any(connection.vendor == "sqlite" for connection in connections.all())
    if not uses_sqlite or not wal_reset_bug_in(sqlite3.sqlite_version_info):
        return []
    return [
        checks.Warning(
            f"SQLite {sqlite3.sqlite_version} has a rare race that can corrupt a database under several writers.",
            hint="Fine for trying things out. Use PostgreSQL (DATABASE_URL) in production, or SQLite 3.51.3 or newer.",
            id="cms.W001",
        )
    ]
