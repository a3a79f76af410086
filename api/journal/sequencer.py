"""Turns committed marks into entries, and gives them their numbers.

One sequencer works at a time, and only for as long as it takes to look at what was marked.  It reads committed rows,
so that a number is given after the commit of what it stands for: whoever has read up to a number has missed nothing
below it, however slow another transaction was.  Nobody who writes content ever waits for it.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.models import Max, Min, Q
from wagtail.models import Page

from api.http.freshness import FRESHNESS
from api.journal import marks
from api.journal.differences import Entered, Shown, changed, fingerprint, orphaned, vanished
from api.journal.expansion import Touched, among, expand, uses_of
from api.journal.kinds import KINDS, TREE_KINDS, Kind
from api.journal.sums import SumChanges, key_of
from api.models import JournalEntry, JournalMark, JournalState
from api.queries.compiled import moment
from api.queries.execution import run
from api.visibility.sites import Site, current_sites
from pages.models import School
from pages.tables import Table, Values

logger = logging.getLogger("api.journal")

LOCK = 0x6A6F75726E616C
"""Of PostgreSQL's advisory locks: the one of the sequencer."""
LOCK_POLL_SECONDS = 0.02
MARKS_PER_PASS = 500
MAX_FORMER_PATHS = 20
_EXPIRED, _DELETED, _WITHDRAWN = "expired", "deleted", "withdrawn"


@dataclass(frozen=True, slots=True)
class Position:
    """How far the journal is."""

    epoch: str
    sequence: int
    horizon: int
    pending: bool
    """Something is committed that has no number yet."""


def position() -> Position | None:
    """One small query; None before the journal has begun."""
    rows = run(
        connections[DEFAULT_DB_ALIAS],
        "SELECT epoch, sequence, horizon, EXISTS (SELECT 1 FROM api_journalmark)"  # noqa: S608 -- two constants
        f" OR COALESCE(next_due <= {_clock()}, FALSE) FROM api_journalstate",
        [],
    )
    if not rows:
        return None
    FRESHNESS.learn(rows[0][1])
    return Position(rows[0][0], rows[0][1], rows[0][2], bool(rows[0][3]))


def _clock() -> str:
    """The moment of a statement by the database's clock, which the visibility rule goes by."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return "statement_timestamp()"
    return "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"


def _database_time() -> datetime:
    """One query."""
    found: datetime | str = run(connections[DEFAULT_DB_ALIAS], f"SELECT {_clock()}", [])[0][0]
    return moment(datetime.fromisoformat(found) if isinstance(found, str) else found)


def catch_up(*, patience_seconds: float = 1.0) -> Position:
    """Have everything numbered that was committed before the call, unless another sequencer is at it for longer than
    `patience_seconds` (`Position.pending` then).  One query where there is nothing to do."""
    found = position()
    deadline = time.monotonic() + patience_seconds
    while found is None or found.pending:
        if not sequence(wait_seconds=max(0.0, deadline - time.monotonic())) and found is not None:
            return found
        found = position()
        if time.monotonic() >= deadline and found is not None:
            break
    return found


def sequence(*, wait_seconds: float = 0.0) -> bool:
    """One pass over what is marked; False where another sequencer is at it all the time."""
    with exclusively(wait_seconds) as mine:
        if mine:
            _pass()
    return mine


@contextmanager
def exclusively(wait_seconds: float) -> Iterator[bool]:
    """A transaction in which nobody else changes the journal; False where somebody else does all the time."""
    with transaction.atomic():
        yield _is_ours(wait_seconds)


def _is_ours(wait_seconds: float) -> bool:
    """Takes PostgreSQL's lock, which goes with the transaction.  SQLite has one writer at a time in any case."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return True
    deadline = time.monotonic() + wait_seconds
    while True:
        if run(connection, "SELECT pg_try_advisory_xact_lock(%s)", [LOCK])[0][0]:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(LOCK_POLL_SECONDS)


def after_commit() -> None:
    """What few objects were noted with becomes entries at once, if nobody else is at it."""
    try:
        catch_up(patience_seconds=0.2)
    except Error:  # whoever reads the journal next will meet it again
        logger.exception("the journal could not be brought up to date after a commit")


