"""Holds places in the page tree until the transaction ends: the one rule of who locks what, in which order.

1. Pages above a place are held first, from the root down, with a lock that any number of writers share and that lets
   others save them (``FOR KEY SHARE``): they can be published meanwhile, and are neither moved nor deleted.
2. Then parents and pages that are written, in the order of their paths, each for one writer (``FOR NO KEY UPDATE``:
   what an ``UPDATE`` takes).
3. Who makes pages looks at its end whether one above was renamed meanwhile (`confirm_place`): the address of a page
   that another transaction does not see yet cannot follow.

SQLite has one lock for all of it, which every transaction takes at its first write.
"""

from __future__ import annotations

import time
from collections.abc import Collection

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import F
from wagtail.models import Page

from import_content.database.retry import OvertakenError

STEP = Page.steplen
CONFIRM_SECONDS = 0.3
"""How long somebody may be in the middle of saving a page above; who waits longer may be waiting for us."""
CONFIRM_POLL_SECONDS = 0.02


def lock_place(page_id: int, *, using: str = DEFAULT_DB_ALIAS) -> Page:
    """Lock a page for new children and return it as it is now.

    Three queries on PostgreSQL, two on SQLite.  Raises `Page.DoesNotExist` for a page that is gone.
    """
    pages = Page.objects.using(using)
    if connections[using].vendor != "postgresql":
        pages.filter(pk=page_id).update(numchild=F("numchild"))  # a write of any kind takes the one lock there is
        return pages.get(pk=page_id)
    while True:
        path = pages.values_list("path", flat=True).get(pk=page_id)
        _share(_above([path]), using)
        page: Page = pages.select_for_update(no_key=True).get(pk=page_id)
        if page.path == path:
            return page
        # Moved between the two reads: hold its new ancestors as well.


def confirm_place(place: Page, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make sure that children made under `place` since `lock_place` have the right address; to be called last.

    Who renames a page above writes the addresses of all pages below in the same transaction, and waits for the place
    that is held here.  So none has been renamed since, but one may be about to be; from here to the end of the
    transaction none can.  One query on PostgreSQL as a rule, none on SQLite.  Raises `OvertakenError` where one is
    about to be: the transaction can be run again.
    """
    if connections[using].vendor != "postgresql":
        return
    above = _above([place.path])
    deadline = time.monotonic() + CONFIRM_SECONDS
    # To wait in a lock's queue could be a deadlock: who renames a page above waits for the place that is held here.
    while len(_lock_rows(above, "FOR SHARE SKIP LOCKED", using)) < len(above):
        if time.monotonic() > deadline:
            raise OvertakenError("somebody is changing a page above the new ones")
        time.sleep(CONFIRM_POLL_SECONDS)


def lock_pages(page_ids: Collection[int], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Lock pages that exist, to change or delete them, and their parents, whose number of children may change.

    Three queries on PostgreSQL, none on SQLite.
    """
    if connections[using].vendor != "postgresql" or not page_ids:
        return
    paths = list(Page.objects.using(using).filter(pk__in=page_ids).values_list("path", flat=True))
    parents = {path[:-STEP] for path in paths if len(path) > STEP}
    _share(_above([*paths, *parents]), using)
    _lock_rows(sorted({*paths, *parents}), "FOR NO KEY UPDATE", using)


def _above(paths: Collection[str]) -> list[str]:
    """Paths of all pages above these."""
    return sorted({path[:end] for path in paths for end in range(STEP, len(path), STEP)})


def _share(paths: Collection[str], using: str) -> None:
    _lock_rows(paths, "FOR KEY SHARE", using)


def _lock_rows(paths: Collection[str], strength: str, using: str) -> list[int]:
    """Lock in the order of the tree, whatever the language of the database makes of letters."""
    connection = connections[using]
    table = connection.ops.quote_name(Page._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id FROM {table} WHERE path = ANY(%s) ORDER BY path COLLATE "C" {strength}',  # noqa: S608 -- our own table
            [list(paths)],
        )
        return [row[0] for row in cursor.fetchall()]
