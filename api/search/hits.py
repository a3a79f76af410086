"""Which articles hit, best first: the index is asked here and nowhere else.

The order is: articles with all of it in the title, then the others; among each by relevance (title above headings above
text; BM25 on SQLite, `ts_rank` by the logarithm of the length on PostgreSQL); the newest (highest id) first where that
is equal.

Relevance is computed for each hit, and a common word hits every article.  So that no word is too common to be
searched, the newest `MAX_RANKED_TITLES` articles with all words in the title and the newest `MAX_RANKED_HITS` with all
of them anywhere are ranked; what is older is not found.  Up to `MAX_RANKED_HITS` hits the result is exact.  A phrase is
looked for among the newest of them that have its words in any order.  Relevance takes time for each word, so of many
words fewer articles are ranked (`max_ranked`).

Hits are ids and scores, not answers: they have not passed the visibility rule, see `api.search.results`.  No answer
holds a score, for BM25 asks how many of all articles have a word and how long they are on average, those included that
readers may not see (`ts_rank` asks of no other article).  The order of two articles may still move with these numbers
(`relevance_asks_all_articles`); what is found does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from api.queries.compiled import id_list
from api.queries.execution import reading_connection
from api.search.query import (
    SearchQuery,
    for_fts5,
    for_tsquery,
    words_for_fts5,
    words_for_tsquery,
)
from pages.search.index import CONFIGURATION, FTS_TABLE, HITS_FUNCTION

MAX_RANKED_HITS = 2_000
MAX_RANKED_TITLES = 1_000
FULLY_RANKED_WORDS = 2
"""Of more words, fewer articles are ranked: so many that it takes as long as with these."""
MAX_ARTICLES_PROBED = 100
"""Articles to search within, each by itself."""
TITLE_BONUS = 1_000.0
"""More than any relevance."""

Hit = tuple[float, int]
"""Sort key: the lower the score, the better; the id negative, so that the newest comes first."""

_SQLITE = """
WITH anywhere AS MATERIALIZED (
  SELECT rowid AS id, bm25({fts}, 10.0, 4.0, 1.0, 2.0) AS score
  FROM {fts} WHERE {fts} MATCH %s {within} ORDER BY rowid DESC LIMIT %s
), in_title AS MATERIALIZED (
  SELECT rowid AS id FROM {fts} WHERE {fts} MATCH %s {within} ORDER BY rowid DESC LIMIT %s
), phrased AS MATERIALIZED (
  SELECT rowid AS id FROM {fts} WHERE {fts} MATCH %s AND rowid >= (SELECT MIN(id) FROM anywhere)
)
SELECT score - CASE WHEN id IN (SELECT id FROM in_title) THEN {bonus} ELSE 0.0 END, -id
FROM anywhere {in_order}
UNION ALL
SELECT -{bonus}, -id FROM in_title WHERE id NOT IN (SELECT id FROM anywhere)
"""
_PROBE_EACH = "AND rowid IN (SELECT value FROM json_each(%s))"
"""Begins the search anew for each of them."""
_SCAN_HITS = "AND +rowid IN (SELECT value FROM json_each(%s))"
"""Looks through all hits."""
_IN_ORDER = "WHERE id IN (SELECT id FROM phrased)"
_POSTGRESQL = (
    f"SELECT score, -page_id FROM {HITS_FUNCTION}(to_tsquery('{CONFIGURATION}', %s), to_tsquery('{CONFIGURATION}', %s),"  # noqa: S608
    " %s, %s, %s, %s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class Hits:
    best_first: Sequence[Hit]
    complete: bool
    """False: there may be older hits that were not ranked."""


def max_ranked(query: SearchQuery) -> int:
    """Hits of this query that are ranked; where there are more, the newest.  Phrases are looked for among as many."""
    return (
        MAX_RANKED_HITS
        if query.has_order
        else MAX_RANKED_HITS * FULLY_RANKED_WORDS // max(FULLY_RANKED_WORDS, len(query.words))
    )


def relevance_asks_all_articles() -> bool:
    """The order of two hits depends on articles that are none."""
    return connections[DEFAULT_DB_ALIAS].vendor != "postgresql"


def find(query: SearchQuery, within: Sequence[int] | None = None) -> Hits:
    """Hits among all articles, or among these.  One query."""
    connection = reading_connection()
    sql, values = (_postgresql if connection.vendor == "postgresql" else _sqlite)(query, within)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Hit] = sorted(cursor.fetchall())
    return Hits(found, complete=len(found) < max_ranked(query) and not query.has_order)


def _postgresql(query: SearchQuery, within: Sequence[int] | None) -> tuple[str, list[Any]]:
    ids = None if within is None else id_list(within)
    return _POSTGRESQL, [
        words_for_tsquery(query),
        for_tsquery(query),
        MAX_RANKED_TITLES,
        max_ranked(query),
        TITLE_BONUS,
        ids,
    ]


def _sqlite(query: SearchQuery, within: Sequence[int] | None) -> tuple[str, list[Any]]:
    condition, inside = "", []
    if within is not None:
        condition, inside = _PROBE_EACH if len(within) <= MAX_ARTICLES_PROBED else _SCAN_HITS, [id_list(within)]
    in_order = _IN_ORDER if query.has_order else ""
    sql = _SQLITE.format(fts=FTS_TABLE, bonus=TITLE_BONUS, within=condition, in_order=in_order)
    words, phrases = words_for_fts5(query), for_fts5(query)
    in_title = f"{{title}} : ({for_fts5(query)})"
    return sql, [words, *inside, max_ranked(query), in_title, *inside, MAX_RANKED_TITLES, phrases]
