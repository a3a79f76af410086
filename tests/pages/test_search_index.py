"""The full-text indexes that the database keeps."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import ArticleIndexPage, ArticlePage, PublishedText
from pages.publication import render
from pages.search.text import MAX_CHARACTERS, MAX_HEADINGS
from pages.search.words import clean, fold
from tests.factories import listing, make_article, make_school, section

pytestmark = pytest.mark.django_db


def check_integrity() -> None:
    """SQLite says so aloud where the index and the rows differ."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pages_publishedtext_fts (pages_publishedtext_fts, rank) VALUES ('integrity-check', 1)"
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLITE ONLY: PostgreSQL keeps its index in the row itself")
def test_the_index_follows_its_rows_whatever_happens_to_them(article_index: ArticleIndexPage) -> None:
    articles = [make_article(article_index, title=f"Bees {number}", body=[section("Hive")]) for number in range(4)]
    articles[0].body = [section("Skep")]
    articles[0].save_revision().publish()
    articles[1].unpublish()
    articles[2].delete()
    PublishedText.objects.filter(page=articles[3]).update(text="wax")
    call_command("render_published", verbosity=0)
    check_integrity()
    assert PublishedText.objects.count() == 2


def test_the_words_of_an_article_are_those_it_owns(article_index: ArticleIndexPage) -> None:
    school = make_school("Riverbend College")
    article = make_article(
        article_index,
        title="Bees\x07",
        introduction="<p>Honey &amp; wax</p>",
        body=[section("Pay", "<p>Low.</p>"), listing((school, "<p>Teaches it.</p>"))],
    )
    row = PublishedText.objects.get(page=article)
    assert (row.title, row.headings, row.text) == ("Bees ", "Pay", "Honey & wax\nPay\nLow.")


def test_a_very_long_article_is_published_and_found_by_its_first_words(article_index: ArticleIndexPage) -> None:
    """PostgreSQL refuses lexemes of more than a megabyte; that must not keep an article from being published."""
    many = " ".join(f"mot{number}é" for number in range(60_000))
    body = [section("h" * 255, f"<p>{many}</p>") for _ in range(60)]
    article = make_article(article_index, body=body[:1] + [section("h" * 255) for _ in range(60)])
    row = PublishedText.objects.get(page=article)
    assert len(row.text) == MAX_CHARACTERS
    assert len(row.headings) == MAX_HEADINGS
    assert len(render(ArticlePage.objects.get(pk=article.pk)).published_words.text) == MAX_CHARACTERS


@pytest.mark.skipif(connection.vendor != "postgresql", reason="POSTGRESQL ONLY: it is an index of PostgreSQL's")
def test_the_search_of_the_admin_has_an_index(article_index: ArticleIndexPage) -> None:
    make_article(article_index, title="Bees")
    with CaptureQueriesContext(connection) as captured:
        assert len(list(ArticlePage.objects.search("bees"))) == 1
    asked = next(entry["sql"] for entry in captured.captured_queries if "@@" in entry["sql"])
    table = '"wagtailsearch_indexentry"'
    assert f'({table}."title" || {table}."body") @@' in asked
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM wagtailsearch_indexentry WHERE (title || body) @@ to_tsquery('bees')")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "pages_indexentry_title_body" in plan


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Señor O’Neill, B-2!", "senor o neill  b 2 "),
        ("ÀÉÎÕÜ ß Ørsted İ", "aeiou ß ørsted i"),
        ("한국 東京 Ещё й", "한국 東京 ещё й"),
        ("a\u0301b\ue000\ufdd0", "a b  "),
    ],
)
def test_folding_settles_what_a_word_is(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_stored_text_is_composed_and_holds_no_control_characters() -> None:
    assert clean("e\u0301\x00\x02\x03\x7f\t\n") == "é    \t\n"
