"""Which of an article's words it is found by.

Title, headings and text are the article's own: readers see them whatever becomes of others.  Related words they see
only as long as they may see something else: a listed school and what is said of it, a page that is called to, an image
and its caption.  They are written for what readers may see at that moment, and written again when that changes
(`pages.search.related`); whoever reads asks once more (`api.search.results`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import DEFAULT_DB_ALIAS, connections

from pages.blocks import Json, body_headings, body_related, body_words
from pages.references import MARK
from pages.rich_text import to_text
from pages.search.vectors import Places
from pages.search.words import clean, fold

MAX_CHARACTERS = 100_000
"""Words behind these are not searched: some 15,000 words, well within what one PostgreSQL tsvector can hold."""
MAX_HEADINGS = 10_000
MAX_RELATED = 50_000

Mention = tuple[str, str]
"""The name of a reference, such as ``school:3``, and text that readers see only with it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The columns of a `PublishedText`."""

    title: str
    headings: str
    text: str
    places: Places | None = None
    """On PostgreSQL, where the folded words of the first three stand."""
    mentions: tuple[Mention, ...] = ()
    """What `related` is made of."""
    related: str = ""
    shown: str = ""
    """The mentions that are in `related`."""

    def with_related(self, names: Mapping[str, str]) -> Words:
        """`names`: of all mentioned objects that readers may see, their words."""
        if not self.mentions:
            return self
        seen = dict.fromkeys(name for name, _ in self.mentions if name in names)
        said = [text for name, text in self.mentions if name in names]
        related = clean("\n".join(filter(None, [*(names[name] for name in seen), *said])))[:MAX_RELATED]
        places = self.places.with_related(fold(related)) if self.places else None
        return replace(self, related=related, places=places, shown=" ".join(seen))


def published_words(title: str, introduction: str, blocks: Sequence[Json]) -> Words:
    """From the public form: an introduction in HTML and the stored form of blocks.  Related words are not yet in."""
    words = [to_text(introduction), *body_words(blocks)]
    texts = (
        clean(title),
        clean("\n".join(body_headings(blocks)))[:MAX_HEADINGS],
        clean("\n".join(filter(None, words)))[:MAX_CHARACTERS],
    )
    return own_words(*texts, mentions_of(blocks))


def own_words(title: str, headings: str, text: str, mentions: tuple[Mention, ...]) -> Words:
    """From texts as they are stored."""
    texts = (title, headings, text)
    has_vectors = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
    return Words(*texts, Places.of(*map(fold, texts)) if has_vectors else None, mentions)


def mentions_of(blocks: Sequence[Json]) -> tuple[Mention, ...]:
    return tuple((reference.strip(MARK), text.strip()) for reference, text in body_related(blocks))
