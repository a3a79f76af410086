"""Redis may hang or be gone: no request waits long for it, none fails, and the limit holds in each process."""

from __future__ import annotations

import logging
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest

from api.http.circuit_breaker import CircuitBreaker
from api.http.throttling import buckets_at
from cms import shared_cache

pytestmark = pytest.mark.django_db
PORT = 8139
URL = f"redis://127.0.0.1:{PORT}/0"


@pytest.fixture
def redis_server() -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server to stop")
    server = subprocess.Popen(  # noqa: S603
        [program, "--port", str(PORT), "--save", "", "--daemonize", "no"], stdout=subprocess.DEVNULL
    )
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield server
    server.send_signal(signal.SIGCONT)
    server.kill()
    server.wait()


@pytest.fixture(autouse=True)
def _in_redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.API_THROTTLE = "3/min"
    settings.API_THROTTLE_REDIS_URL = URL
    settings.CACHES = {"default": {"BACKEND": "cms.shared_cache.SharedCache", "LOCATION": URL}}
    monkeypatch.setattr(shared_cache, "_BREAKER", CircuitBreaker("Redis", "nothing is cached"))
    buckets_at.cache_clear()
    yield
    buckets_at.cache_clear()


def timed(client: Any, path: str) -> tuple[int, float]:
    start = time.perf_counter()
    status = client.get(path).status_code
    return status, time.perf_counter() - start


def test_where_redis_is_gone_the_api_answers_counts_by_itself_and_says_so_once(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="api"):
        statuses = [client.get("/api/v1/articles/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    told = [record.getMessage() for record in caplog.records if "each process counts" in record.getMessage()]
    assert len(told) == 1


def test_where_redis_hangs_only_the_first_request_waits_and_shortly(
    client: Any, redis_server: subprocess.Popen[bytes]
) -> None:
    assert timed(client, "/api/v1/articles/")[0] == 200
    redis_server.send_signal(signal.SIGSTOP)
    first, second = timed(client, "/api/v1/articles/"), timed(client, "/api/v1/articles/")
    assert (first[0], second[0]) == (200, 200)
    assert first[1] < 1
    assert second[1] < 0.3


def test_the_sites_pages_answer_while_redis_hangs(client: Any, redis_server: subprocess.Popen[bytes]) -> None:
    assert client.get("/").status_code == 200
    redis_server.send_signal(signal.SIGSTOP)
    status, spent = timed(client, "/")
    assert status == 200
    assert spent < 2


def test_what_was_deleted_meanwhile_is_not_found_when_redis_is_back(
    redis_server: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.cache import cache

    monkeypatch.setattr("api.http.circuit_breaker.RETRY_SECONDS", 0.2)
    cache.set("menu", "old")
    cache.set("kept", "as it is")
    redis_server.send_signal(signal.SIGSTOP)
    cache.delete("menu")
    assert cache.get("menu") is None
    redis_server.send_signal(signal.SIGCONT)
    time.sleep(0.3)
    assert (cache.get("menu"), cache.get("kept")) == (None, "as it is")