def _pass() -> None:
    now = _database_time()
    state = JournalState.objects.first()
    sites = current_sites()
    noted = list(JournalMark.objects.order_by("pk")[:MARKS_PER_PASS])
    touched = expand(noted, sites.all)
    if state is None:
        state = JournalState(epoch=secrets.token_hex(4), checked_at=now)
        touched.everything = now
    told = repr([(site.pk, fingerprint(site)) for site in sites.all])
    if state.sites != told:
        touched.everything = touched.everything or now
    if state.next_due is not None and state.next_due <= now:
        _touch_due(touched, state, now, sites.all)
    writer = EntryWriter(state, now)
    for site in sites.all:
        for kind in KINDS.values():
            writer.compare(site, kind, touched)
    if touched.everything:
        writer.drop_orphans(sites.all)
    writer.store()
    if state.checked_at.date() != now.date():
        drop_old_tombstones(state, now)
    state.sites, state.checked_at = told, now
    state.next_due = _next_due(now) if touched.everything or len(touched) or state.next_due else state.next_due
    state.save()
    JournalMark.objects.filter(among("pk", [mark.pk for mark in noted])).delete()


def _touch_due(touched: Touched, state: JournalState, now: datetime, sites: Sequence[Site]) -> None:
    """What has expired or gone live by itself since the journal last looked."""
    since = Q(expire_at__gt=state.checked_at, expire_at__lte=now) | Q(
        go_live_at__gt=state.checked_at, go_live_at__lte=now
    )
    due: list[JournalMark] = []
    for kind, model in ((marks.PAGE, Page), (marks.SCHOOL, School)):
        for pk, expiry, start in model._base_manager.filter(since, live=True).values_list(
            "pk", "expire_at", "go_live_at"
        ):
            moments = [when for when in (expiry, start) if when and state.checked_at < when <= now]
            due.append(JournalMark(kind=kind, targets=json.dumps([pk]), at=max(moments)))
    more = expand(due, sites)
    for kind, objects in more.objects.items():
        for pk, at in objects.items():
            touched.add(kind, [pk], at)


def _next_due(now: datetime) -> datetime | None:
    """The next moment at which something expires or goes live by itself.  Four queries."""
    moments = [
        model._base_manager.filter(live=True, **{f"{name}__gt": now}).aggregate(first=Min(name))["first"]
        for model in (Page, School)
        for name in ("expire_at", "go_live_at")
    ]
    return min(filter(None, moments), default=None)


def forget() -> int:
    """Drop old tombstones now; within `exclusively`.  How many they were."""
    state = JournalState.objects.get()
    dropped = drop_old_tombstones(state, _database_time())
    state.save()
    return dropped


def drop_old_tombstones(state: JournalState, now: datetime) -> int:
    """Forget what is gone for longer than `API_JOURNAL_DAYS`; whoever has not heard of it by then starts again.  Two
    queries, once a day.  How many were dropped."""
    old = JournalEntry.objects.filter(gone=True, at__lt=now - timedelta(days=settings.API_JOURNAL_DAYS))
    latest = old.aggregate(latest=Max("sequence"))["latest"]
    if latest is None:
        return 0
    state.horizon = max(state.horizon, latest)
    return old.filter(sequence__lte=latest).delete()[0]


