"""What SQLite's planner knows of the tables.

It has to know of all that a query joins, or of none: what was not counted is taken for large.  ``PRAGMA optimize``
counts only some, and with a limit on the rows to look at it takes a column that is the same in all rows for one that
tells them apart.  Then a list of 20 among 100,000 articles takes a second and not one millisecond.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex, Revision

from import_content.outages import outlast
from pages.models import PublishedArticle

LARGE = {Revision, PageLogEntry, ModelLogEntry, ReferenceIndex}
"""Journals: rightly taken for large, and long to count.  The others take a quarter of a second for 100,000 articles."""
FIRST = 1000
"""Pages written before the tables are counted during a run; then whenever they have doubled."""


class Statistics:
    """Of one run."""

    def __init__(self) -> None:
        self._written = 0
        self._due = FIRST

    def written(self, count: int) -> None:
        """To be called after so many pages were written, outside a transaction."""
        self._written += count
        if self._written >= self._due:
            self._due = 2 * self._written
            refresh_statistics()


def refresh_statistics() -> None:
    """Counts, where the number of pages is twice or half of what it was.  PostgreSQL counts by itself."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block and _have_changed():
        outlast(_count)


def _have_changed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return True
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s LIMIT 1", [PublishedArticle._meta.db_table])
        known = cursor.fetchone()
    before, now = int(known[0].split()[0]) if known else 0, PublishedArticle.objects.count()
    return not before / 2 < now < before * 2


@transaction.atomic
def _count() -> None:
    """In a transaction, which waits for its turn to write; by itself it fails where somebody else is writing."""
    models = set(apps.get_models(include_auto_created=True)) - LARGE
    tables = {
        model._meta.db_table for model in models if model._meta.managed and model._meta.app_label != "import_content"
    }
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 0")
        for table in sorted(tables):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
