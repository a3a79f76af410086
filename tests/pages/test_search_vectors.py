"""Vectors that are written down are those that PostgreSQL's parser would have made."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.models import ArticleIndexPage, PublishedText
from pages.search import index
from pages.search.text import Words
from pages.search.vectors import MAX_PLACES, MAX_WORDS, Places
from pages.search.words import clean, fold
from tests.factories import make_article

WORDS = st.sampled_from(
    [
        *("nurse", "nurses", "the", "The", "o’neill", "1e5", "123abc", "2,000", "part-time", "été", "Straße", "漢字"),
        *("www.example.com/a", "don't", "’", "ß", "Ǆ", "İ", "e.g.", "b2b", "3.14", "-5", "naïve", "ﬁn", "Ωmega"),
        *("a\u0301", "x" * 3000),
    ]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=30).map(" ".join).map(clean)


def columns(page_id: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title_vector::text, vector::text FROM pages_publishedtext WHERE page_id = %s", [page_id])
        return cursor.fetchone()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="POSTGRESQL ONLY: SQLite keeps an FTS5 index")
@pytest.mark.django_db
def test_a_vector_is_the_one_that_the_server_makes_of_the_text(article_index: ArticleIndexPage) -> None:
    page_id = make_article(article_index).pk

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TEXTS, TEXTS, TEXTS)
    def same(title: str, headings: str, text: str) -> None:
        title, headings, text = (it.replace("\0", "") for it in (title, headings, text))
        folded = [fold(it) for it in (title, headings, text)]
        index.write([(page_id, Words(title, headings, text))])
        theirs = columns(page_id)
        index.write([(page_id, Words(title, headings, text, Places.of(*folded)))])
        assert columns(page_id) == theirs

    same()
    assert PublishedText.objects.count() == 1


def test_places_are_counted_through_title_headings_and_text() -> None:
    places = Places.of("bees bees", "hive", "the bees")
    assert places is not None
    assert places.title == {"bees": "1,2"}
    assert places.everything == {"bees": "1A,2A,5", "hive": "3B", "the": "4"}


@pytest.mark.parametrize("text", ["a " * (MAX_PLACES + 1), " ".join(f"w{number}" for number in range(MAX_WORDS + 1))])
def test_what_a_vector_would_cut_off_is_left_to_the_server(text: str) -> None:
    assert Places.of("", "", text) is None
