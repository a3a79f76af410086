"""How long an editor waits for a save while two imports run.

    python -m tests.benchmarks.bench_editors [--articles 600]

Two processes import a folder each, into an index each; a third saves and publishes an article under a third index,
once a second or so, as long as they run.  On SQLite, or on the server that DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import generated
from tests.benchmarks.databases import BenchDatabase
from tests.benchmarks.kill_import import say

PAUSE = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=600, help="for each of the two imports")
    options = parser.parse_args()
    database = BenchDatabase()
    try:
        database.fresh("editors")
        page_id = prepare()
        with tempfile.TemporaryDirectory() as folder:
            children = [start_import(Path(folder), name, options.articles) for name in ("one", "two")]
            seconds, waits = edit(page_id, children)
    finally:
        database.close()
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)]
    say(f"{2 * options.articles} articles in {seconds:.0f} s beside them")
    say(
        f"{len(waits)} saves: median {waits[len(waits) // 2]:.2f} s, 95th percentile {p95:.2f} s, longest {waits[-1]:.2f} s"
    )
    sys.exit(p95 > 1.0)


def prepare() -> int:
    """An index for each import and one with an article for the editor, whose id is returned."""
    from django.db import connection

    from pages.models import ArticleIndexPage, ArticlePage

    home = ArticleIndexPage.objects.get(slug="home")
    for name in ("one", "two", "mine"):
        home.add_child(instance=ArticleIndexPage(title=name, slug=name))
    page = ArticlePage(title="The editor's own", slug="own")
    ArticleIndexPage.objects.get(slug="mine").add_child(instance=page)
    connection.close()
    return int(page.pk)


def start_import(folder: Path, name: str, count: int) -> int:
    for key, text in generated.texts(count, start=10_000 if name == "two" else 0):
        path = folder / name / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    child = os.fork()
    if child:
        return child
    try:
        from django.core.management import call_command

        call_command("import_content", str(folder / name), parent=f"/{name}/", publish=True, workers=1, verbosity=0)
    finally:
        os._exit(0)


def edit(page_id: int, children: list[int]) -> tuple[float, list[float]]:
    from pages.models import ArticlePage

    waits: list[float] = []
    running = set(children)
    start = time.monotonic()
    while running:
        begun = time.monotonic()
        page = ArticlePage.objects.get(pk=page_id)
        page.introduction = f"<p>Save {len(waits)}</p>"
        page.save_revision().publish()
        waits.append(time.monotonic() - begun)
        time.sleep(PAUSE)
        running = {child for child in running if os.waitpid(child, os.WNOHANG)[0] == 0}
    return time.monotonic() - start, waits


if __name__ == "__main__":
    main()
