"""The full-text index of published articles: its rows, and the only code that writes them.

SQLite: an FTS5 table over the rows of `PublishedText`, kept by triggers (migration 0030), so that no way of writing or
deleting a row, a cascade included, can leave the two apart.  FTS5 collects the words of all rows that a transaction
writes in memory and stores them once, so a batch of hundreds costs about a third of a millisecond for each article.

PostgreSQL: two columns of lexemes with a GIN index each, `vector` for everything and `title_vector` for the title,
made from folded text (`pages.search.words`) by `pages.search.vectors` when the rows are written.

Both find whole words by their stem, the English one, in any language: a word is always found by itself, and in English
by its other forms.  Neither leaves out stop words, so that every phrase can be found.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from pages.models import PublishedText
from pages.search.text import Words
from pages.search.vectors import Lexemes
from pages.search.words import fold

TABLE = "pages_publishedtext"
FTS_TABLE = "pages_publishedtext_fts"
"""SQLite: columns title, headings, text, related; rowid is the page's id."""
FTS_TOKENIZER = "tokenize='porter unicode61 remove_diacritics 2'"
"""SQLite: as the migration has it."""
CONFIGURATION = "pages_search"
"""PostgreSQL: the text search configuration of `vector` and `title_vector`."""
DICTIONARY = "pages_search_stem"
"""PostgreSQL: turns a folded word into its lexeme."""

HITS_FUNCTION = "pages_search_hits"
"""PostgreSQL: ranks articles, see migration 0030."""

_SQLITE = f"""
INSERT INTO {TABLE} (page_id, shown, title, headings, text, related) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (page_id) DO UPDATE SET shown = excluded.shown, title = excluded.title,
  headings = excluded.headings, text = excluded.text, related = excluded.related
"""  # noqa: S608 -- constants of this module

_POSTGRESQL = f"""
INSERT INTO {TABLE} (page_id, shown, title, headings, text, related, title_vector, vector)
SELECT page, shown, title, headings, text, related,
       CASE WHEN lexemes IS NOT NULL THEN title_lexemes::tsvector
            ELSE to_tsvector('{CONFIGURATION}', folded_title) END,
       CASE WHEN lexemes IS NOT NULL THEN lexemes::tsvector
            ELSE setweight(to_tsvector('{CONFIGURATION}', folded_title), 'A')
                 || setweight(to_tsvector('{CONFIGURATION}', folded_headings), 'B')
                 || to_tsvector('{CONFIGURATION}', folded_text)
                 || setweight(to_tsvector('{CONFIGURATION}', folded_related), 'C') END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::text[], %s::text[], %s::text[], %s::text[])
  AS given (page, shown, title, headings, text, related, title_lexemes, lexemes, folded_title, folded_headings,
            folded_text, folded_related)
ON CONFLICT (page_id) DO UPDATE SET
  shown = excluded.shown, title = excluded.title, headings = excluded.headings, text = excluded.text,
  related = excluded.related,
  title_vector = excluded.title_vector, vector = excluded.vector
"""  # noqa: S608 -- constants of this module

_lexemes = Lexemes(CONFIGURATION)
"""The same in every database: the migration that makes the configuration is."""


def write(texts: Sequence[tuple[int, Words]]) -> None:
    """Make pages, by their ids, found by these words and no others.  One query; on PostgreSQL two, where there are
    words that this process has not met before."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        _write_vectors(texts, connection)
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            _SQLITE,
            [(page, words.shown, words.title, words.headings, words.text, words.related) for page, words in texts],
        )


def _columns(page: int, words: Words) -> tuple[int | str, ...]:
    return (page, words.shown, words.title, words.headings, words.text, words.related)


def _write_vectors(texts: Sequence[tuple[int, Words]], connection: BaseDatabaseWrapper) -> None:
    _lexemes.meet((word for _, words in texts if words.places for word in words.places.everything), connection)
    rows = [
        (page, words.shown, words.title, words.headings, words.text, words.related, *_vectors(words))
        for page, words in texts
    ]
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL, [list(column) for column in zip(*rows, strict=True)])


def _vectors(words: Words) -> tuple[str | None, ...]:
    """Two vectors as text, or the folded texts that the server makes them of."""
    if words.places is not None:
        vector = _lexemes.vector(words.places.everything)
        if vector is not None:
            return (_lexemes.vector(words.places.title), vector, None, None, None, None)
    return (None, None, *map(fold, (words.title, words.headings, words.text, words.related)))


def remove(page_ids: Sequence[int]) -> None:
    """Make these pages found by nothing.  One query."""
    PublishedText.objects.filter(page__in=page_ids).delete()
