"""What is stored for readers is the live version, by whatever way it became live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from wagtail.models import Locale

from pages.models import ArticleIndexPage, ArticlePage, PublishedArticle, PublishedListing, SchoolAlias
from pages.publication import publish, render
from pages.signals import publicity_changed
from tests.factories import listing, make_article, make_school, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What the publicity signal said."""
    said: list[dict[str, Any]] = []

    def hear(published: tuple[int, ...], withdrawn: tuple[int, ...], deleted: bool, **kwargs: Any) -> None:
        said.append({"published": published, "withdrawn": withdrawn} | ({"deleted": True} if deleted else {}))

    publicity_changed.connect(hear)
    yield said
    publicity_changed.disconnect(hear)


def stored_headings(article: ArticlePage) -> list[str]:
    return [block["heading"] for block in json.loads(PublishedArticle.objects.get(page=article).body)]


def test_publishing_stores_the_public_form(article_index: ArticleIndexPage) -> None:
    article = make_article(article_index, body=[section("Pay")], introduction="<p>Hi</p>")
    assert stored_headings(article) == ["Pay"]
    assert json.loads(PublishedArticle.objects.get(page=article).introduction) == "<p>Hi</p>"


def test_a_draft_is_not_stored(article_index: ArticleIndexPage) -> None:
    make_article(article_index, live=False)
    assert not PublishedArticle.objects.exists()


def test_a_page_created_live_is_stored(article_index: ArticleIndexPage) -> None:
    article = ArticlePage(title="Live at once", body=[section("Pay")])
    article_index.add_child(instance=article)
    assert stored_headings(article) == ["Pay"]


def test_a_draft_of_a_live_article_changes_nothing_for_readers(article_index: ArticleIndexPage) -> None:
    article = make_article(article_index, body=[section("Pay")])
    draft = article.get_latest_revision_as_object()
    draft.body = [section("Secret")]
    draft.save_revision()
    assert stored_headings(article) == ["Pay"]


def test_publishing_again_replaces_what_was_stored(article_index: ArticleIndexPage) -> None:
    article = make_article(article_index, body=[section("Pay")])
    article.body = [section("Wages")]
    article.save_revision().publish()
    assert stored_headings(article) == ["Wages"]


def test_unpublishing_withdraws(article_index: ArticleIndexPage, heard: list[dict[str, Any]]) -> None:
    article = make_article(article_index)
    heard.clear()
    article.unpublish()
    assert not PublishedArticle.objects.exists()
    assert {"published": (), "withdrawn": (article.pk,)} in heard


def test_deleting_says_so(article_index: ArticleIndexPage, heard: list[dict[str, Any]]) -> None:
    article = make_article(article_index, live=False)
    pk = article.pk
    article.delete()
    assert heard[-1] == {"published": (), "withdrawn": (pk,), "deleted": True}


def test_deleting_many_says_so_once_while_their_rows_are_there(article_index: ArticleIndexPage) -> None:
    """Wagtail unpublishes each live one before."""
    pages = {article_index.pk, *(make_article(article_index, title=f"Article {number}").pk for number in range(3))}
    said = []

    def hear(withdrawn: tuple[int, ...], deleted: bool, **kwargs: Any) -> None:
        if deleted:
            said.append((set(withdrawn), ArticlePage.objects.filter(pk__in=withdrawn).count()))

    publicity_changed.connect(hear)
    ArticleIndexPage.objects.get(pk=article_index.pk).delete()
    publicity_changed.disconnect(hear)
    assert said == [(pages, 3)]


def test_unpublishing_a_shelf_says_so(article_index: ArticleIndexPage, heard: list[dict[str, Any]]) -> None:
    article_index.unpublish()
    assert heard == [{"published": (), "withdrawn": (article_index.pk,)}]


def test_many_are_announced_once(article_index: ArticleIndexPage, heard: list[dict[str, Any]]) -> None:
    articles = [make_article(article_index, title=f"Article {number}") for number in range(3)]
    heard.clear()
    publish(articles)
    assert heard == [{"published": tuple(article.pk for article in articles), "withdrawn": ()}]


def test_listed_schools_are_found_from_the_school(article_index: ArticleIndexPage) -> None:
    school = make_school()
    article = make_article(article_index, body=[listing((school, "<p>a</p>"), (school, "<p>b</p>"))])
    assert [row.page_id for row in PublishedListing.objects.filter(school=school)] == [article.pk]


def test_rendering_costs_no_query(article_index: ArticleIndexPage, django_assert_num_queries: Any) -> None:
    school = make_school()
    make_article(article_index, body=[section("Pay"), listing((school, "<p>a</p>"))])
    article = ArticlePage.objects.get()
    with django_assert_num_queries(0):
        render(article)


@pytest.mark.parametrize("count", [1, 6])
def test_storing_costs_the_same_queries_for_many_as_for_one(
    article_index: ArticleIndexPage, count: int, django_assert_num_queries: Any
) -> None:
    school = make_school()
    rows = [
        make_article(article_index, title=f"Article {number}", body=[listing((school, "<p>a</p>"))])
        for number in range(count)
    ]
    # two for names: of listed schools, and of who calls to these; which of them show images; a note for the journal
    with django_assert_num_queries(10):
        publish(rows)


def test_every_section_is_given_an_anchor_when_the_page_is_cleaned(article_index: ArticleIndexPage) -> None:
    article = make_article(article_index, body=[section("Pay"), section("Pay")])
    assert [block.value["anchor"] for block in article.body] == ["pay", "pay-2"]


def test_a_school_is_found_by_name_and_alias() -> None:
    school = make_school("Ultimate Riverbend Academy")
    school.aliases.add(SchoolAlias(name="URA"))
    school.save()
    assert list(type(school).objects.named("ura")) == [school]
    assert list(type(school).objects.named("ultimate  riverbend academy")) == [school]


def test_two_schools_of_one_name_are_refused() -> None:
    make_school("Riverbend College")
    from django.core.exceptions import ValidationError

    from pages.models import School

    with pytest.raises(ValidationError, match="is here already"):
        School(name="riverbend college", locale=Locale.get_default()).full_clean()
