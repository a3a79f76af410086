"""The database goes away, is busy, is full; somebody presses Ctrl-C."""

from __future__ import annotations

import os
import signal
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection

from import_content.cli.signals import stop_on_signal
from import_content.database import retry as outages
from pages.models import ArticlePage
from tests.factories import make_index
from tests.import_content.imports import articles, run
from tests.import_content.writer.tree import new_site


def error(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    raised = kind(str(cause))
    raised.__cause__ = cause
    return raised


LOST = error(psycopg.OperationalError("server closed the connection unexpectedly"))
DEADLOCK = error(psycopg.errors.DeadlockDetected("deadlock detected"))
FULL = error(psycopg.errors.DiskFull("could not extend file"))
SQLITE_FULL = error(sqlite3.OperationalError("database or disk is full"))
SQLITE_BUSY = error(sqlite3.OperationalError("database is locked"))
WRONG = error(sqlite3.OperationalError("no such table: x"))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "RETRY_WAITS_SECONDS", (0.0, 0.0))


@pytest.mark.parametrize(
    ("what", "passing", "full"),
    [
        (LOST, True, False),
        (DEADLOCK, True, False),
        (SQLITE_BUSY, True, False),
        (FULL, False, True),
        (SQLITE_FULL, False, True),
        (WRONG, False, False),
    ],
)
def test_an_outage_is_told_from_a_mistake(what: Any, passing: bool, full: bool) -> None:
    assert (outages.is_transient(what), outages.is_full(what)) == (passing, full)
    assert outages.is_outage(what) is (passing or full)


@pytest.mark.django_db(transaction=True)
def test_work_is_done_again_after_a_lost_connection_but_not_for_ever() -> None:
    attempts = []

    def work() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise LOST
        return "done"

    assert outages.retry_on_outage(work) == "done"
    attempts.clear()
    with pytest.raises(OperationalError, match="server closed"):
        outages.retry_on_outage(partial(_lose, attempts))
    assert len(attempts) == 3


def _lose(attempts: list[int]) -> None:
    attempts.append(1)
    raise LOST


@pytest.mark.django_db
def test_work_inside_a_transaction_is_not_done_again() -> None:
    attempts: list[int] = []
    with pytest.raises(OperationalError):
        outages.retry_on_outage(partial(_lose, attempts))
    assert len(attempts) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["_insert_references", "_insert_search_entries"])
def test_a_connection_lost_in_the_middle_of_a_batch_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from import_content.writer.bulk.writer import BulkWriter

    new_site()
    whole, calls = getattr(BulkWriter, name), []

    def breaks(self: BulkWriter, *args: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise LOST
        whole(self, *args)

    monkeypatch.setattr(BulkWriter, name, breaks)
    articles(tmp_path, 5)
    code, out = run(tmp_path, publish=True, parent="/guides/")

    assert code == 0
    assert "5 created" in out
    assert ArticlePage.objects.count() == 5
    assert len(calls) == 2


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_stops_the_import_and_it_goes_on_when_there_is_room(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has a switch that makes a database full")
    new_site()
    articles(tmp_path, 40)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no free pages left over from other tests
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 20}")
        try:
            with pytest.raises(CommandError, match="disk that the database is on is full") as stopped:
                run(tmp_path, publish=True, parent="/guides/")
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert stopped.value.returncode == 5
    assert ArticlePage.objects.count() < 40
    assert run(tmp_path, publish=True, parent="/guides/")[0] == 0
    assert ArticlePage.objects.count() == 40


def test_the_first_signal_asks_and_the_second_interrupts() -> None:
    said: list[str] = []
    with stop_on_signal(said.append) as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        assert "Stopping after this batch" in said[0]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


@pytest.mark.django_db
def test_after_ctrl_c_the_same_command_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from import_content.database import pacing
    from import_content.writer.bulk.writer import BulkWriter

    make_index()
    monkeypatch.setattr(pacing, "FIRST_BATCH_SIZE", 4)
    monkeypatch.setattr(pacing, "MAX_BATCH_SIZE", 4)
    whole = BulkWriter.create

    def interrupted(self: BulkWriter, *args: Any, **kwargs: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return whole(self, *args, **kwargs)

    articles(tmp_path, 10)
    monkeypatch.setattr(BulkWriter, "create", interrupted)
    with pytest.raises(CommandError, match="the same command goes on") as stopped:
        run(tmp_path)
    monkeypatch.setattr(BulkWriter, "create", whole)
    assert stopped.value.returncode == 130
    assert ArticlePage.objects.count() == 4
    assert "6 created, 4 unchanged" in run(tmp_path)[1]
