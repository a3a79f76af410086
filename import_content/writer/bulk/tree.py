"""Paths of new children in the page tree."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections
from django.db.models import F
from treebeard.exceptions import PathOverflow
from wagtail.models import Page

from import_content.database.tree_locks import STEP


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
