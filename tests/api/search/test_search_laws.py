"""Laws of search that hold for any text."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.search.excerpts import (
    EXCERPT_CHARACTERS,
    START,
    STOP,
    excerpt,
    highlighted,
    read,
)
from api.search.query import MAX_WORDS, understand
from pages.search.words import BREAK, clean, fold
from tests.api.factories import make_article

TEXT = st.text(alphabet=st.characters(codec="utf-8"))
SNIPPETS = st.lists(
    st.sampled_from(
        ['"', "'", "bees", "hive", " ", "*", "&", "|", "!", "(", ")", ":", "<->", "AND", "NEAR", "\\", "é", "{", "}"]
    )
    | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=4),
    max_size=30,
).map("".join)


@given(TEXT)
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(character == " " or character.isalnum() for character in folded)
    assert fold(folded) == folded


@given(TEXT)
def test_an_understood_query_is_made_of_nothing_but_words(text: str) -> None:
    phrases = understand(text).phrases
    assert sum(map(len, phrases)) <= MAX_WORDS
    assert all(phrase and all(word.isalnum() for word in phrase) for phrase in phrases)


@given(st.lists(st.tuples(TEXT, st.booleans())))
def test_an_excerpt_is_a_part_of_the_text_with_its_hits_marked(pieces: list[tuple[str, bool]]) -> None:
    cleaned = [(clean(text), hit) for text, hit in pieces]
    marked = read("".join(f"{START}{text}{STOP}" if hit else text for text, hit in cleaned))
    assert marked.text == "".join(text for text, _ in cleaned)
    for made in (highlighted(marked), excerpt(marked)):
        bare = html.unescape(re.sub("</?mark>", "", made)).removeprefix("… ").removesuffix(" …")
        assert re.sub(r"\s", "", bare) in re.sub(rf"[\s{BREAK}]", "", marked.text)
        assert "<" not in re.sub("</?mark>", "", made)
        assert made.count("<mark>") == made.count("</mark>")
    assert len(html.unescape(re.sub("</?mark>", "", excerpt(marked)))) <= EXCERPT_CHARACTERS + 4


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=SNIPPETS)
def test_any_text_is_answered(client: Client, words: str) -> None:
    response = client.get("/api/v1/search/", {"q": words})
    assert response.status_code == (200 if 1 <= len(words) <= 200 else 400)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(
        alphabet=st.characters(categories=["L", "N", "P", "Z"], max_codepoint=0x17F),
        min_size=1,
        max_size=60,
    )
)
def test_an_article_is_found_by_its_own_title(client: Client, title: str) -> None:
    """The letters of Western and Central European languages: what they are, all databases agree on."""
    if not title.strip() or not understand(title).phrases:
        return
    article = make_article(title, slug="about-bees")
    found = client.get("/api/v1/search/", {"q": title, "limit": "50"}).json()["items"]
    assert article.pk in [item["article"]["id"] for item in found]
    article.delete()
