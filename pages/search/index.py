"""The full-text index of published articles: its rows, and the only code that writes them.

SQLite: an FTS5 table over the rows of `PublishedText`, kept by triggers (migration 0030), so that no way of writing or
deleting a row, a cascade included, can leave the two apart.  FTS5 collects the words of all rows that a transaction
writes in memory and stores them once, so a batch of hundreds costs about a third of a millisecond for each article.

PostgreSQL: two columns of lexemes with a GIN index each, `vector` for everything and `title_vector` for the title,
made from folded text (`pages.search.words`) in the statement that writes the rows.

Both find whole words by their stem, the English one, in any language: a word is always found by itself, and in English
by its other forms.  Neither leaves out stop words, so that every phrase can be found.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections

from pages.models import PublishedText
from pages.search.words import fold

TABLE = "pages_publishedtext"
FTS_TABLE = "pages_publishedtext_fts"
"""SQLite: columns title, headings, text; rowid is the page's id."""
CONFIGURATION = "pages_search"
"""PostgreSQL: the text search configuration of `vector` and `title_vector`."""
DICTIONARY = "pages_search_stem"
"""PostgreSQL: turns a folded word into its lexeme."""

HITS_FUNCTION = "pages_search_hits"
"""PostgreSQL: ranks articles, see migration 0030."""

_SQLITE = f"""
INSERT INTO {TABLE} (page_id, title, headings, text) VALUES (%s, %s, %s, %s)
ON CONFLICT (page_id) DO UPDATE SET title = excluded.title, headings = excluded.headings, text = excluded.text
"""  # noqa: S608 -- constants of this module

_POSTGRESQL = f"""
INSERT INTO {TABLE} (page_id, title, headings, text, title_vector, vector)
SELECT page, title, headings, text,
       to_tsvector('{CONFIGURATION}', folded_title),
       setweight(to_tsvector('{CONFIGURATION}', folded_title), 'A')
         || setweight(to_tsvector('{CONFIGURATION}', folded_headings), 'B')
         || to_tsvector('{CONFIGURATION}', folded_text)
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
  AS given (page, title, headings, text, folded_title, folded_headings, folded_text)
ON CONFLICT (page_id) DO UPDATE SET
  title = excluded.title, headings = excluded.headings, text = excluded.text,
  title_vector = excluded.title_vector, vector = excluded.vector
"""  # noqa: S608 -- constants of this module


def write(texts: Sequence[PublishedText]) -> None:
    """Make pages found by these words and no others.  One query."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            columns = [[getattr(it, name) for it in texts] for name in ("title", "headings", "text")]
            folded = [[fold(text) for text in column] for column in columns]
            cursor.execute(_POSTGRESQL, [[it.page_id for it in texts], *columns, *folded])
        else:
            cursor.executemany(_SQLITE, [(it.page_id, it.title, it.headings, it.text) for it in texts])


def remove(page_ids: Sequence[int]) -> None:
    """Make these pages found by nothing.  One query."""
    PublishedText.objects.filter(page__in=page_ids).delete()
