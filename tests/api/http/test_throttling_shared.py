"""Throttling where several processes answer: they count together, in Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

import pytest
import redis

from tests.conftest import service_missing

REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/5"
PROCESSES, EACH, ALLOWED = 4, 30, 50

ASKER = f"""
import sys
import django; django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
settings.API_THROTTLE = "{ALLOWED}/day"
assert settings.API_THROTTLE_REDIS_URL == sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
client = Client(REMOTE_ADDR=sys.argv[1])
print(*[client.get("/api/v1/").status_code for _ in range({EACH})])
"""


@pytest.fixture
def redis_url() -> str:
    try:
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2).ping()
    except redis.exceptions.ConnectionError:
        service_missing(f"REDIS DOES NOT ANSWER at {REDIS_URL}: throttling by several processes is not tested")
    return REDIS_URL


def test_all_processes_together_let_as_many_requests_through_as_one_address_may_make(redis_url: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "REDIS_URL": redis_url}
    address = f"test-{uuid.uuid4()}"
    askers = [
        subprocess.Popen(  # noqa: S603 -- this interpreter
            [sys.executable, "-c", ASKER, address, redis_url],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    assert [asker.stdout.readline() for asker in askers if asker.stdout] == ["ready\n"] * PROCESSES
    for asker in askers:  # all at once
        assert asker.stdin
        asker.stdin.write("go\n")
        asker.stdin.flush()
    statuses = [status for asker in askers for status in asker.communicate()[0].split()]
    assert (statuses.count("200"), statuses.count("429")) == (ALLOWED, PROCESSES * EACH - ALLOWED)
    assert [asker.returncode for asker in askers] == [0] * PROCESSES
