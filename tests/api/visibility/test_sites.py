"""Which site is read, and that an answer is made for the sites as they are at that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, Site

from tests.api.factories import home, make_article, make_index, make_site

pytestmark = pytest.mark.django_db

ROUTES = ["articles/{pk}/", "articles/", "articles/by-path/?path=/guides/rye/"]


@pytest.fixture(params=ROUTES)
def url(request: pytest.FixtureRequest) -> str:
    """Of a route that shows one article, which was asked before, so that the sites of that moment are known."""
    article = make_article("Rye", make_index())
    url = "/api/v1/" + request.param.format(pk=article.pk)
    assert Client().get(url).status_code == 200
    return url


def item(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json().get("items", [answer.json()])[0]


def test_a_site_with_a_new_address_is_answered_with_it_at_once(client: Client, url: str) -> None:
    before = client.get(url)
    Site.objects.update(hostname="new.example", port=443)
    after = client.get(url, headers={"If-None-Match": before.headers["ETag"]})
    assert item(after)["url"] == "https://new.example/guides/rye/"


def moved_root() -> None:
    """The site's pages are those below another page now."""
    root = Page.get_first_root_node().add_child(instance=Page(title="Elsewhere"))
    Site.objects.update(root_page=root)


def other_default() -> None:
    Site.objects.update(is_default_site=False)
    other = make_site()
    other.is_default_site = True
    other.save()


def nested_site() -> None:
    """The shelf is a site of its own now."""
    Site.objects.create(hostname="shelf.example", root_page=Page.objects.get(slug="guides"), port=80)


@pytest.mark.parametrize("change", [moved_root, other_default, nested_site])
def test_what_a_site_has_lost_is_not_shown_any_more(client: Client, url: str, change: Callable[[], None]) -> None:
    etag = client.get(url).headers["ETag"]
    change()
    for headers in ({}, {"If-None-Match": etag}):
        answer = client.get(url, headers=headers)
        assert answer.status_code == 404 or answer.json()["items"] == []


def test_what_a_site_has_gained_is_shown_at_once(client: Client) -> None:
    root = home()
    inner = make_index("Inner", root)
    article = make_article("Rye", inner)
    Site.objects.update(root_page=inner)
    assert client.get("/api/v1/articles/by-path/", {"path": "/inner/rye/"}).status_code == 404
    Site.objects.update(root_page=root)
    assert client.get("/api/v1/articles/by-path/", {"path": "/inner/rye/"}).json()["id"] == article.pk


def test_a_site_is_known_by_its_name_as_soon_as_it_is_there_and_no_longer(client: Client, url: str) -> None:
    named = f"{url}{'&' if '?' in url else '?'}site=second.example"
    assert client.get(named).status_code == 404
    site = Site.objects.create(hostname="second.example", root_page=home(), port=80)
    assert item(client.get(named))["url"] == "http://second.example/guides/rye/"
    site.delete()
    assert client.get(named).status_code == 404
