"""Commands on a database that is not ready for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from cms.command_line import main, not_ready

ROOT = Path(__file__).resolve().parents[2]
GONE = OperationalError("no such table: pages_school")


@pytest.mark.parametrize("command", ["import_content cms/samples", "import_runs list", "publish_scheduled"])
def test_without_tables_a_command_ends_in_one_sentence(tmp_path: Path, command: str) -> None:
    ended = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == "CommandError: the database has no tables yet: run manage.py migrate\n"
    assert ended.stdout == ""
    assert ended.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_waits_is_told_and_a_database_that_is_ready_is_not_to_blame() -> None:
    assert not_ready(GONE) is None
    applied = MigrationRecorder.Migration.objects.using(connection.alias)
    last = applied.filter(app="pages").latest("pk")
    applied.filter(pk=last.pk).delete()
    try:
        assert not_ready(GONE) == "the database is not up to date with this version: run manage.py migrate"
    finally:
        last.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_an_error_of_another_cause_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(arguments: list[str]) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr("cms.command_line.execute_from_command_line", fails)
    with pytest.raises(OperationalError, match="disk I/O"):
        main(["manage.py", "import_runs", "list"])


def test_a_database_out_of_reach_is_named(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "import_runs", "list"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr.startswith("CommandError: the database cannot be reached: ")
    assert ended.stderr.count("\n") == 1
    assert ended.returncode == 2
