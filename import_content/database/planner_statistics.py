"""What the database's planner knows of the tables, when an import has made them many times as large.

SQLite has to know of all tables that a query joins, or of none: what was not counted is taken for large.  ``PRAGMA
optimize`` counts only some, and with a limit on the rows to look at it takes a column that is the same in all rows for
one that tells them apart.  Then a list of 20 among 100,000 articles takes a second and not one millisecond.

PostgreSQL counts by itself, but once a minute at most, where it does (``autovacuum``).  Until then it checks each
foreign key of a new row with the plan that it made when there were two pages: it reads all of them.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from wagtail.models import ModelLogEntry, Page, PageLogEntry, ReferenceIndex, Revision

from import_content.database.retry import retry_on_outage

LARGE = {Revision, PageLogEntry, ModelLogEntry, ReferenceIndex}
"""Journals: rightly taken for large, and long to count.  The others take a quarter of a second for 100,000 articles."""
FIRST_REFRESH_PAGES = 1000
"""Pages written before the tables are counted during a run; then whenever they have doubled."""


class PlannerStatistics:
    """Of one run."""

    def __init__(self) -> None:
        self._written = 0
        self._due = FIRST_REFRESH_PAGES

    def written(self, count: int) -> None:
        """To be called after so many pages were written, outside a transaction."""
        self._written += count
        if self._written >= self._due:
            self._due = 2 * self._written
            refresh_statistics()


def refresh_statistics() -> None:
    """Counts, where the number of pages is twice or half of what it was."""
    if not connection.in_atomic_block and _have_changed():
        retry_on_outage(_count)


def _have_changed() -> bool:
    before, now = _number_when_counted(Page), Page.objects.count()
    return not before / 2 < now < before * 2


def _number_when_counted(model: type[Model]) -> int:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return 0
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s LIMIT 1", [table])
        row = cursor.fetchone()
        return int(row[0].split()[0]) if row else 0


@transaction.atomic
def _count() -> None:
    """In a transaction: by itself, it fails on SQLite where somebody else is writing."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # PostgreSQL looks at a sample, and always at as many rows
            models = [model for model in models if model not in LARGE and model._meta.app_label != "import_content"]
            cursor.execute("PRAGMA analysis_limit = 0")
        for table in sorted({model._meta.db_table for model in models}):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
