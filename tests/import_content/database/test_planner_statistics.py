"""The planner knows how large the tables are, also after an import, and on SQLite exactly."""

from __future__ import annotations

import pytest
from django.db import connection
from wagtail.models import Page

from import_content.database import planner_statistics as statistics
from import_content.database.planner_statistics import PlannerStatistics, refresh_statistics
from pages.models import ArticleIndexPage
from tests.factories import make_article
from tests.import_content.writer.tree import new_site


def counted() -> int:
    return statistics._number_when_counted(Page)


@pytest.fixture
def article_index(transactional_db: None) -> ArticleIndexPage:
    """In a site that has been counted."""
    index, _ = new_site()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE wagtailcore_page")
    return index


def grow(index: ArticleIndexPage, by: int) -> None:
    for number in range(by):
        make_article(index, title=f"Bees {number}")


def test_tables_are_counted_when_there_are_twice_as_many_pages(article_index: ArticleIndexPage) -> None:
    before = counted()
    assert before == Page.objects.count()
    grow(article_index, before - 1)
    refresh_statistics()
    assert counted() == before
    grow(article_index, 1)
    refresh_statistics()
    assert counted() == 2 * before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLITE ONLY: PostgreSQL looks at samples")
def test_all_tables_that_a_list_joins_are_counted_whole(article_index: ArticleIndexPage) -> None:
    grow(article_index, 10)
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE idx IS NOT NULL")
        stats = dict(cursor.fetchall())
    pages = Page.objects.count()
    assert stats["pages_public_published"] == "10 1 1"
    assert any(index.startswith("wagtailcore_site") for index in stats)
    assert any(
        index.startswith("wagtailcore_page_locale") and stat == f"{pages} {pages}" for index, stat in stats.items()
    )


def test_a_run_counts_as_it_grows(article_index: ArticleIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "FIRST_REFRESH_PAGES", 10)
    before = counted()
    grow(article_index, 10)
    run = PlannerStatistics()
    run.written(9)
    assert counted() == before
    run.written(1)
    assert counted() == before + 10
