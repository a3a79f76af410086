"""Kills imports and starts them again: the database must end as if nothing had happened, and no process may stay.

    python -m tests.benchmarks.kill_import [--kills 200] [--articles 60]

First at every named point, in one process and handed out as batches; then at random moments, in one process, with a
pool of parsing processes, and handed out; then two importers of the same folder at once.  On SQLite, or on the server
that DATABASE_URL names; in databases of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import generated
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.processes import adopt_orphans, done, forked, left_behind

POINTS = [
    ("import_content.writer.bulk.writer.BulkWriter", "_schools"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_pages"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_revisions"),
    ("import_content.writer.bulk.writer", "insert_log_entries"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_references"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_search_entries"),
    ("import_content.writer.bulk.writer", "add_children"),
    ("pages.publication", "store"),
    ("import_content.applying.ledger.Ledger", "start"),
    ("import_content.applying.ledger.Ledger", "created"),
    ("import_content.applying.ledger.Ledger", "commit_counts"),
    ("import_content.applying.ledger.Ledger", "finish"),
    ("import_content.applying.applier.PlanApplier", "_commit"),
]
"""Owner and name of functions after whose nth call a process dies."""
POINTS_ENQUEUED = [
    ("import_content.workers.enqueue", "send"),
    ("import_content.workers.enqueue.EnqueuedImport", "_close"),
    ("import_content.workers.run_batch", "_begin"),
    ("import_content.workers.run_batch", "_import"),
    ("import_content.workers.run_batch", "finish_if_complete"),
    ("import_content.workers.run_batch.SharedLedger", "commit_counts"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_pages"),
]
ALONE = "in one process"
WAYS: dict[str, dict[str, Any]] = {
    ALONE: {"workers": 1},
    "with a pool": {"workers": 2},
    "handed out": {"enqueue": True},
}
SOURCES_IN_A_BATCH = 15
TOLD = 10
ENOUGH_TO_HIT = 10
"""So many kills at random, of which none hits, have tried nothing."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="at random; a quarter as many of each other way")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--points", type=int, help="how many of the named points (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    adopt_orphans()
    database = BenchDatabase()
    try:
        with tempfile.TemporaryDirectory() as folder:
            write_sources(Path(folder), options.articles)
            bad = sum(trials(database, folder, options))
    finally:
        database.close()
    say("all as if nothing had happened" if not bad else f"{bad} went wrong")
    sys.exit(bool(bad))


