"""Paths at which a page stood that readers could see, and what must not be told of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from api.models import WithdrawnPath
from api.paths.withdrawn import remember
from pages.models import ArticleIndexPage, ArticlePage
from tests.api.factories import make_article, make_index, make_site, restrict

pytestmark = pytest.mark.django_db

PATH = "/guides/rye/"


@pytest.fixture
def shelf() -> ArticleIndexPage:
    return make_index("Guides")


@pytest.fixture
def article(shelf: ArticleIndexPage) -> ArticlePage:
    """At `PATH`."""
    return make_article("Rye", shelf)


@pytest.fixture
def at(client: Client) -> Callable[..., str]:
    """What is at a path: a kind, or ``unknown``, of which every answer is the same."""

    def kind(path: str = PATH, **parameters: Any) -> str:
        answer = client.get("/api/v1/by-path/", {"path": path, **parameters})
        if answer.status_code == 200:
            return str(answer.json()["kind"])
        never = client.get("/api/v1/by-path/", {"path": "/never/there/", **parameters})
        assert (answer.status_code, answer.content, answer.headers) == (404, never.content, never.headers)
        return "unknown"

    return kind


def expire(page: Page) -> None:
    """A second ago: SQLite's clock knows milliseconds, and the page was public before."""
    now = timezone.now()
    times = {"first_published_at": now - timedelta(days=1), "expire_at": now - timedelta(seconds=1)}
    Page.objects.filter(pk=page.pk).update(**times)


def swept(page: Page) -> None:
    expire(page)
    ArticlePage.objects.get(pk=page.pk).unpublish(set_expired=True)


@pytest.mark.parametrize("withdraw", [ArticlePage.unpublish, ArticlePage.delete, expire, swept])
def test_a_withdrawn_page_is_gone(at: Any, article: ArticlePage, withdraw: Callable[[Page], Any]) -> None:
    assert at() == "article"
    withdraw(article)
    assert at() == at(PATH.rstrip("/")) == "gone"


def test_a_shelf_is_gone_with_all_that_stood_on_it(at: Any, shelf: ArticleIndexPage, article: ArticlePage) -> None:
    draft = make_article("Draft", shelf, publish=False)
    shelf.delete()
    assert (at("/guides/"), at(PATH), at(f"/guides/{draft.slug}/")) == ("gone", "gone", "unknown")


def test_what_never_was_public_is_unknown(at: Any, shelf: ArticleIndexPage) -> None:
    draft = make_article("Rye", shelf, publish=False)
    assert at() == "unknown"
    draft.delete()
    assert at() == "unknown"


def test_what_expired_before_it_was_published_is_unknown(at: Any, article: ArticlePage) -> None:
    Page.objects.filter(pk=article.pk).update(expire_at=article.first_published_at - timedelta(days=1))
    assert at() == "unknown"
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert at() == "unknown"


def test_what_was_withdrawn_before_its_time_is_unknown(at: Any, article: ArticlePage) -> None:
    Page.objects.filter(pk=article.pk).update(go_live_at=timezone.now() + timedelta(days=1))
    ArticlePage.objects.get(pk=article.pk).delete()
    assert at() == "unknown"


KINDS = [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD, PageViewRestriction.GROUPS]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on_shelf", [False, True])
@pytest.mark.parametrize("withdraw", [ArticlePage.unpublish, ArticlePage.delete])
def test_what_was_restricted_when_it_was_withdrawn_stays_unknown(
    at: Any,
    shelf: ArticleIndexPage,
    article: ArticlePage,
    kind: str,
    on_shelf: bool,
    withdraw: Callable[[Page], Any],
) -> None:
    restrict(shelf if on_shelf else article, kind)
    assert at() == "unknown"
    withdraw(article)
    assert at() == "unknown"
    PageViewRestriction.objects.all().delete()
    assert at() == "unknown"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("on_shelf", [False, True])
