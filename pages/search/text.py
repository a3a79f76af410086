"""Which of an article's words it is found by.

Only words that the article itself owns, and that readers see whatever becomes of others: title, introduction,
headings and the texts of blocks.  Names of schools and what is said of them are not among them.  A school may be
withdrawn at any moment, its entry then disappears from the article, and finding the article by that entry would still
give it away; articles are found by school with the filter ``school``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections

from pages.blocks import Json, body_headings, body_words
from pages.rich_text import to_text
from pages.search.vectors import Places
from pages.search.words import clean, fold

MAX_CHARACTERS = 100_000
"""Words behind these are not searched: some 15,000 words, well within what one PostgreSQL tsvector can hold."""
MAX_HEADINGS = 10_000


@dataclass(frozen=True, slots=True)
class Words:
    """The columns of a `PublishedText`."""

    title: str
    headings: str
    text: str
    places: Places | None = None
    """On PostgreSQL, where its folded words stand."""


def published_words(title: str, introduction: str, blocks: Sequence[Json]) -> Words:
    """From the public form: an introduction in HTML and the stored form of blocks."""
    words = [to_text(introduction), *body_words(blocks)]
    texts = (
        clean(title),
        clean("\n".join(body_headings(blocks)))[:MAX_HEADINGS],
        clean("\n".join(filter(None, words)))[:MAX_CHARACTERS],
    )
    has_vectors = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
    return Words(*texts, Places.of(*map(fold, texts)) if has_vectors else None)
