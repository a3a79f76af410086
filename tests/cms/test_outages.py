"""One real server process whose database is away: what needs none is answered, everything else says 503."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PORT = 8138
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=["sqlite:////nowhere/at/all.sqlite3", "postgres://nobody@127.0.0.1:1/nothing"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    data = tmp_path_factory.mktemp("data")
    environment = {**os.environ, "DATABASE_URL": request.param, "CMS_DATA_DIR": str(data), "REDIS_URL": ""}
    environment |= {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "LOG_LEVEL": "CRITICAL"}
    granian = str(Path(sys.executable).with_name("granian"))
    command = [granian, "--interface", "wsgi", "--port", str(PORT), "--no-access-log", "--log-level", "critical"]
    process = subprocess.Popen([*command, "cms.wsgi:application"], env=environment, cwd=ROOT)  # noqa: S603
    try:
        for _ in range(150):
            try:
                ask("GET", "/api/v1/")
                break
            except OSError:
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


def ask(method: str, path: str, **headers: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=sent)
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    return response


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/v1/articles/", "/api/v1/articles/1/", "/api/v1/search/?q=rye", "/llms.txt"])
def test_the_api_says_that_it_is_unavailable_and_when_to_ask_again(server: None, path: str) -> None:
    answer = ask("GET", path)
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert b'"code": "unavailable"' in answer.body


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/articles/", "/admin/login/", "/nothing/"])
def test_pages_say_so_too(server: None, path: str) -> None:
    answer = ask("GET", path)
    if path == "/admin/login/" and answer.status == 200:
        return  # a form that needs no database yet
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert b"Back in a moment" in answer.body


@pytest.mark.slow
def test_head_options_preflight_and_304_leave_the_connection_usable(server: None) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)

    def again(method: str, path: str, **headers: str) -> Any:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()

    got, text = again("GET", "/api/v1/")
    assert (got.status, bool(text)) == (200, True)
    head, nothing = again("HEAD", "/api/v1/")
    assert (head.status, nothing, head.headers["ETag"]) == (200, b"", got.headers["ETag"])
    options, nothing = again("OPTIONS", "/api/v1/articles/")
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    asked = {"Origin": "https://front.example", "Access_Control_Request_Method": "GET"}
    preflight, nothing = again("OPTIONS", "/api/v1/articles/", **asked)
    assert (preflight.status, preflight.headers["Access-Control-Allow-Headers"]) == (204, "Accept, If-None-Match")
    same, nothing = again("GET", "/api/v1/", If_None_Match=got.headers["ETag"])
    assert (same.status, nothing) == (304, b"")
    contract, text = again("GET", "/api/v1/openapi.json")
    assert (contract.status, b'"openapi"' in text) == (200, True)
    refused, text = again("GET", "/api/v1/", Host="evil.example")
    assert (refused.status, b"unknown-host" in text) == (400, True)
