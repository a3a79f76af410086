"""Ctrl-C: the batch at hand is finished, then the import stops."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_on_signal(say: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """While inside, SIGINT and SIGTERM only ask to stop; gives the question whether they did.

    A second signal interrupts at once, which is safe too: an unfinished batch is rolled back.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            signal.signal(number, signal.SIG_DFL)  # what does not listen to the interruption is ended by the next
            raise KeyboardInterrupt
        asked.set()
        say("Stopping after this batch. Press Ctrl-C again to stop at once; nothing half-written stays either way.")

    former = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
