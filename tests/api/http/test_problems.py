"""Errors: always a problem document, never a page of HTML."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from api.endpoints.articles import ArticleList
from tests.api.factories import make_article

pytestmark = pytest.mark.django_db


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert {"type", "title", "detail", "code"} <= set(document)
    return document


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("colour=red", ["colour"]),
        ("limit=5&limit=5", ["limit"]),
        ("colour=red&limit=0", ["colour", "limit"]),
        ("limit=101", ["limit"]),
        ("limit=-1", ["limit"]),
        ("limit=9999999999999999999999999", ["limit"]),
        ("limit=%C2%B2", ["limit"]),
        ("limit=", ["limit"]),
        ("order=colour", ["order"]),
        ("topic=%00", ["topic"]),
        ("topic=a%00b", ["topic"]),
        ("id__in=1,x", ["id__in"]),
        ("id__in=" + ",".join(["1"] * 101), ["id__in"]),
        ("id__in=99999999999", ["id__in"]),
        ("id__in=0", ["id__in"]),
        ("school=1e3", ["school"]),
        ("published_at__gte=yesterday", ["published_at__gte"]),
        ("published_at__gte=2026-02-30", ["published_at__gte"]),
        ("published_at__gte=9999-12-31T23:59:59-23:00", ["published_at__gte"]),
        ("total=1", ["total"]),
        ("body=pdf", ["body"]),
        ("topic=" + "x" * 101, ["topic"]),
    ],
)
def test_a_parameter_at_fault_is_named(client: Client, query: str, names: list[str]) -> None:
    document = problem(client.get(f"/api/v1/articles/?{query}"), 400)
    assert [fault["name"] for fault in document["parameters"]] == names


@pytest.mark.parametrize("query", ["topic=%ff", "&".join(f"a{n}=1" for n in range(60)), "topic=" + "x" * 5000, "%00=1"])
def test_a_query_that_makes_no_sense_at_all_is_refused(client: Client, query: str) -> None:
    problem(client.get(f"/api/v1/articles/?{query}"), 400)


@pytest.mark.parametrize(
    "path",
    [
        "articles/0/",
        "articles/1234567890123456789012345/",
        "articles/4294967296/",
        "articles/999999/",
        "articles/x/",
        "articles/1",
        "nothing/",
        "articles/by-path/?path=/nowhere/",
        "articles/?site=nowhere.example",
        "navigation/?site=nowhere.example",
        "articles/by-path/?path=nowhere",
        "schools/999999/",
        "schools/999999/articles/",
        "problems/nothing/",
        "%00/",
        "articles/%00/",
    ],
)
def test_what_is_not_there_is_a_404(client: Client, path: str) -> None:
    assert problem(client.get(f"/api/v1/{path}"), 404)["code"] == "not-found"


def test_other_prefixes_below_api_are_problems_too(client: Client) -> None:
    problem(client.get("/api/"), 404)
    problem(client.get("/api/v2/pages/"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize(
    "path", ["", "articles/", "articles/1/", "schools/", "openapi.json", "problems/not-found/", "docs/"]
)
def test_writing_is_refused_on_every_route(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(f"/api/v1/{path}")
    problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_an_unacceptable_type_is_a_406(client: Client) -> None:
    problem(client.get("/api/v1/articles/", headers={"accept": "image/png"}), 406)
    problem(client.get("/api/v1/articles/", headers={"accept": "application/json;q=0"}), 406)
    for accept in ("*/*", "application/*", "text/html, */*;q=0.1", "application/json; charset=utf-8", ""):
        assert client.get("/api/v1/articles/", headers={"accept": accept}).status_code == 200


def test_a_fault_of_the_server_is_a_problem_and_tells_no_secrets(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(ArticleList, "represent", fail)
    client.raise_request_exception = False
    response = client.get("/api/v1/articles/")
    problem(response, 500)
    assert b"secret" not in response.content


def test_head_answers_as_get_does_without_the_text(client: Client) -> None:
    article = make_article()
    for path in (f"articles/{article.pk}/", "articles/999999/"):
        get, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers.get("ETag") == get.headers.get("ETag")
        assert head.headers["Content-Length"] == str(len(get.content))


def test_options_tells_what_is_allowed(client: Client) -> None:
    response = client.options("/api/v1/articles/")
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_the_type_of_a_problem_can_be_read_up(client: Client) -> None:
    document = problem(client.get("/api/v1/articles/?colour=red"), 400)
    about = client.get(document["type"])
    assert about.status_code == 200
    assert about.json()["code"] == document["code"] == "invalid-parameter"
