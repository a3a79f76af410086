"""Requests per second of the content API, beside Wagtail's API v2 and a bare Django view, on the same articles.

    python -m tests.benchmarks.bench_api [--articles 50000] [--seconds 6] DATABASE_URL...

For each database: fills it (see `bench_api_data`), starts granian with two workers of one thread each (more threads of a
worker only wait for each other, and each keeps a connection to the database), and measures with wrk.  Then one
client in this process: the time of a page of a list at its beginning, in the middle and at its end, and of searches.
Prints a table and, at the end, each goal with what was reached; exits 1 where one is missed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
SCRIPT = """
local ids = {%s}
local at = 0
request = function()
  at = at %% #ids + 1
  return wrk.format("GET", string.format("%s", ids[at]), %s)
end
"""


LIST_IDS = """
import django; django.setup()
from wagtail.models import PageViewRestriction
from pages.models import PublishedArticle
hidden = PageViewRestriction.objects.values("page_id")
print(*PublishedArticle.objects.exclude(page_id__in=hidden).order_by("pk").values_list("pk", flat=True))
"""


def environment(url: str, *, bare: bool = False) -> dict[str, str]:
    """`bare`: without any middleware, for what the API is measured against."""
    return {
        **os.environ,
        **({"BENCH_BARE": "1"} if bare else {}),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.bench_api_settings",
        "CMS_DATA_DIR": tempfile.gettempdir(),
    }


def python(url: str, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, env=environment(url), cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def serve(url: str, *, bare: bool = False) -> subprocess.Popen[bytes]:
    granian = shutil.which("granian") or str(Path(sys.executable).with_name("granian"))
    command = [granian, "--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--port", str(PORT)]
    process = subprocess.Popen(  # noqa: S603
        [*command, "--no-access-log", "--log-level", "error", "cms.wsgi:application"],
        env=environment(url, bare=bare),
        cwd=ROOT,
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{BASE}/nothing/", timeout=5)  # noqa: S310 -- this machine
            return process
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server does not start")


@dataclass(frozen=True)
class Load:
    """What wrk measured."""

    rate: float
    """Requests per second."""
    median_ms: float
    p99_ms: float


def wrk(path: str, ids: list[int], seconds: int, header: dict[str, str] | None = None, connections: int = 16) -> Load:
    """Asks for `path` with each id in turn; any answer but 2xx and 304 stops the run."""
    listed = ",".join(map(str, ids))
    headers = "{" + ",".join(f'["{name}"]={value!r}' for name, value in (header or {}).items()) + "}"
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (listed, path.replace("%", "%%").replace("{}", "%d"), headers if header else "nil"))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name, BASE]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    if "Non-2xx" in told:
        raise SystemExit(f"{path}: {told}")
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", told)[1])  # type: ignore[index]
    return Load(rate, _percentile(told, 50), _percentile(told, 99))


def _percentile(told: str, percent: int) -> float:
    """Milliseconds; wrk writes ``99%  12.34ms``, or us, or s."""
    number, unit = re.search(rf"\s{percent}%\s+([\d.]+)(us|ms|s)", told).groups()
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def etag(path: str) -> str:
    with urllib.request.urlopen(BASE + path, timeout=10) as response:  # noqa: S310 -- this machine
        return str(response.headers["ETag"])


def measure(url: str, seconds: int, ids: list[int]) -> dict[str, Load]:
    found: dict[str, Load] = {}
    server = serve(url, bare=True)
    try:
        for name, path in (("django, no query", "/nothing/?{}"), ("bare django view, one row", "/bare/{}/")):
            wrk(path, ids, 1)
            found[name] = wrk(path, ids, seconds)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    server = serve(url)
    try:
        one = ids[len(ids) // 2]
        for name, path, scale in (
            ("detail", "/api/v1/articles/{}/", 1),
            ("list of 20 bodies", "/api/v1/articles/?body=html", 1),
            ("list of 20", "/api/v1/articles/", 1),
            ("list of another language", "/api/v1/articles/?locale=es", 1),
            ("by path", "/api/v1/by-path/?path=/shelf-1/article-1/", 1),
            ("search, common word", "/api/v1/search/?q=training", 1),
            ("schools", "/api/v1/schools/", 1),
            ("topics", "/api/v1/topics/", 1),
            ("images", "/api/v1/images/", 1),
            ("indexes", "/api/v1/indexes/", 1),
            ("navigation", "/api/v1/navigation/", 1),
            ("redirects", "/api/v1/redirects/", 1),
            ("sitemap of 1,000", "/api/v1/sitemap/?limit=1000", 1),
            ("another site", "/api/v1/articles/?site=other.example", 1),
            ("llms.txt", "/llms.txt", 1),
            ("v2 detail", "/v2/pages/{}/", 1),
            ("v2 list of 20 bodies", "/v2/pages/?type=pages.ArticlePage&fields=introduction,body&limit=20", 1),
        ):
            slow = "v2 list" in name
            wrk(path, ids, 1 if not slow else 2)
            found[name] = wrk(path, ids, seconds * scale, connections=4 if slow else 16)
        path = f"/api/v1/articles/{one}/"
        found["one article, 200"] = wrk(path, [one], seconds)
        found["one article, 304"] = wrk(path, [one], seconds, {"If-None-Match": etag(path)})
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    return found


IN_PROCESS = """
import statistics, time, json, sys
import django; django.setup()
from django.test import Client
client = Client(headers={"host": "127.0.0.1"})
def timed(path, times=9):
    spent = []
    for _ in range(times):
        start = time.perf_counter(); answer = client.get(path); spent.append(time.perf_counter() - start)
        assert answer.status_code == 200, answer.content
    return statistics.median(spent) * 1000, max(spent[1:]) * 1000, answer
