"""Lists: pages by cursor, filters, orders."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from api.http import parameters
from api.resources.listing import Filter
from pages.models import ArticlePage, PublishedArticle
from tests.api.blocks import listing, section
from tests.api.factories import make_article, make_index, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven() -> list[ArticlePage]:
    """Seven articles; published on three days, so that dates repeat."""
    shelf = make_index("Guides")
    articles = [make_article(f"Article {number}", shelf) for number in range(7)]
    for number, article in enumerate(articles):
        day = datetime(2026, 3, 1 + number // 3, tzinfo=UTC)
        PublishedArticle.objects.filter(pk=article.pk).update(published_at=day, updated_at=day + timedelta(days=9))
    return articles


@pytest.mark.parametrize("order", ["published_at", "-published_at", "updated_at", "-updated_at", "id", "-id"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_following_the_cursors_shows_each_article_once_in_order(
    get: Any, seven: list[ArticlePage], order: str, limit: int
) -> None:
    (whole,) = [get("articles/", order=order, limit=100)["items"]]
    pages = [get("articles/", order=order, limit=limit)]
    while pages[-1]["page"]["next"]:
        pages.append(get("articles/", order=order, limit=limit, cursor=pages[-1]["page"]["next"]))
    assert list(itertools.chain.from_iterable(page["items"] for page in pages)) == whole
    assert len(whole) == 7


def test_cursors_lead_back_the_way_they_came(get: Any, seven: list[ArticlePage]) -> None:
    first = get("articles/", limit=3)
    second = get("articles/", limit=3, cursor=first["page"]["next"])
    third = get("articles/", limit=3, cursor=second["page"]["next"])
    back = get("articles/", limit=3, cursor=third["page"]["previous"])
    assert back == second
    start = get("articles/", limit=3, cursor=back["page"]["previous"])
    assert start["items"] == first["items"]
    assert start["page"]["previous"] is None
    assert first["page"]["previous"] is None
    assert third["page"]["next"] is None


def test_links_of_the_next_and_previous_page_stand_in_the_header(client: Client, seven: list[ArticlePage]) -> None:
    link = client.get("/api/v1/articles/", {"limit": "2", "locale": "en"}).headers["Link"]
    url = link.partition(">")[0].lstrip("<")
    assert link.endswith('rel="next"')
    assert url.startswith("/api/v1/articles/?limit=2&locale=en&cursor=")
    assert 'rel="prev"' in client.get(url).headers["Link"]


def test_an_article_published_meanwhile_does_not_shift_the_pages(get: Any, seven: list[ArticlePage]) -> None:
    first = get("articles/", limit=3)
    make_article("Breaking news")
    second = get("articles/", limit=3, cursor=first["page"]["next"])
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}


def test_the_total_is_told_only_where_it_is_asked_for(get: Any, seven: list[ArticlePage]) -> None:
    assert get("articles/", limit=2)["page"]["total"] is None
    assert get("articles/", limit=2, total="true")["page"]["total"] == 7


@pytest.mark.parametrize(
    "change",
    [
        {"order": "id"},
        {"locale": "en"},
        {"published_at__gte": "2026-03-02"},
        {"id__in": "1,2"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_cursor_belongs_to_its_query(
    client: Client, get: Any, seven: list[ArticlePage], change: dict[str, str]
) -> None:
    cursor = get("articles/", limit=2)["page"]["next"]
    response = client.get("/api/v1/articles/", {"limit": 2, "cursor": cursor, **change})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid-cursor"


def test_a_cursor_of_one_list_is_refused_by_another(client: Client, get: Any, seven: list[ArticlePage]) -> None:
    cursor = get("articles/", limit=2, order="id")["page"]["next"]
    school = make_school()
    response = client.get(f"/api/v1/schools/{school.pk}/articles/", {"order": "id", "limit": 2, "cursor": cursor})
    assert response.status_code == 400


def test_every_single_character_of_a_cursor_is_under_its_signature(
    client: Client, get: Any, seven: list[ArticlePage]
) -> None:
    cursor = get("articles/", limit=2)["page"]["next"]
    for place in range(len(cursor)):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert client.get("/api/v1/articles/", {"limit": 2, "cursor": changed}).status_code == 400


@pytest.mark.parametrize("cursor", ["x", "AAAA", "!!", "a" * 1000, "é", "=", "....", "A" * 43])
def test_a_made_up_cursor_is_refused(client: Client, seven: list[ArticlePage], cursor: str) -> None:
    assert client.get("/api/v1/articles/", {"cursor": cursor}).status_code == 400


def test_filters_narrow_the_list(get: Any, seven: list[ArticlePage]) -> None:
    school = make_school()
    about = make_article("About bread", body=[section("S"), listing(school)], topics=("Bread",))

    def ids(**query: Any) -> list[int]:
        return [item["id"] for item in get("articles/", order="id", **query)["items"]]

    assert ids(school=school.pk) == [about.pk]
    assert ids(topic="bread") == [about.pk]
    assert ids(topic="cake") == []
    assert ids(slug="about-bread") == [about.pk]
    assert ids(locale="fr") == []
    assert ids(id__in=f"{seven[1].pk},{seven[4].pk},999999") == [seven[1].pk, seven[4].pk]
    assert ids(published_at__gte="2026-03-02", published_at__lt="2026-03-03T00:00:00Z") == [
        article.pk for article in seven[3:6]
    ]
    assert ids(updated_at__gt="2026-03-11T00:00:00+00:00", updated_at__lte="2026-03-12") == [seven[6].pk]


def test_schools_are_listed_by_name(get: Any) -> None:
    names = ["beta college", "Alpha College", "Gamma College"]
    for name in names:
        make_school(name)
    first = get("schools/", limit=2)
    second = get("schools/", limit=2, cursor=first["page"]["next"])
    assert [item["name"] for item in [*first["items"], *second["items"]]] == [
        "Alpha College",
        "beta college",
        "Gamma College",
    ]


def test_a_school_tells_about_itself(get: Any) -> None:
    school = make_school(description="<p>Old<script>x</script> house.</p>", city="Hull")
    found = get(f"schools/{school.pk}/")
    assert (found["name"], found["slug"], found["city"]) == ("Rye College", "rye-college", "Hull")
    assert found["description"] == "<p>Old house.</p>"
    assert get("schools/", slug="rye-college")["items"] == [found]


def test_a_filter_whose_parameter_has_a_default_is_refused_where_it_is_declared() -> None:
    with pytest.raises(ValueError, match="would always be on"):
        Filter(parameters.flag("new", "Only new ones."), Q, lambda value, site: {})
