"""Kills re-imports of changed sources and starts them again: the database must end as if nothing had happened.

    python -m tests.benchmarks.kill_reimport [--kills 50] [--articles 40] [--points 12]

The articles were imported and edited before: some are public with an editor's changes, some have a draft beside them.
On SQLite, or on the server that DATABASE_URL names; in databases of its own.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_reimport import change, run
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.kill_import import ALONE, Trial, say, write_sources
from tests.benchmarks.processes import adopt_orphans

POINTS = [
    ("import_content.writer.bulk.updates.UpdateBatch", "_update_pages"),
    ("import_content.writer.bulk.updates.UpdateBatch", "_insert_revisions"),
    ("import_content.writer.bulk.updates", "insert_log_entries"),
    ("import_content.writer.bulk.updates.UpdateBatch", "_write_for_readers"),
    ("import_content.writer.bulk.updates.UpdateBatch", "write"),
    ("import_content.writer.search_entries.SearchEntries", "replace"),
    ("import_content.writer.bulk.updates", "replace_references"),
    ("pages.publication", "store"),
    ("import_content.applying.ledger.Ledger", "changed"),
    ("import_content.applying.ledger.Ledger", "commit_counts"),
    ("import_content.applying.ledger.Ledger", "finish"),
    ("import_content.applying.applier.PlanApplier", "_commit"),
]
"""Owner and name of functions after whose nth call a process dies."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--points", type=int, default=len(POINTS), help="how many of the named points")
    options = parser.parse_args()
    adopt_orphans()
    database = BenchDatabase()
    try:
        with tempfile.TemporaryDirectory() as folder:
            start_with_edited_articles(database, Path(folder), options.articles)
            trial = Trial(database, folder, ALONE)
            bad = trial.named(POINTS[: options.points]) + trial.at_random(options.kills, random.Random(1))  # noqa: S311 -- a test
    finally:
        database.close()
    say("all as if nothing had happened" if not bad else f"{bad} went wrong")
    sys.exit(bool(bad))


def start_with_edited_articles(database: BenchDatabase, folder: Path, count: int) -> None:
    """From here on each new database holds the articles, and the folder their sources' next version."""
    write_sources(folder, count)
    database.fresh("before")
    run(folder)
    edit_some()
    database.keep()
    change(folder, count, "until the bell rings.")


def _append(text: Any, body: Any) -> None:
    body.append(text)


def edit_some() -> None:
    from pages.models import ArticlePage
    from tests.import_content.editing import edit, quote

    for number, page in enumerate(ArticlePage.objects.order_by("path")):
        if number % 4 < 2:
            edit(page, partial(_append, quote(f"Said of number {number}.")), publish=number % 4 == 0)


if __name__ == "__main__":
    main()
