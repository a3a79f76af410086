"""A killed import that is started again leaves what an uninterrupted one leaves."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.import_content.imports import write

ROOT = Path(__file__).parents[3]


def tried(module: str, *arguments: str) -> str:
    """What a trial says that finds nothing wrong."""
    trial = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert trial.returncode == 0, trial.stdout + trial.stderr
    return trial.stdout


@pytest.mark.slow
def test_kills_at_named_and_random_moments_and_two_importers_at_once_leave_no_trace() -> None:
    """Few of them here; ``python -m tests.benchmarks.kill_import`` tries all points and 200 random moments."""
    said = tried("kill_import", "--points", "2", "--kills", "2", "--articles", "60")
    assert "in one process, _insert_pages #1: killed, good" in said
    assert "handed out, send #1: killed, good" in said
    assert "with a pool: " in said
    assert "two importers at once" in said


@pytest.mark.slow
def test_kills_of_re_imports_leave_no_trace() -> None:
    """Few of them here; ``python -m tests.benchmarks.kill_reimport`` tries all points and 50 random moments."""
    said = tried("kill_reimport", "--points", "2", "--kills", "1", "--articles", "16")
    assert "_update_pages #1: killed, good" in said
    assert "_insert_revisions #1: killed, good" in said


IMPORTER = """
import fcntl, sys, time
from import_content.parsing import parse_many
from import_content.sources import discover

def hang(file, job, stdin):
    held = open(sys.argv[1], "w")
    fcntl.flock(held, fcntl.LOCK_EX)
    print("at work", flush=True)
    time.sleep(600)

if __name__ == "__main__":
    list(parse_many(discover([sys.argv[2]]), workers=2, parser=hang))
"""


def test_the_processes_of_a_pool_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """One of them holds a lock as long as it lives."""
    script, held = tmp_path / "importer.py", tmp_path / "held"
    script.write_text(IMPORTER)
    write(tmp_path / "sources", "clocks.txt")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    importer = subprocess.Popen(  # noqa: S603 -- our own interpreter
        [sys.executable, str(script), str(held), str(tmp_path / "sources")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert importer.stdout is not None
    assert importer.stdout.readline() == b"at work\n"

    importer.kill()
    try:
        importer.communicate(timeout=60)  # until the last of those who could write to it has ended
    except subprocess.TimeoutExpired:
        os.killpg(importer.pid, signal.SIGKILL)
        raise
    with held.open("w") as free:
        fcntl.flock(free, fcntl.LOCK_EX | fcntl.LOCK_NB)
