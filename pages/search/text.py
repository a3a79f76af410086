"""Which of an article's words it is found by.

Only words that the article itself owns, and that readers see whatever becomes of others: title, introduction,
headings and the texts of blocks.  Names of schools and what is said of them are not among them.  A school may be
withdrawn at any moment, its entry then disappears from the article, and finding the article by that entry would still
give it away; articles are found by school with the filter ``school``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pages.blocks import Json, body_headings, body_words
from pages.models import PublishedText
from pages.rich_text import to_text
from pages.search.words import clean

MAX_CHARACTERS = 100_000
"""Words behind these are not searched: some 15,000 words, well within what one PostgreSQL tsvector can hold."""
MAX_HEADINGS = 10_000


@dataclass(frozen=True, slots=True)
class Words:
    """The columns of a `PublishedText`."""

    title: str
    headings: str
    text: str

    def of_page(self, page_id: int) -> PublishedText:
        """Not saved."""
        return PublishedText(page_id=page_id, title=self.title, headings=self.headings, text=self.text)


def published_words(title: str, introduction: str, blocks: Sequence[Json]) -> Words:
    """From the public form: an introduction in HTML and the stored form of blocks."""
    words = [to_text(introduction), *body_words(blocks)]
    return Words(
        title=clean(title),
        headings=clean("\n".join(body_headings(blocks)))[:MAX_HEADINGS],
        text=clean("\n".join(filter(None, words)))[:MAX_CHARACTERS],
    )
