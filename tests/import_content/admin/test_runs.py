"""Runs are listed, reported and taken back in the admin, wherever they were started."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from import_content.models import ImportRun
from pages.models import ArticleIndexPage, ArticlePage
from tests.import_content.editing import edit, words
from tests.import_content.imports import articles, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported_three(article_index: ArticleIndexPage, tmp_path: Path) -> ImportRun:
    articles(tmp_path, 3)
    write(tmp_path, "blank.txt", "  \n")
    run(tmp_path, publish=True)
    return ImportRun.objects.get()


def test_a_run_of_the_command_line_is_listed(moderator: Client, imported_three: ImportRun) -> None:
    page = moderator.get(reverse("import_content:runs")).content.decode()
    assert "3 created, 1 failed" in page
    assert reverse("import_content:run", args=[imported_three.pk]) in page


def test_the_report_names_every_source_and_groups_what_went_wrong(moderator: Client, imported_three: ImportRun) -> None:
    page = moderator.get(reverse("import_content:run", args=[imported_three.pk])).content.decode()
    assert "article-00.txt" in page
    assert "blank.txt" in page
    assert "it holds nothing but white space" in page
    assert reverse("wagtailadmin_pages:edit", args=[ArticlePage.objects.first().pk]) in page


def test_the_report_can_be_filtered_and_downloaded(moderator: Client, imported_three: ImportRun) -> None:
    url = reverse("import_content:run", args=[imported_three.pk])
    failed = moderator.get(url, {"outcome": "failed"}).content.decode()
    table = b"".join(moderator.get(url, {"export": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    lines = b"".join(moderator.get(reverse("import_content:run_lines", args=[imported_three.pk])).streaming_content)  # type: ignore[attr-defined]
    told = [json.loads(line) for line in lines.splitlines()]
    assert "article-00.txt" not in failed
    assert "blank.txt" in failed
    assert len(table.splitlines()) == 5
    assert [one.get("outcome") for one in told[:-1]].count("created") == 3
    assert told[-1]["summary"] == {"created": 3, "failed": 1}


def test_an_undo_says_first_what_goes_and_what_stays_and_why(moderator: Client, imported_three: ImportRun) -> None:
    edit(ArticlePage.objects.order_by("pk").first(), words("hears a fault", "feels a fault"))
    url = reverse("import_content:undo", args=[imported_three.pk])
    page = moderator.get(url).content.decode()
    assert ArticlePage.objects.count() == 3
    assert "its page goes" in page
    assert "touched" in page or "edited" in page

    answer = moderator.post(url, follow=True).content.decode()
    assert ArticlePage.objects.count() == 1
    assert "2 reversed" in answer


def test_without_the_permission_nothing_is_reachable(stranger: Client, imported_three: ImportRun) -> None:
    home = reverse("wagtailadmin_home")
    for name, arguments in (("runs", []), ("run", [1]), ("run_items", [1]), ("run_lines", [1]), ("undo", [1])):
        assert stranger.get(reverse(f"import_content:{name}", args=arguments)).headers["Location"] == home
    stranger.post(reverse("import_content:undo", args=[imported_three.pk]))
    assert ArticlePage.objects.count() == 3


def test_the_dashboard_says_what_waits(moderator: Client, in_conflict: ArticlePage) -> None:
    page = moderator.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 conflict between source and editor is open" in page
    assert f"Import {ImportRun.objects.latest('pk').pk}" in page


def test_the_edit_view_says_where_the_text_came_from(moderator: Client, in_conflict: ArticlePage) -> None:
    page = moderator.get(reverse("wagtailadmin_pages:edit", args=[in_conflict.pk])).content.decode()
    assert "Where the text came from" in page
    assert "clocks.txt" in page
    assert "section “What It Costs”, text" in page
    block = in_conflict.body[0]
    assert f'href="#block-{block.id}-section"' in page


def test_the_listing_says_which_articles_were_imported(
    moderator: Client, in_conflict: ArticlePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    index = ArticleIndexPage.objects.get()
    index.add_child(instance=ArticlePage(title="Written here"))
    url = reverse("wagtailadmin_explore", args=[index.pk])

    def titles(**filters: Any) -> set[str]:
        return {page.title for page in moderator.get(url, filters).context["object_list"]}

    listing = moderator.get(url).content.decode()
    assert "clocks.txt (conflict)" in listing
    assert "by hand" in listing
    assert titles(imports="imported") == titles(imports="conflict") == {in_conflict.title}
    assert titles(imports="by_hand") == {"Written here"}
    assert titles(imports="gone") == titles(imports="waiting") == set()
