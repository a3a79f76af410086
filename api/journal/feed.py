"""Reads the journal as a feed: one cursor from the first object to the latest change.

Without a cursor, everything that is public now comes as changes, oldest first; then it goes on with what is new.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import QuerySet
from wagtail.contrib.redirects.models import Redirect

from api.http import cursors
from api.http.cursors import Cursor
from api.http.problems import Problem
from api.journal.objects import full_texts, reference_texts
from api.journal.sequencer import Position, position
from api.journal.sums import total
from api.journal.tags import tags_of
from api.models import JournalEntry
from api.paths.public_redirects import REDIRECTS_AT, RedirectRow, redirect_text
from api.queries.compiled import moment, text_list
from api.visibility.sites import Site
from pages.publication import iso


@dataclass(frozen=True, slots=True)
class FeedCursor:
    epoch: str
    read: int
    """Everything up to this number was read."""
    began: int | None = None
    """The first sync is not over: it began when the journal was there, and wants no older tombstones."""

    def __str__(self) -> str:
        began = -1 if self.began is None else self.began
        return cursors.write(Cursor((self.epoch, self.read, began)), "changes")

    @property
    def known(self) -> int:
        """Tombstones from here on are wanted."""
        return max(self.read, self.began or 0)


def parse_cursor(text: str) -> FeedCursor:
    """Raises `Problem` (``invalid-cursor``)."""
    epoch, read, began = cursors.read(text, "changes", [str, int, int]).key
    return FeedCursor(epoch, read, None if began < 0 else began)


def check_cursor(cursor: FeedCursor, now: Position) -> None:
    """Raises `Problem` (``cursor-expired``) where the journal cannot tell all that happened since."""
    if cursor.epoch != now.epoch or cursor.known < now.horizon or cursor.known > now.sequence:
        raise Problem("cursor-expired")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a feed is about."""

    site: Site
    kinds: tuple[str, ...] = ()
    """Empty: all."""
    locale: str | None = None
    """Objects without a locale are in every one."""

    def entries(self) -> QuerySet[JournalEntry]:
        rows = JournalEntry.objects.filter(site_id=self.site.pk)
        if self.kinds:
            rows = rows.filter(kind__in=self.kinds)
        return rows if self.locale is None else rows.filter(locale__in=["", self.locale])

    def state(self, sequence: int) -> dict[str, Any]:
        count, root = total(self.site.pk, self.kinds, self.locale)
        return {"sequence": sequence, "count": count, "root": root}


@dataclass(frozen=True, slots=True)
class FeedPage:
    changes: list[str]
    """JSON texts."""
    cursor: FeedCursor
    up_to_date: bool
    state: dict[str, Any] | None
    last: int
    """The number up to which it was read."""

    def text(self) -> str:
        state = json.dumps(self.state)
        done = "true" if self.up_to_date else "false"
        return f'{{"changes":[{",".join(self.changes)}],"cursor":"{self.cursor}","up_to_date":{done},"state":{state}}}'


