"""The routes of the change feed."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from api.http import parameters
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.journal.feed import Selection, check_cursor, parse_cursor, read_feed
from api.journal.kinds import KINDS
from api.journal.schemas import CHANGE_TREE, CHANGES
from api.journal.sequencer import catch_up
from api.journal.tree import tree_text
from api.journal.waiting import wait_for_news

DEFAULT_LIMIT = 100
MAX_LIMIT = 500
LONGEST_WAIT_SECONDS = 60

TYPE = parameters.choices("type", "Only objects of these types.", list(KINDS))
LOCALE = parameters.text("locale", "Only objects in this language, and those that have none, such as images.", high=100)
CURSOR = parameters.text(
    "cursor", "As the answer before gave it; without one, everything that is public comes first.", high=200
)
LIMIT = parameters.integer("limit", "How many changes at most.", high=MAX_LIMIT, default=DEFAULT_LIMIT)
CONTENT = parameters.choice(
    "content",
    "With each object: `full`, as its own route answers it; `refs`, as other answers refer to it.",
    ["full", "refs"],
)
WAIT = parameters.integer(
    "wait",
    "Where there is nothing new, wait up to so many seconds for it. A busy server answers earlier.",
    high=LONGEST_WAIT_SECONDS,
)


def _read_prefix(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{0,64}", text):
        raise parameters.RefusedError("must be up to 64 hex digits, in small letters")
    return text


PREFIX = parameters.Parameter(
    "prefix",
    "Hex digits that the keys of the objects begin with.",
    _read_prefix,
    {"type": "string", "maxLength": 64, "pattern": "^[0-9a-f]*$", "default": ""},
    "",
)
CACHE_CONTROL = "public, max-age=0, must-revalidate"
"""News is what a feed is asked for: shared caches ask again every time, which costs a 304."""


def selection_of(query: Query) -> Selection:
    return Selection(query.site, query["type"] or (), query["locale"])


class FreshView(ContentView):
    """A route whose answers no cache gives out without asking."""

    def get(self, request: Request, **path: Any) -> HttpResponse:
        response = super().get(request, **path)
        response.headers["Cache-Control"] = CACHE_CONTROL
        return response


class Changes(FreshView):
    parameters = (SITE, TYPE, LOCALE, CURSOR, LIMIT, CONTENT, WAIT)
    operation = {
        "operationId": "listChanges",
        "summary": "What is public, and then what changes",
        "description": (
            "Without a cursor, everything that is public now, as changes; with the cursor of the last answer, what has "
            "changed since. Go on until `up_to_date`; then `state` proves whether a mirror is equal: `root` is the sum "
            "(modulo 2^256) of the SHA-256 of type NUL id NUL locale NUL rev of each object. Objects that were changed "
            "twice come once, as they are now."
        ),
        "tags": ["changes"],
        "answer": CHANGES,
        "problems": ["cursor-expired"],
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        cursor = parse_cursor(query["cursor"]) if query["cursor"] else None
        now = wait_for_news(cursor.read, query["wait"] or 0) if cursor else catch_up()
        if cursor is not None:
            check_cursor(cursor, now)
        version = None if now.pending else f"{now.epoch} {now.sequence} {now.horizon}"
        return Representation(
            lambda: read_feed(selection_of(query), cursor, limit=query["limit"], content=query["content"]).text(),
            version,
        )


class ChangeTree(FreshView):
    parameters = (SITE, TYPE, LOCALE, PREFIX, CONTENT)
    operation = {
        "operationId": "readChangeTree",
        "summary": "Where a mirror differs",
        "description": (
            "Sums over the objects whose keys begin with `prefix`, by the next digit; the objects themselves, where "
            "they are 256 or fewer. The key of an object is the hex SHA-256 of type NUL id NUL locale."
        ),
        "tags": ["changes"],
        "answer": CHANGE_TREE,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        now = catch_up()
        version = None if now.pending else f"{now.epoch} {now.sequence}"
        return Representation(lambda: tree_text(selection_of(query), query["prefix"], query["content"]), version)
