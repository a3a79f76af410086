"""What a path may look like when it is asked for, and that the list of redirects and by-path are one rule."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Site

from pages.models import ArticlePage
from tests.api.factories import home, make_article, make_index
from tests.api.paths.test_redirects import rename

pytestmark = pytest.mark.django_db
COMPOSED = unicodedata.normalize("NFC", "pão")
DECOMPOSED = unicodedata.normalize("NFD", "pão")


@pytest.fixture
def at(client: Client) -> Any:
    """What is at a path: the id of a page, the target of a redirect, or the kind of the answer."""

    def read(path: str) -> Any:
        answer = client.get("/api/v1/by-path/", {"path": path})
        if answer.status_code == 404:
            return None
        found = answer.json()
        return found["page"]["id"] if "page" in found else found.get("redirect", {}).get("to", found["kind"])

    return read


@pytest.mark.parametrize(
    "asked",
    [
        "/guides/rye/",
        "/guides/rye",
        "guides/rye/",
        "/guides/rye/?page=2",
        "/guides/rye#part",
        "/guides/rye/?page=2#part",
        "http://localhost/guides/rye/",
        "http://localhost:80/guides/rye/?page=2#part",
        " /guides/rye/ ",
        "/guides/%72ye/",
        "%2Fguides%2Frye%2F",
    ],
)
def test_a_page_is_found_by_its_path_as_it_stands_in_links(client: Client, at: Any, asked: str) -> None:
    article = make_article("Rye", make_index())
    assert at(asked) == article.pk
    assert client.get("/api/v1/articles/by-path/", {"path": asked}).json()["id"] == article.pk


@pytest.mark.parametrize("asked", ["http://elsewhere.example/guides/rye/", "ftp://localhost/guides/rye/", "http://[/"])
def test_urls_of_other_sites_lead_nowhere(at: Any, asked: str) -> None:
    make_article("Rye", make_index())
    assert at(asked) is None


@pytest.mark.parametrize("slug", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("asked", [COMPOSED, DECOMPOSED, quote(COMPOSED), quote(DECOMPOSED)])
def test_composed_and_decomposed_letters_are_the_same(at: Any, slug: str, asked: str) -> None:
    article = make_article("Bread", make_index(), slug="bread")
    ArticlePage.objects.filter(pk=article.pk).update(slug=slug, url_path=f"/home/guides/{slug}/")
    assert at(f"/guides/{asked}/") == article.pk
    Redirect.objects.create(old_path=f"/old/{slug}", redirect_link="https://example.com/")
    assert at(f"/old/{asked}") == "https://example.com/"


def test_a_redirect_with_a_query_comes_before_the_one_without(at: Any) -> None:
    Redirect.add_redirect("/old/", "https://example.com/all")
    Redirect.add_redirect("/old/?b=2&a=1", "https://example.com/some")
    assert at("/old/?a=1&b=2") == "https://example.com/some"
    assert at("/old/?a=3") == "https://example.com/all"


def listed(client: Client) -> list[str]:
    return [item["path"] for item in client.get("/api/v1/redirects/").json()["items"]]


def test_a_redirect_that_a_page_shadows_is_told_nowhere(client: Client, at: Any) -> None:
    shelf = make_index()
    article = make_article("Rye", shelf)
    for path in ("/guides/rye", "/guides", "/", "/guides/rye?page=2", "/guides/oats"):
        Redirect.objects.create(old_path=path, redirect_link="https://example.com/")
    assert listed(client) == ["/guides/oats"]
    assert (at("/guides/rye"), at("/"), at("/guides/oats")) == (article.pk, home().pk, "https://example.com/")
    article.unpublish()
    assert listed(client) == ["/guides/oats", "/guides/rye", "/guides/rye?page=2"]
    assert at("/guides/rye") == "https://example.com/"


def test_a_page_that_came_back_to_its_path_is_no_redirect_to_itself(client: Client, at: Any) -> None:
    article = make_article("Rye", make_index(), slug="rye")
    for slug in ("oats", "rye"):
        rename(article, slug)
    assert listed(client) == ["/guides/oats"]
    assert at("/guides/rye") == article.pk


def test_a_redirect_to_its_own_path_is_told_nowhere(client: Client, at: Any) -> None:
    Redirect.objects.create(old_path="/old", redirect_link="/old/")
    assert (listed(client), at("/old")) == ([], None)


def test_the_redirect_of_a_site_comes_before_that_of_all_sites(client: Client, at: Any) -> None:
    Redirect.objects.create(old_path="/old", redirect_link="https://example.com/all")
    own = Redirect.objects.create(
        old_path="/old", redirect_link="https://example.com/own", site=Site.objects.get(is_default_site=True)
    )
    items = client.get("/api/v1/redirects/").json()["items"]
    assert [item["to"] for item in items] == [at("/old")] == ["https://example.com/own"]
    own.delete()
    assert at("/old") == "https://example.com/all"


def test_a_redirect_to_a_page_says_its_path(client: Client) -> None:
    article = make_article("Rye", make_index())
    Redirect.add_redirect("/old", article)
    Redirect.add_redirect("/away", "https://example.com/")
    items = client.get("/api/v1/redirects/").json()["items"]
    assert [(item["path"], item["to_path"]) for item in items] == [("/away", None), ("/old", "/guides/rye/")]


def translated(article: ArticlePage) -> ArticlePage:
    french, _ = Locale.objects.get_or_create(language_code="fr")
    other: ArticlePage = article.copy_for_translation(french, copy_parents=True)
    other.save_revision().publish()
    return ArticlePage.objects.get(pk=other.pk)


def test_translations_have_addresses_of_their_own_everywhere(client: Client, get: Any, at: Any) -> None:
    shelf = make_index()
    article = make_article("Rye", shelf, introduction="<p>Bread.</p>", show_in_menus=True)
    other = translated(article)
    own, translation = f"/guides/{article.slug}/", f"/fr/guides/{other.slug}/"
    assert (at(own), at(translation)) == (article.pk, other.pk)
    found = get(f"articles/{other.pk}/", include="translations")
    assert (found["path"], found["url"]) == (translation, f"http://localhost{translation}")
    assert [(item["locale"], item["path"]) for item in found["translations"]] == [("en", own)]
    paths = [item["path"] for item in get("sitemap/")["items"]]
    assert {own, translation, "/", "/fr/"} <= set(paths)
    assert len(paths) == len(set(paths))
    assert [item["path"] for item in get("navigation/", locale="fr")["items"]] == [translation]
    assert get("articles/by-path/", path=translation)["id"] == other.pk


def test_the_address_in_the_api_is_that_of_the_page(client: Client, get: Any, settings: Any) -> None:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("fr", "French")]
    other = translated(make_article("Rye", make_index()))
    assert get(f"articles/{other.pk}/")["path"] == other.get_url()


def test_lists_hold_the_language_of_the_site_unless_asked(get: Any) -> None:
    article = make_article("Rye", make_index(), introduction="<p>Bread.</p>")
    other = translated(article)

    def ids(path: str, **asked: Any) -> list[int]:
        items = get(path, **asked)["items"]
        return sorted(item.get("article", item)["id"] for item in items)

    for path, asked in (("articles/", {}), ("search/", {"q": "bread"})):
        assert ids(path, **asked) == [article.pk]
        assert ids(path, locale="fr", **asked) == [other.pk]
        assert ids(path, locale="*", **asked) == [article.pk, other.pk]
    assert ids("articles/", id__in=f"{article.pk},{other.pk}") == [article.pk, other.pk]
    assert ids("articles/", parent=other.get_parent().pk) == [other.pk]
