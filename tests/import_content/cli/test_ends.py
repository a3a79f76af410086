"""How commands end as processes: a reader that goes away, a full disk, what may not be read, signals."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from import_content.models import ImportRun, SourceRecord
from pages.models import ArticlePage
from tests.factories import ensure_site, make_index
from tests.import_content.imports import ARTICLE, articles, write
from tests.import_content.stores import cloned_database

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 300.0

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    errors: str


@dataclass(frozen=True, slots=True)
class Shell:
    """A shell in which commands work on a database of their own."""

    url: str

    def run(self, script: str, **variables: str | Path) -> Ended:
        """What a line of shell gives, ``manage`` being this project's command and `variables` its variables."""
        process = self.start(f"set -o pipefail; {script}", **variables)
        out, errors = process.communicate(timeout=PATIENCE_SECONDS)
        return Ended(process.returncode, out, errors)

    def start(self, script: str, **variables: str | Path) -> subprocess.Popen[str]:
        manage = f'manage() {{ "{sys.executable}" manage.py "$@"; }}; {script}'
        return subprocess.Popen(  # noqa: S603 -- our own script
            ["/bin/bash", "-c", manage],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.url, **{name: str(value) for name, value in variables.items()}},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "database").mkdir()
    with cloned_database(tmp_path / "database") as url:
        ensure_site()
        make_index()
        yield Shell(url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    articles(tmp_path / "in", 30)
    return tmp_path / "in"


# --- nobody reads --------------------------------------------------------------------------------------------


def test_an_import_whose_reader_goes_away_is_finished_without_a_word(shell: Shell, folder: Path) -> None:
    ended = shell.run('manage import_content "$IN" --publish | head -1', IN=folder)

    assert (ended.code, ended.errors) == (0, "")
    assert len(ended.out.splitlines()) == 1
    assert (ArticlePage.objects.count(), ImportRun.objects.get().state) == (30, "finished")


def test_an_import_that_cannot_print_says_so_once_and_is_finished(shell: Shell, folder: Path) -> None:
    ended = shell.run('manage import_content "$IN" > /dev/full', IN=folder)

    said = "What is done cannot be printed any more (No space left on device); the work goes on."
    assert (ended.code, ended.errors.strip()) == (0, said)
    assert ArticlePage.objects.count() == 30


@pytest.mark.parametrize(
    "command", ["import_content --dry-run", "parse_content", "import_content --plan /dev/null"], ids=str
)
def test_what_only_prints_ends_without_a_traceback(shell: Shell, folder: Path, command: str) -> None:
    ended = shell.run(f'manage {command} "$IN" | head -1', IN=folder)

    assert ended.code in (0, 141)
    assert ended.errors == ""


def test_a_list_of_runs_that_is_not_read_to_its_end_ends(shell: Shell, folder: Path) -> None:
    shell.run('manage import_content "$IN"', IN=folder)
    number = str(ImportRun.objects.get().pk)
    ended = shell.run('manage import_runs show "$RUN" | head -1; manage import_runs list > /dev/full', RUN=number)

    assert ended.errors.strip().splitlines() == ["CommandError: stopped: it cannot be printed: No space left on device"]


# --- the disk is full, a folder may not be read --------------------------------------------------------------


def test_a_report_on_a_full_disk_is_one_sentence_and_the_import_goes_on(shell: Shell, folder: Path) -> None:
    ended = shell.run('manage import_content "$IN" --report /dev/full', IN=folder)

    assert ended.code == 5
    assert ended.errors.strip() == (
        "The report cannot be written any further (No space left on device): /dev/full; the import goes on."
    )
    assert ArticlePage.objects.count() == 30


def unprivileged() -> str:
    """What a command line begins with so that permissions hold; skips the test where nobody can be that humble."""
    if os.geteuid() != 0:
        return ""
    if shutil.which("setpriv") is None:
        pytest.skip("root reads everything, and there is no setpriv")
    return "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search "


@pytest.mark.parametrize("what", ["folder", "file", "root"])
def test_what_may_not_be_read_is_one_sentence_and_the_rest_goes_on(shell: Shell, folder: Path, what: str) -> None:
    closed = {"folder": folder / "closed", "file": folder / "closed.txt", "root": folder.parent / "closed"}[what]
    if what == "file":
        write(folder, "closed.txt", ARTICLE.replace("Clocks", "Safes"))
    else:
        write(closed, "inside.txt")
    closed.chmod(0)
    try:
        script = f'{unprivileged()} "$PYTHON" manage.py import_content "$IN" "$CLOSED/inside.txt" "$CLOSED"'
        ended = shell.run(script, PYTHON=sys.executable, IN=folder, CLOSED=closed)
    finally:
        closed.chmod(0o755)

    assert ended.code == 5
    assert "Traceback" not in ended.errors
    assert "it cannot be read (Permission denied): " in ended.out
    assert ArticlePage.objects.count() == 30


# --- signals -------------------------------------------------------------------------------------------------


def wait_for(what: str, is_there: Callable[[], bool]) -> None:
    start = time.monotonic()
    while not is_there():
        assert time.monotonic() - start < PATIENCE_SECONDS, what
        time.sleep(0.02)


SLOW = """
import time
from django.core.management import execute_from_command_line
import django; django.setup()
from import_content.applying.applier import PlanApplier
from import_content.database.pacing import Pacer

commit = PlanApplier._commit
def slowly(self, *args):
    written = commit(self, *args)
    time.sleep({seconds})
    return written
PlanApplier._commit = slowly
execute_from_command_line(["manage.py", "import_content", {folder!r}])
"""


def importing_slowly(shell: Shell, folder: Path, seconds: float) -> subprocess.Popen[str]:
    """An import that takes so long after each batch's transaction."""
    process = shell.start('exec "$PYTHON" -c "$SCRIPT"', PYTHON=sys.executable,
                          SCRIPT=SLOW.format(seconds=seconds, folder=str(folder)))  # fmt: skip
    wait_for("the first batch is written", lambda: SourceRecord.objects.exists())
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_stops_an_import_after_its_batch_and_the_same_command_completes_it(
    shell: Shell, tmp_path: Path, number: signal.Signals
) -> None:
    articles(tmp_path / "many", 200)
    process = importing_slowly(shell, tmp_path / "many", 0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 130
    assert errors.splitlines()[-1] == (
        "CommandError: stopped as asked: what was imported stands; the same command goes on from here"
    )
    there = ArticlePage.objects.count()
    assert 0 < there < 200
    assert shell.run('manage import_content "$IN"', IN=tmp_path / "many").code == 0
    assert ArticlePage.objects.count() == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_second_signal_ends_at_once_with_one_sentence(shell: Shell, tmp_path: Path, number: signal.Signals) -> None:
    articles(tmp_path / "many", 200)
    process = importing_slowly(shell, tmp_path / "many", 600)
    process.send_signal(number)
    time.sleep(0.5)
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 130
    assert "Traceback" not in errors
    assert errors.splitlines()[-1].startswith("CommandError: stopped at once: an unfinished batch was rolled back")
    assert ArticlePage.objects.count() == SourceRecord.objects.count()


def test_ctrl_c_in_a_dry_run_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    articles(tmp_path / "many", 250)
    process = shell.start('exec "$PYTHON" manage.py import_content "$IN" --dry-run', PYTHON=sys.executable,
                          IN=tmp_path / "many")  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode in (0, 130)
    assert "Traceback" not in errors


# --- what was left out ---------------------------------------------------------------------------------------


def test_what_was_left_out_is_in_summary_and_report_and_changes_no_exit_code(shell: Shell, folder: Path) -> None:
    for name in ("a.css", "b.css", "~$c.docx", ".hidden.txt", "README"):
        write(folder, name)
    report = folder.parent / "report.jsonl"
    ended = shell.run('manage import_content "$IN" --report "$REPORT"', IN=folder, REPORT=report)

    assert ended.code == 0
    assert "  2 .css files left out" in ended.out
    assert "left out (lock files and editors' leftovers)" in ended.out
    last = json.loads(report.read_text().splitlines()[-1])
    assert {(it["reason"], it["ending"], it["count"]) for it in last["left_out"]} == {
        ("other_kind", ".css", 2), ("leftover", "", 1), ("hidden", "", 1), ("project_file", "", 1),
    }  # fmt: skip
    assert ArticlePage.objects.count() == 30
