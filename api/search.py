"""Full-text search over published articles, ranked, with highlighted excerpts.

The newest 2,000 articles that have all the words are ranked, and of those the best `BEST` can be read; so a
word that every article has costs no more than one that a thousand have.  Only words that readers may see are in the
index (see `PublishedText`), and every hit goes through the visibility rule.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connections

from api.execution import run

BEST = 500
MAX_TERMS = 12
EXCERPT = 240
"""Characters of an excerpt, about."""

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")

SQLITE = """
SELECT rowid, bm25(pages_publishedtext_fts, 8.0, 1.0) AS score FROM pages_publishedtext_fts
WHERE pages_publishedtext_fts MATCH %s ORDER BY rowid DESC LIMIT 2000
"""
POSTGRESQL = """
SELECT page_id, ts_rank(vector, query, 1) AS score
FROM pages_publishedtext, CAST(%s AS tsquery) query
WHERE vector @@ query ORDER BY page_id DESC LIMIT 2000
"""


def terms(text: str) -> list[list[str]]:
    """The words of each term of a search; quoted words stay together as a phrase."""
    found = [_WORD.findall(quoted or plain) for quoted, plain in _TERM.findall(text)]
    return [words for words in found if words][:MAX_TERMS]


def search(text: str) -> list[int]:
    """Ids of the best hits, best first; not all of them may be visible."""
    wanted = terms(text)
    if not wanted:
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        rows = run(connection, POSTGRESQL, [_tsquery(wanted)], prepared=False)
        rows.sort(key=lambda row: (-row[1], row[0]))
    else:
        rows = run(connection, SQLITE, [" ".join(f'"{" ".join(words)}"' for words in wanted)])
        rows.sort(key=lambda row: (row[1], row[0]))
    return [row[0] for row in rows[:BEST]]


def _tsquery(wanted: Sequence[Sequence[str]]) -> str:
    """In the dictionary that the index was made with."""
    connection = connections[DEFAULT_DB_ALIAS]
    config = dictionary()
    calls = " && ".join(["phraseto_tsquery(%s::regconfig, %s)"] * len(wanted))
    values = [value for words in wanted for value in (config, " ".join(words))]
    query: str = run(connection, f"SELECT ({calls})::text", values, prepared=False)[0][0]
    return query


@lru_cache(maxsize=1)
def dictionary() -> str:
    """Of the generated column: the migration chose it."""
    rows = run(
        connections[DEFAULT_DB_ALIAS],
        "SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid "
        "AND a.attnum = d.adnum WHERE d.adrelid = 'pages_publishedtext'::regclass AND a.attname = 'vector'",
        [],
    )
    found = re.search(r"to_tsvector\('(\w+)'", rows[0][0]) if rows else None
    return found[1] if found else "simple"


def excerpt(words: str, text: str) -> str:
    """HTML: the place in `words` that has most of the search's words, each in ``<mark>``."""
    pattern = _pattern(text)
    if pattern is None:
        return html.escape(words[:EXCERPT])
    places = [match.start() for match in pattern.finditer(words)]
    start, end = _window(words, places)
    shown = words[start:end].replace("\n", " ")
    pieces, last = [], 0
    for match in pattern.finditer(shown):
        pieces += [html.escape(shown[last : match.start()]), f"<mark>{html.escape(match[0])}</mark>"]
        last = match.end()
    pieces.append(html.escape(shown[last:]))
    return ("… " if start else "") + "".join(pieces).strip() + (" …" if end < len(words) else "")


def _window(words: str, places: Sequence[int]) -> tuple[int, int]:
    """Where most hits are close together, cut between words."""
    if not places:
        return 0, _cut(words, EXCERPT)
    best = max(places, key=lambda place: (sum(place <= other < place + EXCERPT for other in places), -place))
    start = max(0, best - EXCERPT // 4)
    if start:
        start = words.rfind(" ", 0, start + 1) + 1
    return start, _cut(words, start + EXCERPT)


def _cut(words: str, place: int) -> int:
    if place >= len(words):
        return len(words)
    space = words.rfind(" ", place - 40, place)
    return space if space > 0 else place


def _pattern(text: str) -> re.Pattern[str] | None:
    """Words that begin like those of the search, endings aside, as the index takes them for the same."""
    stems: Iterable[str] = {_stem(word.casefold()) for term in terms(text) for word in term}
    alternatives = "|".join(sorted((re.escape(stem) for stem in stems), key=len, reverse=True))
    return re.compile(rf"\b(?:{alternatives})\w*", re.IGNORECASE) if alternatives else None


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s", "e", "y"):
        if len(word) - len(ending) >= 4 and word.endswith(ending):
            return word.removesuffix(ending)
    return word
