"""Full-text search at size: the API's own, and Wagtail's database backend on the same articles.

    DATABASE_URL=sqlite:////tmp/bench.sqlite3 python -m tests.benchmarks.bench_search 100000

The database is filled first where it is empty (a few minutes).  "ours" is a whole request with 20 results, title and
excerpts marked, through Django's stack in this process, ``Articles.load`` and all; "stock" is what the admin asks,
``search(words)[:20]``, stopped after ten seconds.  Milliseconds, median of the rounds; "cpu" is what this process and
its PostgreSQL backend used of a processor, which other work on the machine does not change.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

ROUNDS = 7
STOCK_SECONDS = 10
QUERIES = {
    "in every article": "training",
    "in every article, many titles": "students",
    "two of them": "training students",
    "five of the commonest": "the of and to in",
    "a phrase of common words": '"training of students"',
    "in one of ten": "apprenticeship",
    "in thirty": "luthiery",
    "in one": "zymurgy",
    "common and rare": "training luthiery",
    "in none": "xylophone",
}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def cpu_seconds(backend: int | None) -> float:
    used = time.process_time()
    if backend is not None:
        with open(f"/proc/{backend}/stat", encoding="ascii") as file:  # noqa: PTH123 -- no file of a tree
            fields = file.read().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def measure(act: Callable[[], Any], backend: int | None, rounds: int) -> tuple[float, float, Any]:
    """Wall time (median), processor time (mean), and the last result; the first round is not counted."""
    result = act()
    walls, before = [], cpu_seconds(backend)
    for _ in range(rounds):
        began = time.perf_counter()
        result = act()
        walls.append((time.perf_counter() - began) * 1000)
    return statistics.median(walls), (cpu_seconds(backend) - before) / rounds * 1000, result


def ours(words: str) -> Any:
    from django.test import Client

    response = Client().get("/api/v1/search/", {"q": words, "total": "true"})
    assert response.status_code == 200, response.content
    return response.json()["page"]["total"]


def stock(words: str) -> Any:
    """The number of results on the first page; None: not within its time."""
    from django.db import OperationalError, connection

    from pages.models import ArticlePage

    deadline = time.monotonic() + STOCK_SECONDS
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
    else:
        connection.cursor().execute(f"SET statement_timeout = {STOCK_SECONDS * 1000}")
    try:
        return len(ArticlePage.objects.live().search(words)[:20])
    except OperationalError:
        return None
    finally:
        if sqlite:
            connection.connection.set_progress_handler(None, 0)
        else:
            connection.cursor().execute("SET statement_timeout = 0")


def main(total: int) -> None:
    from django.db import connection

    from tests.benchmarks.bench_search_data import fill

    wall, cpu = fill(total)
    if wall:
        say(f"words of one article, in store(): {wall:.2f} ms, of them cpu {cpu:.2f}")
    backend = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
    say(f"{connection.vendor}, {total} articles; load of the machine {os.getloadavg()[0]:.1f}")
    say(f"{'words':32}{'ranked':>8}{'ours ms':>9}{'cpu':>7}{'stock ms':>11}{'ratio':>8}")
    for name, words in QUERIES.items():
        wall, cpu, ranked = measure(partial(ours, words), backend, ROUNDS)
        began = time.perf_counter()
        hits = stock(words.strip('"'))
        stock_wall = (time.perf_counter() - began) * 1000
        if hits is not None and stock_wall < 2_000:
            stock_wall, _, _ = measure(partial(stock, words.strip('"')), backend, 3)
        text = f"> {STOCK_SECONDS * 1000}" if hits is None else f"{stock_wall:.1f}"
        say(f"{name:32}{ranked:8}{wall:9.1f}{cpu:7.1f}{text:>11}{stock_wall / wall:8.1f}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    main(int(sys.argv[1]))