@contextmanager
def snapshot() -> Iterator[None]:
    """All queries within see the database at one moment.  Holds no lock that anybody waits for."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # Django's own transactions take SQLite's only writer's place
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("COMMIT")


def read_feed(selection: Selection, cursor: FeedCursor | None, *, limit: int, content: str | None = None) -> FeedPage:
    """The changes after a cursor.  About ten queries with full objects, five without.

    Raises `Problem` (``cursor-expired``).
    """
    with snapshot():
        now = position()
        assert now is not None  # noqa: S101 -- whoever reads has brought the journal up to date
        if cursor is None:
            cursor = FeedCursor(now.epoch, 0, now.sequence)
        check_cursor(cursor, now)
        rows = selection.entries().filter(sequence__gt=cursor.read)
        if cursor.began is not None and cursor.read < cursor.began:
            rows = rows.exclude(gone=True, sequence__lte=cursor.began)
        found = list(rows.order_by("sequence")[: limit + 1])
        more, found = len(found) > limit, found[:limit]
        last = found[-1].sequence if more else now.sequence
        began = cursor.began if cursor.began is not None and last < cursor.began else None
        texts, whole = change_texts(selection.site, found, cursor, content)
        up_to_date = whole and not more and not now.pending
        return FeedPage(
            changes=texts,
            cursor=FeedCursor(now.epoch, last, began),
            up_to_date=up_to_date,
            state=selection.state(now.sequence) if up_to_date else None,
            last=last,
        )


def change_texts(
    site: Site, entries: Sequence[JournalEntry], cursor: FeedCursor, content: str | None
) -> tuple[list[str], bool]:
    """A `Change` each; and whether none had to be left out, as its object went away by itself a moment ago."""
    objects: dict[tuple[str, int], str] = {}
    if content is not None:
        read = full_texts if content == "full" else reference_texts
        for kind in dict.fromkeys(entry.kind for entry in entries):
            ids = [entry.object_id for entry in entries if entry.kind == kind and not entry.gone]
            objects.update(((kind, pk), text) for pk, text in read(site, kind, ids).items())
    targets = _redirects_from(site, [entry.path for entry in entries if entry.gone and entry.path])
    texts, whole = [], True
    for entry in entries:
        if entry.gone:
            texts.append(_delete(entry, cursor, targets))
        elif content is None:
            texts.append(_upsert(entry, cursor, None))
        elif (text := objects.get((entry.kind, entry.object_id))) is not None:
            texts.append(_upsert(entry, cursor, text))
        else:
            whole = False
    return texts, whole


def _start(entry: JournalEntry, cursor: FeedCursor) -> tuple[str, str | None]:
    """The members that both operations begin with; and the path that the reader knows, where it is another."""
    path = quoted(entry.path) if entry.path else "null"
    start = f'"type":"{entry.kind}","id":{entry.object_id},"locale":{quoted(entry.locale)},"path":{path}'
    former = next((old for old, left in json.loads(entry.former) if left > cursor.known), None)
    if former is None or former == entry.path:
        return start, None
    return f'{start},"from":{quoted(former)}', former


def _upsert(entry: JournalEntry, cursor: FeedCursor, text: str | None) -> str:
    start, former = _start(entry, cursor)
    reasons = dict.fromkeys([*(["moved"] if former is not None else []), *entry.why.split()])
    told = "" if text is None else f',"object":{text}'
    return (
        f'{{"op":"upsert",{start},"at":"{iso(moment(entry.at))}","why":{json.dumps(list(reasons))},'
        f'"rev":"{entry.rev}","tags":{json.dumps(tags_of(entry.kind, entry.object_id))}{told}}}'
    )


def _delete(entry: JournalEntry, cursor: FeedCursor, targets: dict[str, tuple[str, int]]) -> str:
    start, _ = _start(entry, cursor)
    target, status = targets.get(Redirect.normalise_path(entry.path), (None, 410)) if entry.path else (None, 410)
    if entry.kind == "redirect":
        target, status = None, 410
    return (
        f'{{"op":"delete",{start},"at":"{iso(moment(entry.at))}","why":{json.dumps(entry.why.split())},'
        f'"status":{status},"redirect":{json.dumps(target)},"tags":{json.dumps(tags_of(entry.kind, entry.object_id))}}}'
    )


def _redirects_from(site: Site, paths: Collection[str]) -> dict[str, tuple[str, int]]:
    """Where readers are led that ask for these paths, and with which status.  One query, none without paths."""
    if not paths:
        return {}
    wanted = text_list({Redirect.normalise_path(path) for path in paths})
    rows = starmap(RedirectRow, REDIRECTS_AT(*site.shape).rows(site.slots, old_paths=wanted))
    return {
        row.old_path: (json.loads(redirect_text(row, site))["to"], 301 if row.is_permanent else 302) for row in rows
    }
