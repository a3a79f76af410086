"""How fast articles are made: the bulk way beside Wagtail's idiomatic loop and beside a raw insert of the same rows.

    python -m tests.benchmarks.bench_import [--articles 10000] [--loop 300] [--flat 100000]

On SQLite, or on the server that DATABASE_URL names; databases of its own are made there and dropped.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from itertools import islice

from tests.benchmarks.databases import BenchDatabase

BATCH = 250


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--loop", type=int, default=300, help="articles for the idiomatic loop, into an empty tree")
    parser.add_argument("--flat", type=int, default=0, help="also go on to this many articles, speed by the thousand")
    parser.add_argument("--batch", type=int, default=BATCH)
    options = parser.parse_args()
    database = BenchDatabase()
    try:
        say(f"{'PostgreSQL' if database.postgresql else 'SQLite'}, batches of {options.batch}")
        loop = bench_loop(database, options.loop)
        bulk = bench_bulk_and_raw(database, options.articles, options.batch, loop)
        if options.flat:
            bench_flat(database, options.flat, options.batch)
        say(f"against the loop: {bulk / loop:.1f} times")
    finally:
        database.close()


def bench_loop(database: BenchDatabase, count: int) -> float:
    from import_content.writer.ordinary import OrdinaryWriter
    from tests.benchmarks.contents import new_articles

    database.fresh("loop")
    articles = list(new_articles(count))
    parent, user = site()
    start, begun = time.perf_counter(), time.process_time()
    for article in articles:
        OrdinaryWriter().create(parent, [article], user=user)
    rate = count / (time.perf_counter() - start)
    own = (time.process_time() - begun) / count
    say(f"Wagtail's methods, {count} articles: {rate:,.1f} a second; {own * 1000:.2f} ms of this process each")
    return rate


def bench_bulk_and_raw(database: BenchDatabase, count: int, batch: int, loop: float) -> float:
    from tests.benchmarks import raw_rows

    name = database.fresh("bulk")
    before = raw_rows.keys()
    spent, own = map(sum, zip(*((seconds, cpu) for _, seconds, cpu in write(count, batch)), strict=True))
    rate = count / spent
    say(f"bulk writer, {count:,} articles: {rate:,.0f} a second; {own / count * 1000:.2f} ms of this process each")
    chunks = raw_rows.read(count // batch, before)
    rows = sum(len(part) for _, parts in chunks.values() for part in parts)
    database.fresh("raw")
    begun = time.process_time()
    raw = count / raw_rows.insert(chunks, count // batch)
    own = (time.process_time() - begun) / count
    say(f"raw insert of the same {rows:,} rows: {raw:,.0f} a second; {own * 1000:.2f} ms of this process each")
    say(f"the bulk writer reaches {rate / raw:.0%} of the raw insert")
    database.drop(name)
    return rate


def bench_flat(database: BenchDatabase, count: int, batch: int) -> None:
    database.fresh("flat")
    done, spent, rates = 0, 0.0, {}
    for number, seconds, _ in write(count, batch):
        done, spent = done + number, spent + seconds
        if done % 1000 == 0:
            rates[done] = 1000 / spent
            spent = 0.0
            if done % 10_000 == 0:
                recent = [rate for at, rate in rates.items() if at > done - 10_000]
                say(f"  up to {done:>7,}: {10 / sum(1 / rate for rate in recent):,.0f} a second, {memory()} MB")
    first, last = rates[1000], 10 / sum(1 / rate for rate in list(rates.values())[-10:])
    say(f"first 1,000: {first:,.0f} a second; last 10,000 of {count:,}: {last:,.0f} ({first / last:.2f} times as long)")


def write(count: int, batch: int) -> Iterator[tuple[int, float, float]]:
    """Makes articles in batches; yields the number of each, the seconds that writing took, and those of them that
    this process was at work: on a busy machine the steadier figure."""
    from import_content.writer.bulk import BulkWriter
    from tests.benchmarks.contents import new_articles

    parent, user = site()
    writer = BulkWriter()
    articles = new_articles(count)
    while some := list(islice(articles, batch)):
        start, begun = time.perf_counter(), time.process_time()
        writer.create(parent, some, user=user)
        yield len(some), time.perf_counter() - start, time.process_time() - begun


def site():  # type: ignore[no-untyped-def]
    from django.contrib.auth import get_user_model

    from pages.models import ArticleIndexPage

    return ArticleIndexPage.objects.get(slug="guides"), get_user_model().objects.get(username="ann")


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
