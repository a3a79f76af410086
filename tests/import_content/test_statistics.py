"""SQLite plans lists well when it has counted all tables that they read, and counted them whole."""

from __future__ import annotations

import pytest
from django.db import connection

from import_content import statistics
from import_content.statistics import Statistics, refresh_statistics
from pages.models import ArticleIndexPage
from tests.factories import make_article

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLITE ONLY: PostgreSQL counts by itself"),
    pytest.mark.django_db(transaction=True),
]


def counted(index: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return None
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = %s", [index])
        row = cursor.fetchone()
    return str(row[0]) if row else None


@pytest.fixture(autouse=True)
def uncounted(article_index: ArticleIndexPage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE wagtailcore_locale")  # makes the table
        cursor.execute("DELETE FROM sqlite_stat1")


def test_tables_are_counted_whole_and_again_when_they_have_doubled(article_index: ArticleIndexPage) -> None:
    for number in range(5):
        make_article(article_index, title=f"Bees {number}")
    refresh_statistics()
    assert counted("pages_public_published") == "5 1 1"
    make_article(article_index, title="Bees again")
    refresh_statistics()
    assert counted("pages_public_published") == "5 1 1"
    for number in range(5):
        make_article(article_index, title=f"Rye {number}")
    refresh_statistics()
    assert counted("pages_public_published") == "11 1 1"


def test_a_run_counts_as_it_grows(article_index: ArticleIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "FIRST", 10)
    make_article(article_index)
    run = Statistics()
    run.written(9)
    assert counted("pages_public_published") is None
    run.written(1)
    assert counted("pages_public_published") == "1 1 1"
