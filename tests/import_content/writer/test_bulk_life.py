"""Articles made in bulk live as any others: in the admin, in search, in the tree."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backend

from import_content.writer.bulk import BulkWriter
from pages.models import ArticleIndexPage, ArticlePage, PublishedArticle, School
from tests.benchmarks.contents import new_articles
from tests.import_content.writer.articles import varied
from tests.import_content.writer.dump import dump
from tests.import_content.writer.tree import new_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def index() -> ArticleIndexPage:
    parent, user = new_site()
    BulkWriter().create(parent, [*new_articles(12), *varied()], user=user)
    return ArticleIndexPage.objects.get(pk=parent.pk)


def problems() -> list[list[Any]]:
    return [list(found) for found in Page.find_problems()]


def of(tables: dict[str, list[str]], name: str) -> list[str]:
    """Rows of a table, but for how heavy a search entry's title is, which depends on the order of insertion."""
    import re

    return [re.sub(r'"title_norm": [\d.]+', "", row) for row in tables.get(name, [])]


def test_wagtails_own_repairs_find_nothing_to_do(index: ArticleIndexPage) -> None:
    # The root and the site's pages were made without their entries being complete; they are no concern here.
    before = dump()
    call_command("fixtree", interactive=False, verbosity=0)
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
    after = dump()

    assert problems() == [[], [], [], [], []]
    assert after["wagtailcore_page"] == before["wagtailcore_page"]
    assert after["wagtailcore_referenceindex"] == before["wagtailcore_referenceindex"]
    new = set(of(after, "wagtailsearch_indexentry")) ^ set(of(before, "wagtailsearch_indexentry"))
    assert all('"object_id": "1"' in row for row in new)


def test_the_admin_opens_lists_finds_and_saves_them(index: ArticleIndexPage, client: Client) -> None:
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(username="ann"))
    page = ArticlePage.objects.order_by("path").first()
    assert page is not None
    for url in (
        reverse("wagtailadmin_explore", args=[index.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:history", args=[page.pk]),
        reverse("wagtailadmin_pages:usage", args=[page.pk]),
        reverse("wagtailadmin_pages:revisions_view", args=[page.pk, page.latest_revision_id]),
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_pages:search") + "?q=" + page.title.split()[0],
    ):
        answer = client.get(url)
        assert answer.status_code == 200, url
    assert page.title in client.get(reverse("wagtailadmin_pages:search"), {"q": page.title}).content.decode()
    school = School.objects.first()
    assert school is not None
    assert ReferenceIndex.get_references_to(school).exists()


def test_search_finds_title_body_and_schools_place(index: ArticleIndexPage) -> None:
    assert {page.title for page in ArticlePage.objects.search("Ünïcödé")} == {"Café & “Quotes” — Ünïcödé <tags>"}
    assert ArticlePage.objects.search("workshop").count() >= 12
    assert ArticlePage.objects.autocomplete("Boat").count() >= 1
    school = School.objects.first()
    assert school in list(get_search_backend().search(school.name, School))


def test_they_are_edited_published_unpublished_moved_copied_translated_and_deleted(index: ArticleIndexPage) -> None:
    first, second, third = ArticlePage.objects.filter(live=True).order_by("path")[:3]
    shelf = ArticleIndexPage(title="Shelf", slug="shelf")
    index.add_child(instance=shelf)

    first.title = "Renamed"
    first.save_revision().publish()
    assert ArticlePage.objects.get(pk=first.pk).title == "Renamed"

    second.unpublish()
    assert not PublishedArticle.objects.filter(page=second).exists()

    third.move(shelf, pos="last-child")
    moved = ArticlePage.objects.get(pk=third.pk)
    assert moved.url_path == f"{shelf.url_path}{third.slug}/"

    copy = first.copy(to=index, update_attrs={"slug": "a-copy", "title": "A copy"})
    assert copy.specific.body.get_prep_value() == first.body.get_prep_value()

    spanish = Locale.objects.create(language_code="es")
    translated = first.copy_for_translation(spanish, copy_parents=True)
    assert translated.translation_key == first.translation_key

    revision = first.revisions.order_by("created_at").first()
    assert revision is not None
    assert revision.as_object().title != "Renamed"

    count = Page.objects.count()
    second.delete()
    assert Page.objects.count() == count - 1
    assert PageLogEntry.objects.filter(page=second.pk, action="wagtail.delete").exists()
    assert not ReferenceIndex.objects.filter(object_id=str(second.pk), content_type__model="articlepage").exists()

    index.refresh_from_db()
    index.add_child(instance=ArticlePage(title="By hand", slug="by-hand"))
    index.get_children().first().delete()
    assert problems() == [[], [], [], [], []]


def test_a_second_batch_goes_behind_the_first_after_a_deletion(index: ArticleIndexPage) -> None:
    last = index.get_children().order_by("-path").first()
    index.get_children().order_by("path").first().delete()
    BulkWriter().create(index, list(new_articles(3, start=50)), user=None)

    new = index.get_children().order_by("-path")[:3]
    assert all(page.path > last.path for page in new)
    assert problems() == [[], [], [], [], []]
