"""Files whose names hold more than a terminal or a database should get."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from import_content.cli.reporting import one_line
from import_content.models import ImportRun, RunState, SourceRecord
from import_content.workers import run_progress
from tests.factories import make_index
from tests.import_content.imports import run, write


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two\nlines.txt", "two\\nlines.txt"),
        ("\x1b[31mred.txt", "\\x1b[31mred.txt"),
        ("turned\u202etxt.exe", "turned\\u202etxt.exe"),
        ("Über uns – “ja”.txt", "Über uns – “ja”.txt"),
    ],
)
def test_a_name_is_shown_on_one_line_and_gives_the_terminal_no_orders(name: str, shown: str) -> None:
    assert one_line(name) == shown


@pytest.mark.django_db
def test_a_name_with_a_line_break_is_imported_and_shown_as_one_line(tmp_path: Path) -> None:
    make_index()
    write(tmp_path, "two\nlines.txt")

    code, out = run(tmp_path, publish=True)

    assert code == 0
    assert "created     two\\nlines.txt → /" in out
    assert SourceRecord.objects.get().key == "two\nlines.txt"
    shown = StringIO()
    call_command("import_runs", "show", str(ImportRun.objects.get().pk), stdout=shown)
    assert "created     two\\nlines.txt" in shown.getvalue()


@pytest.mark.django_db
def test_a_name_that_no_database_takes_stops_no_import(tmp_path: Path) -> None:
    make_index()
    write(tmp_path, "good.txt")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("Bad\n\nIts name is.")
    except OSError:
        pytest.skip("this file system takes no names that are not UTF-8")

    code, out = run(tmp_path, publish=True)

    assert code == 5
    assert "1 created, 1 failed" in out
    assert "\\xff.txt: its name is not in UTF-8; rename it" in out


@pytest.mark.django_db
def test_nobody_waits_for_workers_of_a_run_that_was_carried_out_in_place_and_stopped() -> None:
    stopped = ImportRun.objects.create(state=RunState.RUNNING)
    assert list(run_progress.follow(stopped)) == []
