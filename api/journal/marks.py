"""Notes, in the transaction of a change, which objects the journal has to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from api.models import JournalMark

PAGE, SCHOOL, TOPIC, IMAGE, DOCUMENT, REDIRECT = "page", "school", "topic", "image", "document", "redirect"
OBJECTS = (PAGE, SCHOOL, TOPIC, IMAGE, DOCUMENT, REDIRECT)
SUBTREE, COLLECTION, EVERYTHING = "subtree", "collection", "everything"

MAX_AT_COMMIT = 100
"""Objects noted at once up to which the journal is brought up to date as soon as they are committed; of more, whoever
reads the journal next has the work."""

_after_commit: list[Callable[[], Any]] = []
"""What is done once after each transaction that noted little: `api.journal.sequencer` enters itself here."""


def touch(kind: str, targets: Iterable[int | str] = ()) -> None:
    """Note that objects of `kind` (ids), pages below tree paths, collections, or everything may show otherwise now.

    One INSERT, however many; commits with whatever the caller's transaction writes.
    """
    noted = list(targets)
    if not noted and kind != EVERYTHING:
        return
    JournalMark.objects.create(kind=kind, targets=json.dumps(noted), at=timezone.now())
    if len(noted) <= MAX_AT_COMMIT:
        _call_after_commit()


def call_after_commit(action: Callable[[], Any]) -> None:
    """Have `action` called after every transaction that noted something."""
    if action not in _after_commit:
        _after_commit.append(action)


def _call_after_commit() -> None:
    waiting = {id(function) for _, function, *_ in connections[DEFAULT_DB_ALIAS].run_on_commit}
    for action in _after_commit:
        if id(action) not in waiting:
            transaction.on_commit(action, robust=True)
