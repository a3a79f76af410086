"""Waits for news on a thread of its own: briefly, and for few at a time.

Under WSGI a waiting request holds a thread that others may need; the stream of `cms.asgi` is for waiting.
"""

from __future__ import annotations

import threading
import time

from api.journal.sequencer import Position, catch_up, position

MAX_WAIT_SECONDS = 10
"""However long a client wants to wait."""
MAX_WAITING = 2
"""Requests of this process that wait; any other is answered at once."""
POLL_SECONDS = 0.2

_places = threading.BoundedSemaphore(MAX_WAITING)


def wait_for_news(read: int, seconds: float) -> Position:
    """The journal, once it has more than was read, or as it is after `seconds`."""
    now = catch_up()
    if now.sequence > read or seconds <= 0 or not _places.acquire(blocking=False):
        return now
    try:
        deadline = time.monotonic() + min(seconds, MAX_WAIT_SECONDS)
        while time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            seen = position()
            if seen is not None and (seen.pending or seen.sequence > read):
                now = catch_up()
                if now.sequence > read:
                    break
    finally:
        _places.release()
    return now
