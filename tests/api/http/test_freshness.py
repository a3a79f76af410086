from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from api.http import freshness
from api.journal.sequencer import catch_up
from tests.api import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_every_time(settings: Any) -> None:
    settings.API_CURSOR_SECONDS = 0.000001


def test_every_answer_names_the_change_that_it_is_as_new_as(client: Client) -> None:
    article = factories.make_article()
    reached = catch_up().sequence
    response = client.get(f"/api/v1/articles/{article.pk}/")
    assert response.headers["Content-Cursor"] == str(reached)
    assert "Content-Cursor" in response.headers["Access-Control-Expose-Headers"]
    etag = response.headers["ETag"]
    again = client.get(f"/api/v1/articles/{article.pk}/", headers={"if-none-match": etag})
    assert (again.status_code, again.headers["Content-Cursor"]) == (304, str(reached))


def test_the_number_is_known_before_the_content_is_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written while an answer is made may or may not be in it."""
    from api.endpoints.articles import ArticleList

    factories.make_article()
    before = catch_up().sequence
    represent = ArticleList.represent

    def slowly(self: Any, query: Any, **path: Any) -> Any:
        answer = represent(self, query, **path)
        factories.make_article("Meanwhile")
        catch_up()
        return answer

    monkeypatch.setattr(ArticleList, "represent", slowly)
    assert client.get("/api/v1/articles/").headers["Content-Cursor"] == str(before)


@pytest.mark.parametrize("route", ["articles/", "schools/", "navigation/", "changes/", "by-path/?path=/"])
def test_any_route_answers_at_a_number_that_is_reached(client: Client, route: str) -> None:
    factories.make_article()
    reached = catch_up().sequence
    joint = "&" if "?" in route else "?"
    plain, at = client.get(f"/api/v1/{route}"), client.get(f"/api/v1/{route}{joint}at={reached}")
    assert (at.status_code, at.content) == (plain.status_code, plain.content)


def test_a_cursor_of_the_feed_will_do(client: Client, get: Callable[..., Any]) -> None:
    factories.make_article()
    cursor = get("changes/")["cursor"]
    assert client.get("/api/v1/articles/", {"at": cursor}).status_code == 200


def test_a_number_that_is_not_reached_is_refused_soon(client: Client) -> None:
    catch_up()
    started = time.monotonic()
    response = client.get("/api/v1/articles/", {"at": 10**9})
    assert time.monotonic() - started < 5
    assert (response.status_code, response.json()["code"]) == (503, "not-yet-here")
    assert response.headers["Retry-After"] == "1"
    assert response.headers["Cache-Control"] == "no-store"


def test_few_wait(client: Client) -> None:
    for _ in range(freshness.MAX_WAITING):
        freshness._places.acquire()
    try:
        started = time.monotonic()
        assert client.get("/api/v1/articles/", {"at": 10**9}).status_code == 503
        assert time.monotonic() - started < freshness.MAX_WAIT_SECONDS
    finally:
        for _ in range(freshness.MAX_WAITING):
            freshness._places.release()


@pytest.mark.parametrize("query", ["at=x", "at=", "at=-1", "at=1&at=2", "at=1.5"])
def test_anything_else_is_refused(client: Client, query: str) -> None:
    response = client.get(f"/api/v1/articles/?{query}")
    assert response.status_code == 400
    assert response.json()["parameters"][0]["name"] == "at"
