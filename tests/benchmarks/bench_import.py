"""How fast articles come in: an import beside Wagtail's idiomatic loop and beside a raw insert of the same rows.

    python -m tests.benchmarks.bench_import [--articles 10000] [--loop 300] [--flat 100000]

The loop makes articles that are parsed already, one after the other, with Wagtail's own methods, in an empty tree.  The
bulk way writes as many from a plan that is ready, the ledger's rows included, and is what the loop and the raw insert
are compared with, since these read and parse nothing either.  The raw insert takes the very rows that it left, and puts
them into the same tables of an empty database: executemany on SQLite, COPY on PostgreSQL.  The import is the whole of
``manage.py import_content``: finding files, reading, parsing, planning, writing, and the check at the end.

On SQLite, or on the server that DATABASE_URL names; databases of its own are made there and dropped.
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks import generated
from tests.benchmarks.databases import BenchDatabase

RAW_BATCH = 250
STEP = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--loop", type=int, default=300, help="articles for the idiomatic loop")
    parser.add_argument("--flat", type=int, default=0, help="also import this many, with the speed by the thousand")
    options = parser.parse_args()
    database = BenchDatabase()
    try:
        say("PostgreSQL" if database.postgresql else "SQLite")
        loop = bench_loop(database, options.loop)
        written, raw = bench_bulk_and_raw(database, options.articles)
        imported = bench_import(database, options.articles)
        for name, rate in (("the bulk way", written), ("the whole import", imported)):
            say(f"{name}: {rate / loop:.1f} times the loop, {rate / raw:.0%} of the raw insert")
        if options.flat:
            bench_flat(database, options.flat)
    finally:
        database.close()


def bench_loop(database: BenchDatabase, count: int) -> float:
    from import_content.writer.ordinary import OrdinaryWriter
    from tests.benchmarks.contents import new_articles

    database.fresh("loop")
    articles = list(new_articles(count, make=generated.seed_like))
    parent, user = site()
    with spent() as time_spent:
        for article in articles:
            OrdinaryWriter().create(parent, [article], user=user)
    say(f"Wagtail's methods, {count} articles: {time_spent.told(count)}")
    return count / time_spent.wall


def bench_bulk_and_raw(database: BenchDatabase, count: int) -> tuple[float, float]:
    from import_content import service
    from tests.benchmarks import raw_rows

    name = database.fresh("bulk")
    before = raw_rows.keys()
    with sources(count) as folder:
        options = how()
        plan = list(service.plan([folder], options, for_writing=True))
        gc.freeze()  # no import holds a plan of so many in memory, for the garbage collector to look through
        with spent() as bulk:
            done = sum(result.outcome == "created" for result in service.apply(plan, options))
        if done != count:
            raise SystemExit(f"only {done} were created")
    del plan
    gc.unfreeze()
    say(f"bulk way, {count:,} articles: {bulk.told(count)}")
    chunks = raw_rows.read(count // RAW_BATCH, before)
    rows = sum(len(part) for _, parts in chunks.values() for part in parts)
    database.fresh("raw")
    with spent() as bare:
        seconds = raw_rows.insert(chunks, count // RAW_BATCH)
    say(f"raw insert of the same {rows:,} rows: {bare.told(count)}")
    database.drop(name)
    return count / bulk.wall, count / seconds


def bench_import(database: BenchDatabase, count: int) -> float:
    database.fresh("import")
    with sources(count) as folder, spent() as whole:
        for _ in importing(folder):
            pass
    say(f"import of {count:,} files: {whole.told(count)}")
    return count / whole.wall


def bench_flat(database: BenchDatabase, count: int) -> None:
    """Per article no slower at the end than at the beginning."""
    database.fresh("flat")
    rates: list[float] = []
    with sources(count) as folder:
        for done, seconds in importing(folder):
            rates.append(STEP / seconds)
            if done % (10 * STEP) == 0:
                say(f"  up to {done:>7,}: {10 / sum(1 / rate for rate in rates[-10:]):,.0f} a second, {memory()} MB")
    first, last = (len(part) / sum(1 / rate for rate in part) for part in (rates[1:10], rates[-10:]))
    say(f"from 1,000 to 10,000: {first:,.0f} a second; last 10,000 of {count:,}: {last:,.0f}")
    say(f"an article takes {first / last:.2f} times as long")


def importing(folder: str) -> Iterator[tuple[int, float]]:
    """Imports a folder; yields how many articles are there and how long the last thousand took."""
    from import_content import service

    options = how()
    run = service.apply(service.plan([folder], options, for_writing=True), options)
    start = time.perf_counter()
    for done, result in enumerate(run, start=1):
        if result.outcome != "created":
            raise SystemExit(f"{result.planned.key}: {result.outcome} {result.message}")
        if done % STEP == 0:
            yield done, time.perf_counter() - start
            start = time.perf_counter()
    findings = run.inconsistencies
    if findings:
        raise SystemExit("\n".join(map(str, findings)))


class sources(tempfile.TemporaryDirectory[str]):  # noqa: N801 -- reads as a function
    """A folder with so many generated articles."""

    def __init__(self, count: int) -> None:
        super().__init__()
        for key, text in generated.texts(count, make=generated.seed_like):
            path = Path(self.name) / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


class spent:  # noqa: N801 -- reads as a function
    """Time: on the clock, and that this process was at work; those that read are not in it."""

    def __enter__(self) -> spent:
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *exception: object) -> None:
        wall, own = self._start
        self.wall = time.perf_counter() - wall
        self.own = time.process_time() - own

    def told(self, count: int) -> str:
        return f"{count / self.wall:,.1f} a second; each {self.own / count * 1000:.2f} ms of this process"


def site() -> tuple[Any, Any]:
    from django.contrib.auth import get_user_model

    from pages.models import ArticleIndexPage

    return ArticleIndexPage.objects.get(slug="guides"), get_user_model().objects.get(username="ann")


def how() -> Any:
    from import_content.service import ImportOptions

    parent, user = site()
    return ImportOptions(parent=parent, user=user, publish=True)


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
