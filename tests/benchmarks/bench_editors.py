"""How long an editor waits for a save while two imports run, and whether everything is whole afterwards.

    python -m tests.benchmarks.bench_editors [--articles 600] [--workers 1]

Two processes import a folder each, into an index each; a third saves and publishes articles as long as they run, one
under an index of the editor's own and one under the index of the first import in turn.  Before, an import alone shows
that it waits for nobody.  On SQLite, or on the server that DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.benchmarks import generated
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.kill_import import say
from tests.benchmarks.processes import done, forked

BETWEEN_SAVES = 0.3
PATIENCE = 1.0
"""Seconds that a save may take, at the 95th percentile."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=600, help="for each of the two imports")
    parser.add_argument("--workers", type=int, default=1, help="processes that parse, for each of them")
    parser.add_argument("--pause", type=float, default=BETWEEN_SAVES, help="seconds between two saves")
    options = parser.parse_args()
    database = BenchDatabase()
    try:
        with tempfile.TemporaryDirectory() as folder:
            database.fresh("alone")
            write_sources(Path(folder), options.articles)
            done(lambda: import_alone(Path(folder) / "one", options.workers))
            database.fresh("editors")
            bad = beside_editor(Path(folder), options)
    finally:
        database.close()
    sys.exit(bad)


def beside_editor(folder: Path, options: argparse.Namespace) -> bool:
    page_ids = prepare()
    children = [forked(partial(run_import, folder / name, f"/{name}/", options.workers)) for name in ("one", "two")]
    seconds, waits = edit(page_ids, children, options.pause)
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    say(f"{2 * options.articles} articles in {seconds:.0f} s beside an editor")
    say(
        f"{len(waits)} saves: median {waits[len(waits) // 2]:.2f} s, 95th percentile {p95:.2f} s, "
        f"longest {waits[-1]:.2f} s"
    )
    return p95 > PATIENCE or wrong(options.articles * 2, len(page_ids))


def wrong(imported: int, written: int) -> bool:
    from tests.benchmarks.soundness import problems

    found = problems(articles=imported + written, sources=imported)
    for problem in found or ("everything is whole",):
        say(problem)
    return bool(found)


def prepare() -> list[int]:
    """An index for each import and one for the editor, who has an article there and one in the first import's index;
    their ids."""
    from django.db import connection

    from pages.models import ArticleIndexPage, ArticlePage

    home = ArticleIndexPage.objects.get(slug="home")
    for name in ("one", "two", "mine"):
        home.add_child(instance=ArticleIndexPage(title=name, slug=name))
    pages = [ArticlePage(title=f"The editor's own in {name}", slug="own") for name in ("mine", "one")]
    for page, name in zip(pages, ("mine", "one"), strict=True):
        ArticleIndexPage.objects.get(slug=name).add_child(instance=page)
    connection.close()
    return [int(page.pk) for page in pages]


def write_sources(folder: Path, count: int) -> None:
    for name, start in (("one", 0), ("two", 10_000)):
        for key, text in generated.texts(count, start=start):
            path = folder / name / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


def run_import(folder: Path, parent: str, workers: int) -> None:
    from django.core.management import call_command

    options = {"parent": parent, "publish": True, "workers": workers, "verbosity": 0}
    call_command("import_content", str(folder), **options, stdout=io.StringIO())


def import_alone(folder: Path, workers: int) -> None:
    waited = 0.0

    def sleep(seconds: float, rest=time.sleep) -> None:
        nonlocal waited
        waited += seconds
        rest(seconds)

    from import_content.database import pacing

    pacing.Clock.__init__.__defaults__ = (time.monotonic, sleep)
    start = time.monotonic()
    run_import(folder, "/guides/", workers)
    say(f"an import alone: {time.monotonic() - start:.1f} s, of which it waited {waited:.2f} s for others")


def edit(page_ids: list[int], children: list[int], pause: float) -> tuple[float, list[float]]:
    """Save until all children have ended.  Raises `RuntimeError` where one does not end well."""
    from pages.models import ArticlePage

    waits: list[float] = []
    running = set(children)
    start = time.monotonic()
    while running:
        begun = time.monotonic()
        page = ArticlePage.objects.get(pk=page_ids[len(waits) % len(page_ids)])
        page.introduction = f"<p>Save {len(waits)}</p>"
        page.save_revision().publish()
        waits.append(time.monotonic() - begun)
        time.sleep(pause)
        for child in [*running]:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended and status:
                raise RuntimeError(f"an import ended with {os.waitstatus_to_exitcode(status)}")
            running -= {ended}
    return time.monotonic() - start, waits


if __name__ == "__main__":
    main()
