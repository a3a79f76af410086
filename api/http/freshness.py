"""Reading one's own writes: which change an answer is at least as new as, and answers asked to be so new.

Every answer names a number of the journal in ``Content-Cursor``, taken before anything else was read for it.  ``?at=``,
on any route, asks for an answer at least as new as a number: it makes an address of its own, so that no cache gives an
older answer out, and a server that has not got so far says so instead of answering.
"""

from __future__ import annotations

import threading
import time
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.http import cursors
from api.http.problems import Problem, invalid
from api.queries.execution import run

HEADER = "Content-Cursor"
PARAMETER = "at"
MAX_WAIT_SECONDS = 0.5
POLL_SECONDS = 0.05
MAX_WAITING = 2
"""Requests of this process that wait for a number; any other is refused at once."""

_places = threading.BoundedSemaphore(MAX_WAITING)


class Freshness:
    """The journal's number as this process knows it: never newer than what the database holds, hardly ever older."""

    def __init__(self) -> None:
        self.sequence = 0
        self.asked = 0.0

    def learn(self, sequence: int) -> None:
        self.sequence, self.asked = sequence, time.monotonic()

    def latest(self) -> int:
        """Asks the database, with one small query, as often as `API_CURSOR_SECONDS` allows; 0: never.

        While the database is away the last number known stands: an answer that needs no row is given all the same.
        """
        seconds = settings.API_CURSOR_SECONDS
        if seconds and time.monotonic() - self.asked >= seconds:
            try:
                self.ask()
            except DatabaseError:
                self.asked = time.monotonic()
        return self.sequence

    def ask(self) -> int:
        """One query."""
        rows = run(connections[DEFAULT_DB_ALIAS], "SELECT sequence FROM api_journalstate", [])
        self.learn(rows[0][0] if rows else 0)
        return self.sequence


FRESHNESS = Freshness()


def require_freshness(request: HttpRequest) -> None:
    """Takes ``at`` out of the query, and waits a moment for the number where it is not there yet.

    Raises `Problem` (``invalid-parameter``, ``not-yet-here``).
    """
    text = request.META.get("QUERY_STRING", "")
    if f"{PARAMETER}=" not in text:
        return
    pairs = parse_qsl(text, keep_blank_values=True)
    asked = [value for name, value in pairs if name == PARAMETER]
    if not asked:
        return
    if len(asked) > 1:
        raise invalid(PARAMETER, "is repeated")
    request.META["QUERY_STRING"] = urlencode([(name, value) for name, value in pairs if name != PARAMETER])
    wanted = _number(asked[0])
    if wanted > FRESHNESS.latest() and not _reached(wanted):
        raise Problem("not-yet-here", headers={"Retry-After": "1"})


def describe_freshness(response: HttpResponseBase, sequence: int) -> None:
    """In place; `sequence` was known before the answer was made."""
    response.headers[HEADER] = str(sequence)


def _number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    try:
        return int(cursors.read(text, "changes", [str, int, int]).key[1])
    except Problem:
        raise invalid(PARAMETER, "must be a number of Content-Cursor, or a cursor of the change feed") from None


def _reached(wanted: int) -> bool:
    if FRESHNESS.ask() >= wanted:
        return True
    if not _places.acquire(blocking=False):
        return False
    try:
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        while time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            if FRESHNESS.ask() >= wanted:
                return True
    finally:
        _places.release()
    return False
