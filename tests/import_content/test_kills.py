"""A killed import that is started again leaves what an uninterrupted one leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_kills_at_named_and_random_moments_and_two_importers_at_once_leave_no_trace() -> None:
    """Few of them here; ``python -m tests.benchmarks.kill_import`` tries all points and 200 random moments."""
    trial = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.kill_import", "--points", "2", "--kills", "2", "--articles", "60"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert "_insert_pages #1: killed, good" in trial.stdout
    assert "two importers at once" in trial.stdout


@pytest.mark.slow
def test_kills_of_re_imports_leave_no_trace() -> None:
    """Few of them here; ``python -m tests.benchmarks.kill_reimport`` tries all points and 50 random moments."""
    trial = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.kill_reimport", "--points", "2", "--kills", "1", "--articles", "16"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert "_update_pages #1: killed, good" in trial.stdout
    assert "_insert_revisions #1: killed, good" in trial.stdout
