"""Redirects that Wagtail makes when a page's path changes: readers are told of no path at which they never saw it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import Locale, Page

from pages.models import ArticleIndexPage, ArticlePage
from tests.api.factories import home, make_article, make_index, restrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(client: Client) -> Callable[[], list[str]]:
    """Old paths, as the API lists them."""
    return lambda: [item["path"] for item in client.get("/api/v1/redirects/").json()["items"]]


@pytest.fixture
def shelf() -> ArticleIndexPage:
    return make_index("Guides")


def rename(page: Page, slug: str) -> Page:
    """As an editor publishes it; Wagtail makes redirects when that is committed."""
    latest = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    latest.slug = slug
    with TestCase.captureOnCommitCallbacks(execute=True):
        latest.save_revision().publish()
    renamed: Page = page.specific_class.objects.get(pk=page.pk)
    return renamed


def move(page: Page, target: Page) -> None:
    page.specific_class.objects.get(pk=page.pk).move(Page.objects.get(pk=target.pk), pos="last-child")


def test_the_path_that_a_public_page_had_leads_to_it(told: Any, shelf: ArticleIndexPage) -> None:
    article = make_article("Rye", shelf)
    rename(article, "rye-bread")
    assert told() == ["/guides/rye"]
    rename(shelf, "help")
    assert told() == ["/guides", "/guides/rye", "/guides/rye-bread"]


def test_the_working_title_of_a_draft_is_not_told(told: Any, client: Client, shelf: ArticleIndexPage) -> None:
    draft = make_article("Takeover of Acme", shelf, publish=False)
    article = rename(draft, "news")
    assert article.live
    assert told() == []
    assert client.get("/api/v1/by-path/", {"path": "/guides/takeover-of-acme/"}).status_code == 404


def test_a_draft_that_is_moved_leaves_no_trace(told: Any, shelf: ArticleIndexPage) -> None:
    draft = make_article("Rye", shelf, publish=False)
    move(draft, home())
    ArticlePage.objects.get(pk=draft.pk).get_latest_revision().publish()
    assert told() == []


def test_the_path_of_a_page_that_was_unpublished_meanwhile_leads_to_it(told: Any, shelf: ArticleIndexPage) -> None:
    article = make_article("Rye", shelf)
    article.unpublish()
    rename(article, "rye-bread")
    assert told() == ["/guides/rye"]


def test_what_was_restricted_is_not_told_when_it_comes_out(told: Any, shelf: ArticleIndexPage) -> None:
    secret = make_index("Merger")
    inner = make_index("Plans", secret)
    article = make_article("Rye", inner)
    restriction = restrict(secret)
    move(inner, shelf)
    assert told() == []
    restriction.delete()
    assert told() == []
    move(article, secret)
    assert told() == ["/guides/plans/rye"]


def test_a_page_under_a_restriction_of_its_own_is_not_told_when_it_is_opened(
    told: Any, shelf: ArticleIndexPage
) -> None:
    article, seen = make_article("Rye", shelf), make_article("Oats", shelf)
    restriction = restrict(article)
    rename(shelf, "help")
    restriction.delete()
    assert told() == ["/guides", f"/guides/{seen.slug}"]


def test_a_page_before_its_time_is_not_told(told: Any, shelf: ArticleIndexPage) -> None:
    article = make_article("Rye", shelf)
    Page.objects.filter(pk=article.pk).update(go_live_at=timezone.now() + timedelta(days=1))
    rename(shelf, "help")
    Page.objects.filter(pk=article.pk).update(go_live_at=None)
    assert told() == ["/guides"]


def test_what_goes_under_a_restriction_and_comes_back_keeps_its_redirects(told: Any, shelf: ArticleIndexPage) -> None:
    article, secret = make_article("Rye", shelf), make_index("Merger")
    restrict(secret)
    move(article, secret)
    assert told() == []
    move(article, make_index("Bread"))
    assert told() == ["/guides/rye"]


def test_a_translation_leaves_no_path_from_before_it_was_published(
    told: Any, shelf: ArticleIndexPage, settings: Any
) -> None:
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [("en", "English"), ("fr", "French")]
    french = Locale.objects.create(language_code="fr")
    article = make_article("Rye", shelf)
    article.copy_for_translation(french, copy_parents=True)
    rename(ArticlePage.objects.get(translation_key=article.translation_key, locale=french), "seigle")
    assert told() == []


def test_many_pages_are_taken_back_at_once(told: Any, shelf: ArticleIndexPage, monkeypatch: Any) -> None:
    monkeypatch.setattr("api.paths.redirects.IDS_PER_STATEMENT", 2)
    secret = make_index("Merger")
    for number in range(5):
        make_article(f"Rye {number}", secret)
    restriction = restrict(secret)
    rename(secret, "plans")
    restriction.delete()
    assert told() == []
