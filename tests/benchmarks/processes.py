"""Processes forked from one that has Django ready, and what becomes of those that lose their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 10.0
"""Seconds in which a process whose parent was killed should have ended."""
_PR_SET_CHILD_SUBREAPER = 36
"""https://man7.org/linux/man-pages/man2/pr_set_child_subreaper.2const.html"""


def forked(work: Callable[[], Any]) -> int:
    """The id of a process that does `work` and ends with its exit code."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def done(work: Callable[[], Any]) -> None:
    """`work`, in a process of its own.  Raises `RuntimeError` where it does not end well."""
    code = os.waitpid(forked(work), 0)[1]
    if code:
        raise RuntimeError(f"the process ended with {os.waitstatus_to_exitcode(code)}")


def adopt_orphans() -> None:
    """From now on, processes below this one that lose their parent become its children (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def left_behind(patience: float = PATIENCE) -> list[str]:
    """Command lines of children that do not end by themselves in time; they are ended here."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.02)
        except ChildProcessError:
            return []
    left: list[str] = []
    while survivors := _children():  # whose own children come next
        left += survivors.values()
        for pid in survivors:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return left


def _children() -> dict[int, str]:
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                found[int(stat.parent.name)] = (stat.parent / "cmdline").read_text().replace("\0", " ").strip()
        except FileNotFoundError:  # ended meanwhile
            continue
    return found
