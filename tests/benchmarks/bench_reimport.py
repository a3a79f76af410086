"""How long sources take that were imported before: beside their creation, and written in bulk and one by one.

    python -m tests.benchmarks.bench_reimport [--articles 10000] [--ordinarily 500] [--profile]

In one run: creation, a re-import that finds nothing changed, one of sources that have all changed, one of some that
have changed again, by Wagtail's own methods, and the undo of each.  On SQLite, or on the server that DATABASE_URL names; in databases
of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import io
import pstats
import tempfile
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest import mock

from tests.benchmarks import generated
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.kill_import import say, write_sources


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--ordinarily", type=int, default=500, help="articles that Wagtail's own methods change")
    parser.add_argument("--profile", action="store_true", help="show what the unchanged and the changed spend time on")
    options = parser.parse_args()
    database = BenchDatabase()
    try:
        with tempfile.TemporaryDirectory() as folder:
            database.fresh("reimport")
            say(f"{'PostgreSQL' if database.postgresql else 'SQLite'}, {options.articles:,} articles")
            compare(Path(folder), options.articles, options.ordinarily, profile=options.profile)
    finally:
        database.close()


def compare(folder: Path, articles: int, ordinarily: int, *, profile: bool) -> None:
    write_sources(folder, articles)
    created = measure("created", articles, lambda: run(folder))
    unchanged = measure("unchanged", articles, lambda: run(folder), profile=profile)
    say(f"  unchanged sources take {created / unchanged:.1f} times less than their creation")
    change(folder, articles, "until the bell rings.")
    changed = measure("changed, in bulk", articles, lambda: run(folder), profile=profile)
    change(folder, ordinarily, "until the lamp goes out.")
    one_by_one = measure("changed, by Wagtail's methods", ordinarily, lambda: run_ordinarily(folder))
    rest = unchanged * (articles - ordinarily) / articles
    say(
        f"  in bulk {(one_by_one - rest) / ordinarily / (changed / articles):.1f} times as fast as by Wagtail's methods"
    )
    undo_all(created)


def undo_all(created: float) -> None:
    """Take every run back, the newest first; the last one undone is the creation."""
    from import_content import service
    from import_content.models import ImportRun, RunKind

    for run in ImportRun.objects.filter(kind=RunKind.IMPORT).order_by("-pk"):
        done = sum(run.counts.get(outcome, 0) for outcome in ("created", "updated"))
        seconds = measure(f"undo of {run.counts}", done, partial(deque, service.undo(run), maxlen=0))
    say(f"  the undo of the creation takes {seconds / created:.2f} times as long as the creation")


def change(folder: Path, count: int, words: str) -> None:
    """Each of the first `count` sources says something else in one of its paragraphs."""
    for key, _ in generated.texts(count):
        path = folder / key
        paragraphs = path.read_text(encoding="utf-8").split("\n\n")
        paragraphs[3] = f"{paragraphs[3]} It goes on {words}"
        path.write_text("\n\n".join(paragraphs), encoding="utf-8")


def measure(what: str, count: int, work: Callable[[], object], *, profile: bool = False) -> float:
    """Seconds of wall time; processor time of this process is told too, which is steadier on a busy machine."""
    profiler = cProfile.Profile() if profile else contextlib.nullcontext()
    start, begun = time.perf_counter(), time.process_time()
    with profiler:
        work()
    seconds, own = time.perf_counter() - start, time.process_time() - begun
    say(f"{what}: {count / seconds:,.0f} a second; {own / count * 1000:.3f} ms of this process each")
    if isinstance(profiler, cProfile.Profile):
        out = io.StringIO()
        pstats.Stats(profiler, stream=out).sort_stats("cumulative").print_stats(70)
        say(out.getvalue())
    return seconds


def run(folder: Path) -> None:
    from django.core.management import call_command

    call_command("import_content", str(folder), parent="/guides/", publish=True, stdout=io.StringIO())


def run_ordinarily(folder: Path) -> None:
    from import_content.writer.ordinary import OrdinaryWriter

    with mock.patch("import_content.service.choose_writer", OrdinaryWriter):
        run(folder)


if __name__ == "__main__":
    main()
