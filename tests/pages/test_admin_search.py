"""Search in the admin finds and orders as Wagtail's own backend does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from pages.models import ArticleIndexPage, ArticlePage, School
from tests.factories import make_article

pytestmark = pytest.mark.django_db

QUERIES = [
    "rye",
    "rye bread",
    Phrase("rye bread"),
    Or([PlainText("rye"), PlainText("honey")]),
    And([PlainText("bread"), Not(PlainText("honey"))]),
    Not(PlainText("rye")),
    MATCH_ALL,
    "nowhere",
]


@pytest.fixture(autouse=True)
def articles(article_index: ArticleIndexPage) -> None:
    for title in ("Rye", "Rye bread", "Bread of rye and rye again", "Honey", "Honey bread", "Rye and honey"):
        make_article(article_index, title=title, introduction=f"<p>About {title}, rye bread and more bread.</p>")
    make_article(article_index, title="Wheat", introduction="<p>Neither.</p>")
    School.objects.create(name="Rye College", slug="rye", locale=article_index.locale)


def stock() -> Any:
    return get_search_backend("wagtail.search.backends.database")


def ours() -> Any:
    return get_search_backend()


@pytest.mark.parametrize("query", QUERIES, ids=str)
@pytest.mark.parametrize("model", [Page, ArticlePage, School])
def test_what_is_found_and_its_order_are_wagtails(query: Any, model: Any) -> None:
    for options in ({}, {"order_by_relevance": False}, {"operator": "or"}):
        results = [list(backend.search(query, model, **options)) for backend in (ours(), stock())]
        assert results[0] == results[1]
    assert ours().search(query, model).count() == stock().search(query, model).count()
    assert list(ours().search(query, model)[1:3]) == list(stock().search(query, model)[1:3])


@pytest.mark.parametrize("query", ["ry", "rye bre", "nowhere"])
def test_completion_is_wagtails(query: str) -> None:
    found = [list(backend.autocomplete(query, Page)) for backend in (ours(), stock())]
    assert found[0] == found[1]
    assert bool(found[0]) is (query != "nowhere")


def test_scores_are_wagtails() -> None:
    scored = [
        [(page.pk, page.relevance) for page in backend.search("rye", Page).annotate_score("relevance")]
        for backend in (ours(), stock())
    ]
    assert scored[0] == scored[1]
    assert len(scored[0]) > 3


def test_a_search_within_a_queryset_keeps_to_it() -> None:
    bread = ArticlePage.objects.filter(title__contains="bread")
    assert list(ours().search("rye", bread)) == list(stock().search("rye", bread))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLITE ONLY: the other backends are Wagtail's own")
def test_hits_are_asked_for_once_and_not_by_each_hit() -> None:
    with CaptureQueriesContext(connection) as queries:
        list(ours().search("rye", Page))
    (sql,) = [query["sql"] for query in queries if "bm25" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
        plan = "\n".join(row[3] for row in cursor.fetchall())
    assert "MATERIALIZE scored" in plan
