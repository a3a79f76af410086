"""Processes of a pool end with the one that started them, also where that one is killed."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """To be called in the new process.  Without it, a worker whose parent is killed waits for work for ever: it holds
    the other end of the queue itself, and never sees it close."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), name="lifeline", daemon=True).start()


def _end_after(sentinel: int) -> None:
    """`sentinel`: becomes readable when the parent ends, whatever ended it."""
    wait([sentinel])
    os._exit(1)