found = {}
from pages.models import PublishedArticle
from api.http import cursors
from pages.publication import iso
total = PublishedArticle.objects.count()
rows = PublishedArticle.objects.order_by("-published_at", "-page_id")
first = client.get("/api/v1/articles/?body=html").json()["page"]["next"]
import base64
for name, place in (("first", 0), ("middle", total // 2), ("last", total - 21)):
    row = rows[place]
    values = {"body": "html"}
    real = cursors.read
    cursors.read = lambda text, query, kinds: cursors.Cursor((iso(row.published_at), row.pk), False)
    path = "/api/v1/articles/?body=html" + ("&cursor=" + first if place else "")
    found[f"list page, {name}"] = timed(path)[:2]
    cursors.read = real
SEARCHES = ["training", "training students", "the of and to students programs work", "barabern", "2000"]
for words in [*SEARCHES, "\\"training students\\""]:
    from urllib.parse import quote
    found[f"search {words}"] = timed("/api/v1/search/?q=" + quote(words), 5)[:2]
print(json.dumps({"total": total, "found": found}))
"""


def in_process(url: str) -> dict[str, tuple[float, float]]:
    import json

    found: dict[str, tuple[float, float]] = json.loads(python(url, "-c", IN_PROCESS))["found"]
    return found


def goals(loads: dict[str, Load], sqlite: bool) -> list[tuple[str, float, float]]:
    """What was asked for: words, reached, wanted."""
    found = {name: load.rate for name, load in loads.items()}
    bare, v2_list = (3, 100) if sqlite else (2, 20)
    return [
        ("detail / v2 detail", found["detail"] / found["v2 detail"], 8),
        ("list of bodies / v2 list", found["list of 20 bodies"] / found["v2 list of 20 bodies"], v2_list),
        ("detail / bare view", found["detail"] / found["bare django view, one row"], 1 / bare),
        ("304 / 200", found["one article, 304"] / found["one article, 200"], 1.15),
        ("detail, requests per second", found["detail"], 2 * 658),
        ("list of 20 bodies, requests per second", found["list of 20 bodies"], 2 * 400),
        *(
            (f"8 medians / 99th percentile, {name}", 8 * loads[name].median_ms / loads[name].p99_ms, 1)
            for name in ("detail", "list of 20 bodies", "by path", "search, common word")
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("databases", nargs="+", metavar="DATABASE_URL")
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--seconds", type=int, default=6)
    options = parser.parse_args()
    missed = 0
    for url in options.databases:
        python(url, "-m", "tests.benchmarks.bench_api_data", str(options.articles))
        ids = [int(pk) for pk in python(url, "-c", LIST_IDS).split()]
        sample = ids[:: max(1, len(ids) // 997)]
        found = measure(url, options.seconds, sample)
        sqlite = url.startswith("sqlite")
        print(f"\n{url.split(':')[0]}, {len(ids)} articles: requests per second, median and 99th percentile in ms")  # noqa: T201
        for name, load in found.items():
            print(f"  {name:40} {load.rate:10.1f} {load.median_ms:10.2f} {load.p99_ms:10.2f}")  # noqa: T201
        print("one client in process: milliseconds (median, worst after the first)")  # noqa: T201
        times = in_process(url)
        for name, (median, worst) in times.items():
            print(f"  {name:40} {median:8.2f} {worst:8.2f}")  # noqa: T201
        print("goals")  # noqa: T201
        lists = [median for name, (median, _) in times.items() if name.startswith("list")]
        slowest = max(worst for name, (_, worst) in times.items() if name.startswith("search"))
        for words, reached, wanted in goals(found, sqlite):
            missed += reached < wanted
            print(f"  {'reached' if reached >= wanted else 'MISSED '} {words:42} {reached:9.2f} of {wanted:.2f}")  # noqa: T201
        print(f"  first to last page of a list: {max(lists) / statistics.median(lists):.2f} (1.2 at most)")  # noqa: T201
        print(f"  slowest search: {slowest:.0f} ms (250 at most)")  # noqa: T201
        missed += slowest > 250
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