def test_what_is_restricted_after_it_was_withdrawn_is_unknown(
    at: Any, shelf: ArticleIndexPage, article: ArticlePage, kind: str, on_shelf: bool
) -> None:
    article.unpublish()
    restrict(shelf if on_shelf else article, kind)
    assert at() == "unknown"
    (shelf if on_shelf else article).delete()
    assert at() == "unknown"


def test_what_is_moved_under_a_restriction_after_it_was_withdrawn_is_unknown(at: Any, article: ArticlePage) -> None:
    article.unpublish()
    closed = make_index("Closed")
    restrict(closed)
    ArticlePage.objects.get(pk=article.pk).move(closed, pos="last-child")
    assert at() == "unknown"


def test_what_was_deleted_before_its_shelf_was_restricted_is_unknown(
    at: Any, shelf: ArticleIndexPage, article: ArticlePage
) -> None:
    article.delete()
    restrict(shelf)
    assert at() == "unknown"
    ArticleIndexPage.objects.get(pk=shelf.pk).delete()
    assert at() == "unknown"


def test_a_restricted_page_at_the_path_of_another_is_unknown(
    at: Any, shelf: ArticleIndexPage, article: ArticlePage
) -> None:
    article.delete()
    restrict(make_article("Rye", ArticleIndexPage.objects.get(pk=shelf.pk)))
    assert at() == "unknown"


def test_a_draft_at_the_path_of_another_does_not_show(at: Any, shelf: ArticleIndexPage, article: ArticlePage) -> None:
    article.delete()
    make_article("Rye", ArticleIndexPage.objects.get(pk=shelf.pk), publish=False)
    assert at() == "gone"


def test_aliases_are_withdrawn_with_their_source(at: Any, article: ArticlePage) -> None:
    other = make_index("Other")
    CreatePageAliasAction(article, parent=other).execute()
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert (at(PATH), at("/other/rye/")) == ("gone", "gone")
    restrict(article)
    assert (at(PATH), at("/other/rye/")) == ("unknown", "unknown")


def test_an_alias_of_an_expired_page_is_gone(at: Any, article: ArticlePage) -> None:
    alias = CreatePageAliasAction(article, parent=make_index("Other")).execute()
    expire(article)
    assert at("/other/rye/") == "gone"
    ArticlePage.objects.get(pk=alias.pk).delete()
    assert at("/other/rye/") == "gone"


def test_a_page_that_is_there_again_is_a_page(at: Any, article: ArticlePage) -> None:
    article.unpublish()
    ArticlePage.objects.get(pk=article.pk).save_revision().publish()
    assert at() == "article"


def test_another_page_or_a_redirect_takes_the_place(at: Any, shelf: ArticleIndexPage, article: ArticlePage) -> None:
    article.delete()
    redirect = Redirect.add_redirect(PATH, "https://example.com/")
    assert at() == "redirect"
    redirect.delete()
    make_article("Rye", ArticleIndexPage.objects.get(pk=shelf.pk))
    assert at() == "article"


def test_a_path_is_gone_in_its_own_site_only(at: Any, shelf: ArticleIndexPage, article: ArticlePage) -> None:
    make_site()
    nested = Site.objects.create(hostname="guides.example", root_page=shelf, port=80)
    assert at("/rye/", site=nested.hostname) == "article"
    article.unpublish()
    assert at("/rye/", site=nested.hostname) == "gone"
    assert at(PATH) == "unknown"
    assert at(PATH, site="other.example") == at("/rye/", site="other.example") == "unknown"


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.parametrize("restricted", [False, True])
def test_remembering_costs_the_same_queries_for_many_as_for_one(
    shelf: ArticleIndexPage, count: int, restricted: bool, django_assert_num_queries: Any
) -> None:
    pages = [make_article(f"Article {number}", shelf).pk for number in range(count)]
    if restricted:
        restrict(shelf)
    with django_assert_num_queries(2):
        remember(withdrawn=pages, deleted=True)
    assert WithdrawnPath.objects.count() == (0 if restricted else count)
