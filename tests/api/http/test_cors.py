"""Scripts of other origins: what a browser asks before them, and what it lets them read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.factories import make_article

pytestmark = pytest.mark.django_db
ORIGIN = "https://front.example"


def ask_before(client: Client, path: str, **headers: str) -> Any:
    asked = {"origin": ORIGIN, "access-control-request-method": "GET", **headers}
    return client.options(path, headers=asked)


@pytest.mark.parametrize("path", ["/api/v1/articles/", "/api/v1/articles/7/", "/llms.txt", "/api/v1/nothing/"])
def test_a_preflight_allows_what_the_api_reads_and_nothing_else(client: Client, path: str) -> None:
    answer = ask_before(client, path, **{"access-control-request-headers": "if-none-match, authorization"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "Accept, If-None-Match"
    assert int(answer.headers["Access-Control-Max-Age"]) > 600
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Vary" not in answer.headers


@pytest.mark.parametrize("headers", [{}, {"origin": ORIGIN}, {"origin": "null"}])
def test_every_answer_is_the_same_for_all_origins(client: Client, headers: dict[str, str]) -> None:
    article = make_article()
    for path in (f"/api/v1/articles/{article.pk}/", "/api/v1/articles/999999/", "/api/v1/articles/?x=1", "/llms.txt"):
        answer = client.get(path, headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path
        assert "origin" not in answer.headers.get("Vary", "").lower(), path


def test_scripts_may_read_what_they_need_to_ask_again(client: Client) -> None:
    exposed = client.get("/api/v1/articles/").headers["Access-Control-Expose-Headers"].split(", ")
    needed = {"ETag", "Link", "Last-Modified", "Retry-After", "RateLimit", "RateLimit-Policy", "Cache-Tag"}
    assert set(exposed) == needed | {"Content-Cursor"}


def test_a_304_may_be_read_too(client: Client) -> None:
    path = f"/api/v1/articles/{make_article().pk}/"
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"if-none-match": tag, "origin": ORIGIN})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")


def test_pages_of_the_site_are_not_opened_to_other_origins(client: Client) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"origin": ORIGIN}).headers
