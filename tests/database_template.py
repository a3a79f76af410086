"""The suite's empty database: migrated once, then copied, since migrating takes longer than most runs of a few tests."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core import management
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.gettempdir()) / f"cms-test-templates-{os.getuid()}"


def fingerprint() -> str:
    """Differs whenever a new database would: with migrations, models, packages or the language."""
    digest = hashlib.sha256(settings.LANGUAGE_CODE.encode())
    for pattern in (
        "*/migrations/*.py",
        "*/models/*.py",
        "*/models.py",
        "*/permissions.py",
        "cms/settings/base.py",
        "requirements-dev.lock",
    ):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def migrated_from_template() -> Iterator[None]:
    """Within, a test database that Django makes is a copy of the template, which is made where there is none."""
    with _on_postgresql() if connection.vendor == "postgresql" else _on_sqlite():
        yield


@contextmanager
def _on_sqlite() -> Iterator[None]:
    template = FOLDER / f"{fingerprint()}.sqlite3"

    def call_command(name: str, *args: Any, command: Any = management.call_command, **options: Any) -> Any:
        if name != "migrate":
            return command(name, *args, **options)
        connection.ensure_connection()
        if template.exists():
            _copy(template, connection.connection)
            return None
        command(name, *args, **options)
        FOLDER.mkdir(mode=0o700, exist_ok=True)
        unfinished = template.with_suffix(f".{os.getpid()}")
        target = sqlite3.connect(unfinished)
        connection.connection.backup(target)
        target.close()
        unfinished.replace(template)
        return None

    with mock.patch.object(management, "call_command", call_command):
        yield


def _copy(template: Path, target: sqlite3.Connection) -> None:
    source = sqlite3.connect(template)
    source.backup(target)
    source.close()


@contextmanager
def _on_postgresql() -> Iterator[None]:
    name = f"cms_test_template_{fingerprint()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            _make_on_server(cursor, name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name

    def call_command(command_name: str, *args: Any, command: Any = management.call_command, **options: Any) -> Any:
        return None if command_name == "migrate" else command(command_name, *args, **options)

    with mock.patch.object(management, "call_command", call_command):
        yield


def _make_on_server(cursor: Any, name: str) -> None:
    unfinished, former = f"{name}_unfinished", connection.settings_dict["NAME"]
    cursor.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        management.call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
