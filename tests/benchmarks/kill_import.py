"""Kills imports and starts them again: the database must end as if nothing had happened.

    python -m tests.benchmarks.kill_import [--kills 200] [--articles 60]

First at every named point, then at random moments; then two importers of the same folder at once.  On SQLite, or on
the server that DATABASE_URL names; in databases of its own.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks import generated
from tests.benchmarks.databases import BenchDatabase

POINTS = [
    ("import_content.writer.bulk.writer.BulkWriter", "_bind_schools"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_pages"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_revisions"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_log"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_references"),
    ("import_content.writer.bulk.writer.BulkWriter", "_insert_search_entries"),
    ("import_content.writer.bulk.writer", "add_children"),
    ("pages.publication", "store"),
    ("import_content.ledger.Ledger", "start"),
    ("import_content.ledger.Ledger", "created"),
    ("import_content.ledger.Ledger", "commit_counts"),
    ("import_content.ledger.Ledger", "finish"),
    ("import_content.applying.Applier", "_commit"),
]
"""Owner and name of functions after whose nth call a process dies."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--points", type=int, default=len(POINTS), help="how many of the named points")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    database = BenchDatabase()
    try:
        with tempfile.TemporaryDirectory() as folder:
            write_sources(Path(folder), options.articles)
            trial = Trial(database, folder)
            bad = trial.named(POINTS[: options.points]) + trial.at_random(options.kills, random.Random(options.seed))  # noqa: S311 -- a test
            bad += trial.two_at_once(options.articles)
    finally:
        database.close()
    say("all as if nothing had happened" if not bad else f"{bad} went wrong")
    sys.exit(bool(bad))


def write_sources(folder: Path, count: int) -> None:
    for key, text in generated.texts(count):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Trial:
    """Imports of one folder, each in a process of its own, forked from one that has Django ready."""

    def __init__(self, database: BenchDatabase, folder: str) -> None:
        self._database = database
        self._folder = folder
        database.fresh("whole")
        start = time.monotonic()
        self._child(self._import)
        self.seconds = time.monotonic() - start
        self.expected = self._dump()

    def named(self, points: list[tuple[str, str]]) -> int:
        bad = 0
        for owner, name in points:
            for call in (1, 2):
                died = self._interrupted(
                    lambda owner=owner, name=name, call=call: self._import_until(owner, name, call)
                )
                bad += self._report(f"{name} #{call}", died=died)
        return bad

    def at_random(self, kills: int, dice: random.Random) -> int:
        bad = died = 0
        for number in range(kills):
            after = dice.uniform(0, self.seconds)
            was_killed = self._interrupted(self._import, after=after)
            died += was_killed
            bad += self._report(f"random kill {number + 1} after {after:.2f} s", died=was_killed, quiet=True)
        say(f"random kills: {died} of {kills} hit a running import, {bad} went wrong")
        return bad

    def two_at_once(self, count: int) -> int:
        self._database.fresh("two")
        children = [self._fork(self._import) for _ in range(2)]
        codes = [os.waitpid(child, 0)[1] for child in children]
        pages, records, problems = json.loads(self._ask(facts))
        good = (pages, records, problems) == (count, count, [[], [], [], [], []])
        say(f"two importers at once (exit {codes}): {pages} pages, {records} sources: {'good' if good else 'WRONG'}")
        return int(not good)

    def _interrupted(self, work: Callable[[], None], *, after: float | None = None) -> bool:
        self._database.fresh("killed")
        child = self._fork(work)
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        died = os.waitpid(child, 0)[1] != 0
        self._ask(rewind_sequences)
        self._child(self._import)
        return died

    def _report(self, what: str, *, died: bool, quiet: bool = False) -> bool:
        found = self._dump()
        good = found == self.expected
        if not quiet or not good:
            say(f"{what}: {'killed' if died else 'not reached'}, {'good' if good else 'WRONG'}")
        if not good:
            for table in sorted(found.keys() | self.expected.keys()):
                ours, theirs = found.get(table, []), self.expected.get(table, [])
                if ours != theirs:
                    odd = [row for row in ours if row not in theirs][:2] + [row for row in theirs if row not in ours][
                        :2
                    ]
                    say(
                        f"  {table}: {len(ours)} rows, {len(theirs)} expected; {[_around(row, other) for row, other in zip(odd, reversed(odd), strict=True)]}"
                    )
        return not good

    # --- in processes of their own --------------------------------------------------------------------------

    def _import(self) -> None:
        from django.core.management import call_command

        with contextlib.redirect_stderr(io.StringIO()):
            call_command(
                "import_content",
                self._folder,
                parent="/guides/",
                publish=True,
                workers=1,
                verbosity=0,
                stdout=io.StringIO(),
            )

    def _import_until(self, owner: str, name: str, call: int) -> None:
        from django.utils.module_loading import import_string

        try:
            place = import_string(owner)
        except ImportError:
            place = __import__(owner, fromlist=["_"])
        whole, calls = getattr(place, name), 0

        def deadly(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            result = whole(*args, **kwargs)
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(place, name, deadly)
        self._import()

    def _dump(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self._ask(content))
        return found

    def _ask(self, question: Callable[[], str]) -> str:
        """The answer of a process that looks at the database."""
        with tempfile.NamedTemporaryFile("r+") as answer:
            self._child(lambda: Path(answer.name).write_text(question()) and None)
            return Path(answer.name).read_text()

    def _child(self, work: Callable[[], Any]) -> None:
        code = os.waitpid(self._fork(work), 0)[1]
        if code:
            raise RuntimeError(f"the process ended with {code}")

    def _fork(self, work: Callable[[], Any]) -> int:
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            work()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)


def _around(row: str, other: str) -> str:
    """Where a row leaves the other."""
    place = len(os.path.commonprefix([row, other]))  # noqa: RUF071 -- by character is what is wanted
    return f"{row[:60]} … {row[max(0, place - 120) : place + 160]}"


def content() -> str:
    """All tables but the ledger's runs and items, which tell of every start, and how sure the parser was."""
    from tests.writer.dump import dump

    return json.dumps(dump(runs=False))


def facts() -> str:
    from wagtail.models import Page

    from import_content.models import SourceRecord
    from pages.models import ArticlePage

    problems = [list(found) for found in Page.find_problems()]
    return json.dumps([ArticlePage.objects.count(), SourceRecord.objects.exclude(page=None).count(), problems])


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