def trials(database: BenchDatabase, folder: str, options: argparse.Namespace) -> Iterator[int]:
    dice = random.Random(options.seed)  # noqa: S311 -- a test
    alone, pool, handed_out = (Trial(database, folder, way) for way in WAYS)
    yield alone.named(POINTS[: options.points])
    yield handed_out.named(POINTS_ENQUEUED[: options.points])
    yield alone.at_random(options.kills, dice)
    yield pool.at_random(-(-options.kills // 4), dice)
    yield handed_out.at_random(-(-options.kills // 4), dice)
    yield alone.two_at_once(options.articles)


def write_sources(folder: Path, count: int) -> None:
    for key, text in generated.texts(count):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Trial:
    """Imports of one folder in one way, each in a process of its own, forked from one that has Django ready."""

    def __init__(self, database: BenchDatabase, folder: str, way: str) -> None:
        self._database = database
        self._folder = folder
        self._way = way
        database.fresh("whole")
        start = time.monotonic()
        done(self._import)
        self.seconds = time.monotonic() - start
        self.expected = self._dump()
        say(f"{way}: an import that nobody disturbs takes {self.seconds:.2f} s")

    def named(self, points: list[tuple[str, str]]) -> int:
        bad = 0
        calls = self._calls(points)
        for (owner, name), number in zip(points, calls, strict=True):
            if not number:
                say(f"{name}: NEVER CALLED, so nothing was tried there")
                bad += 1
            for call in range(1, min(number, 2) + 1):
                died, left = self._interrupted(partial(self._import_until, owner, name, call))
                bad += self._report(f"{name} #{call}", died=died, left=left, must_die=True)
        return bad

    def at_random(self, kills: int, dice: random.Random) -> int:
        bad = hit = 0
        for number in range(kills):
            after = dice.uniform(0, self.seconds)
            died, left = self._interrupted(self._import, after=after)
            hit += died
            bad += self._report(f"random kill {number + 1} after {after:.2f} s", died=died, left=left, quiet=True)
            if number % TOLD == TOLD - 1:
                say(f"{self._way}: {number + 1} random kills, of which {hit} hit; {bad} went wrong")
        say(f"{self._way}: {hit} of {kills} random kills hit a running import, {bad} went wrong")
        missed = kills >= ENOUGH_TO_HIT and not hit
        if missed:
            say("NONE of them hit an import")
        return bad + missed

    def two_at_once(self, count: int) -> int:
        self._database.fresh("two")
        children = [forked(self._import) for _ in range(2)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        found = json.loads(_answer(lambda: _problems(count)))
        bad = any(codes) or bool(found)
        say(f"two importers at once (exit {codes}): {'WRONG' if bad else 'good'}")
        for problem in found:
            say(f"  {problem}")
        return int(bad)

    def _interrupted(self, work: Callable[[], None], *, after: float | None = None) -> tuple[bool, list[str]]:
        """Whether the process died of it, and the processes that it left behind; then the import again."""
        self._database.fresh("killed")
        child = forked(work)
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        died = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        left = left_behind()
        _answer(rewind_sequences)
        done(self._again)
        return died, left

    def _report(self, what: str, *, died: bool, left: list[str], must_die: bool = False, quiet: bool = False) -> bool:
        found = self._dump()
        good = found == self.expected and not left and (died or not must_die)
        if not quiet or not good:
            say(
                f"{self._way}, {what}: {'killed' if died else 'NOT REACHED' if must_die else 'done before'}, {'good' if good else 'WRONG'}"
            )
        for process in left:
            say(f"  left behind: {process}")
        for table in sorted(found.keys() | self.expected.keys()):
            ours, theirs = Counter(found.get(table, [])), Counter(self.expected.get(table, []))
            if ours != theirs:
                say(f"  {table}: {ours.total()} rows, {theirs.total()} expected")
                more, less = list((ours - theirs).elements()), list((theirs - ours).elements())
                for row, other in zip((more or [""])[:2], (less or [""])[:2], strict=False):
                    say(f"    {_around(row, other)}\n    {_around(other, row)}")
        return not good

    # --- in processes of their own --------------------------------------------------------------------------

    def _import(self) -> None:
        from django.core.management import call_command

        from import_content.workers import enqueue

        enqueue.MAX_BATCH_SOURCES = SOURCES_IN_A_BATCH
        with contextlib.redirect_stderr(io.StringIO()):
            call_command(
                "import_content",
                self._folder,
                parent="/guides/",
                publish=True,
                verbosity=0,
                stdout=io.StringIO(),
                **WAYS[self._way],
            )

    def _again(self) -> None:
        """What a person does after a crash: resume what was handed out, if anything was, and the same command."""
        from django.core.management import call_command

        from import_content.models import ImportBatch

        for run in ImportBatch.objects.waiting().values_list("run", flat=True).distinct():
            call_command("import_runs", "resume", str(run), stdout=io.StringIO())
        self._import()

    def _calls(self, points: list[tuple[str, str]]) -> list[int]:
        """How often an import that nobody disturbs calls each of the functions."""

        def count() -> str:
            calls: Counter[tuple[str, str]] = Counter()
            for owner, name in points:
                _watch(owner, name, partial(calls.update, [(owner, name)]))
            self._import()
            return json.dumps([calls[point] for point in points])

        self._database.fresh("counted")
        numbers: list[int] = json.loads(_answer(count))
        return numbers

    def _import_until(self, owner: str, name: str, call: int) -> None:
        calls = 0

        def deadly() -> None:
            nonlocal calls
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)

        _watch(owner, name, deadly)
        self._import()

    def _dump(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(_answer(content))
        return found


def _watch(owner: str, name: str, after: Callable[[], None]) -> None:
    """Have `after` called after each call of a function, which is a module's or a class's own."""
    from django.utils.module_loading import import_string

    try:
        place = import_string(owner)
    except ImportError:
        place = __import__(owner, fromlist=["_"])
    whole = getattr(place, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        result = whole(*args, **kwargs)
        after()
        return result

    setattr(place, name, watched)


def _answer(question: Callable[[], str]) -> str:
    """The answer of a process that looks at the database."""
    with tempfile.NamedTemporaryFile("r+") as answer:
        done(lambda: Path(answer.name).write_text(question()) and None)
        return Path(answer.name).read_text()


def _around(row: str, other: str) -> str:
    """Where a row leaves the other."""
    place = len(os.path.commonprefix([row, other]))  # noqa: RUF071 -- by character is what is wanted
    return f"{row[:60]} … {row[max(0, place - 120) : place + 160]}"


def content() -> str:
    """All tables but those that tell of every start: the ledger's runs, items and finished batches; and how sure the
    parser was."""
    from import_content.models import ImportBatch
    from tests.import_content.writer.dump import dump

    tables = dump(runs=False)
    tables["import_content_importbatch"] = [str(batch) for batch in ImportBatch.objects.waiting()]
    return json.dumps(tables)


def _problems(count: int) -> str:
    from tests.benchmarks.soundness import problems

    return json.dumps(problems(articles=count, sources=count))


def rewind_sequences() -> str:
    """PostgreSQL does not give ids of transactions that were rolled back again; here they are to be the same."""
    from django.core.management.color import no_style
    from django.db import connection
    from wagtail.models import Page, Revision

    from pages.models import School

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Page, Revision, School]):
                cursor.execute(statement)
    return "done"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
