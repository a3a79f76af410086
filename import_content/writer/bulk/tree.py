"""Places in the page tree: the locks that make them safe to take, and the paths of new children."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections
from django.db.models import F
from treebeard.exceptions import PathOverflow
from wagtail.models import Page

STEP = Page.steplen


def lock_place(page_id: int, *, using: str) -> Page:
    """Lock a page for new children and return it as it is now.

    Its ancestors are held too, from the root down, so that none is moved or renamed before the transaction ends;
    others may hold them at the same time.  Raises `Page.DoesNotExist` for a page that is gone.
    """
    connection = connections[using]
    pages = Page.objects.using(using)
    if connection.vendor != "postgresql":
        # A write of any kind is what takes the one lock there is.
        pages.filter(pk=page_id).update(numchild=F("numchild"))
        return pages.get(pk=page_id)
    table = connection.ops.quote_name(Page._meta.db_table)
    while True:
        path = pages.values_list("path", flat=True).get(pk=page_id)
        above = [path[:end] for end in range(STEP, len(path), STEP)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {table} WHERE path = ANY(%s) ORDER BY path FOR SHARE",  # noqa: S608 -- our own table
                [above],
            )
        page = pages.select_for_update().get(pk=page_id)
        if page.path == path:
            return page
        # Moved between the two reads: hold its new ancestors as well.


def new_paths(parent: Page, count: int, *, using: str) -> Iterator[str]:
    """Paths for `count` children behind the last one.  Raises `PathOverflow` where the tree has no room."""
    width = len(parent.path) + STEP
    if width > Page._meta.get_field("path").max_length:
        raise PathOverflow("the tree is too deep for a page below this one")
    last = _last_descendant(parent.path, using=using)
    step = Page._str2int(last[width - STEP : width]) if last else 0
    if step + count >= len(Page.alphabet) ** STEP:
        raise PathOverflow(f"“{parent.title}” has no room for {count} more pages: start another index")
    for number in range(step + 1, step + 1 + count):
        yield parent.path + Page._int2str(number).rjust(STEP, Page.alphabet[0])


def add_children(parent: Page, count: int, *, using: str) -> None:
    Page.objects.using(using).filter(pk=parent.pk).update(numchild=F("numchild") + count)


def _last_descendant(path: str, *, using: str) -> str | None:
    """The last path below `path` in byte order, which is the order of the tree on every database."""
    connection = connections[using]
    table = connection.ops.quote_name(Page._meta.db_table)
    # PostgreSQL compares text by the rules of a language unless told otherwise, and its index for paths is bytewise.
    above, below, order = ("~>~", "~<~", "USING ~>~") if connection.vendor == "postgresql" else (">", "<", "DESC")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT path FROM {table} WHERE path {above} %s AND path {below} %s ORDER BY path {order} LIMIT 1",  # noqa: S608 -- our own table
            [path, path + "~"],
        )
        row = cursor.fetchone()
    return row[0] if row else None