class EntryWriter:
    """Collects what differs, then writes it with numbers in order: tombstones first, so that a path which passes from
    one page to another is free before it is taken."""

    def __init__(self, state: JournalState, now: datetime) -> None:
        self.state = state
        self.now = now
        self.deletes: list[tuple[int, str, Entered, str, datetime]] = []
        self.upserts: list[tuple[Site, Kind, Shown, datetime]] = []

    def compare(self, site: Site, kind: Kind, touched: Touched) -> None:
        """Two statements where anything of the kind was touched."""
        moments = touched.objects.get(kind.touched_as, {})
        ids: Collection[int] | None = None if touched.everything else list(moments)
        if ids is not None and not ids:
            return
        default = touched.everything or self.now
        self.upserts += [
            (site, kind, shown, moments.get(shown.object_id, default)) for shown in changed(site, kind, ids)
        ]
        gone = vanished(site, kind, ids)
        why = _reasons(kind, [entered.object_id for entered in gone], self.now)
        for entered in gone:
            reason, when = why[entered.object_id]
            at = when or moments.get(entered.object_id, default)
            self.deletes.append((site.pk, kind.name, entered, reason, at))

    def drop_orphans(self, sites: Sequence[Site]) -> None:
        """What was public in a site that is no more."""
        self.deletes += [(site, kind, entered, _WITHDRAWN, self.now) for site, kind, entered in orphaned(sites)]

    def store(self) -> None:
        """A DELETE and an INSERT for all rows, and the sums."""
        if not self.deletes and not self.upserts:
            return
        replaced = [entered.sequence for _, _, entered, _, _ in self.deletes]
        replaced += [shown.before.sequence for _, _, shown, _ in self.upserts if shown.before]
        JournalEntry.objects.filter(among("sequence", replaced))._raw_delete(DEFAULT_DB_ALIAS)
        columns = [field.attname for field in JournalEntry._meta.local_concrete_fields]
        table = Table(JournalEntry, JournalEntry(), columns, using=DEFAULT_DB_ALIAS)
        sums = SumChanges()
        table.insert([*self._tombstones(sums), *self._changes(sums)])
        sums.store()

    def _next(self) -> int:
        self.state.sequence += 1
        return self.state.sequence

    def _tombstones(self, sums: SumChanges) -> Iterator[tuple[object, ...]]:
        value_of = Values(connections[DEFAULT_DB_ALIAS]).moment
        for site_id, kind, old, why, at in self.deletes:
            sums.add(site_id, kind, old.object_id, old.locale, old.rev, sign=-1)
            start = (self._next(), site_id, kind, old.object_id, old.locale, True, why, old.path, old.place)
            yield (*start, old.former, old.own, old.rev, old.key, "", value_of(at))

    def _changes(self, sums: SumChanges) -> Iterator[tuple[object, ...]]:
        value_of = Values(connections[DEFAULT_DB_ALIAS]).moment
        used: dict[tuple[str, int], str] = {}
        for name in ("article", "school"):
            ids = [shown.object_id for _, kind, shown, _ in self.upserts if kind.name == name]
            used.update(((name, pk), text) for pk, text in uses_of(name, ids).items())
        for site, kind, shown, at in self.upserts:
            old, pk, locale = shown.before, shown.object_id, shown.locale
            if old is not None and not old.gone:
                sums.add(site.pk, kind.name, pk, old.locale, old.rev, sign=-1)
            sums.add(site.pk, kind.name, pk, locale, shown.rev)
            path = site.path_of(shown.place) if kind.name in TREE_KINDS else shown.place
            number = self._next()
            start = (number, site.pk, kind.name, pk, locale, False, _why(old, shown, path), path, shown.place)
            former, key = _former(old, path, number), key_of(kind.name, pk, locale)
            yield (*start, former, shown.own, shown.rev, key, used.get((kind.name, pk), ""), value_of(at))


def _why(old: Entered | None, shown: Shown, path: str) -> str:
    """Taken from what differs, so that it cannot tell more than the difference does."""
    if old is None or old.gone:
        return "published"
    if old.path != path:
        return "moved"
    return "updated" if old.own != shown.own else "depends-on"


def _former(old: Entered | None, path: str, number: int) -> str:
    if old is None or old.gone:
        return "[]"
    if old.path == path:
        return old.former
    return json.dumps([*json.loads(old.former), [old.path, number]][-MAX_FORMER_PATHS:], ensure_ascii=False)


def _reasons(kind: Kind, ids: Collection[int], now: datetime) -> dict[int, tuple[str, datetime | None]]:
    """Why objects are gone, and when, where that is known: deleted, expired, or no more than withdrawn."""
    if not ids:
        return {}
    rows = kind.exists().filter(among("pk", ids)).order_by()
    found: dict[int, tuple[str, datetime | None]] = dict.fromkeys(ids, (_DELETED, None))
    if not kind.expires:
        return found | dict.fromkeys(rows.values_list("pk", flat=True), (_WITHDRAWN, None))
    for pk, expiry in rows.values_list("pk", "expire_at"):
        found[pk] = (_EXPIRED, expiry) if expiry is not None and expiry <= now else (_WITHDRAWN, None)
    return found


marks.call_after_commit(after_commit)
