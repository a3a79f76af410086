"""The stored texts of articles with the words that hit marked, as `api.search.excerpts` reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import DEFAULT_DB_ALIAS, connections

from api.queries.compiled import id_list
from api.queries.execution import reading_connection
from api.search.excerpts import START, STOP
from api.search.query import SearchQuery, completions, for_fts5
from pages.models import PublishedText
from pages.search.index import DICTIONARY, FTS_TABLE
from pages.search.words import fold

Marked = tuple[str, str]
"""Title and text."""


def marked_texts(query: SearchQuery, ids: Sequence[int]) -> dict[int, Marked]:
    """Of each of these articles that hits.  At most two queries."""
    if not ids:
        return {}
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return _by_lexemes(query, ids)
    return _by_fts5(query, ids)


_COLUMNS = ", ".join(f"highlight({FTS_TABLE}, {column}, '{START}', '{STOP}')" for column in (0, 2))
_FTS5 = (
    f"SELECT rowid, {_COLUMNS} FROM {FTS_TABLE}"  # noqa: S608 -- constants
    f" WHERE {FTS_TABLE} MATCH %s AND rowid IN (SELECT value FROM json_each(%s))"
)


def _by_fts5(query: SearchQuery, ids: Sequence[int]) -> dict[int, Marked]:
    with reading_connection().cursor() as cursor:
        cursor.execute(_FTS5, [for_fts5(query), id_list(ids)])
        return {pk: (title, text) for pk, title, text in cursor.fetchall()}


_LEXEMES = f"""
SELECT word FROM unnest(%s::text[]) word
WHERE ts_lexize('{DICTIONARY}', word) && ARRAY(
    SELECT unnest(ts_lexize('{DICTIONARY}', asked)) FROM unnest(%s::text[]) asked
)"""  # noqa: S608 -- constants


def _by_lexemes(query: SearchQuery, ids: Sequence[int]) -> dict[int, Marked]:
    """The database says which of all words in these texts are forms of the ones asked for; they are marked here.

    `ts_headline` would read every text word by word, and read other words in it: it takes "and/or" for a file's name.
    """
    rows = list(PublishedText.objects.filter(pk__in=ids).values_list("pk", "title", "text"))
    words = {word for _, *texts in rows for text in texts for word in fold(text).split()}
    with reading_connection().cursor() as cursor:
        asked = [*query.words, *completions(query.open_word or "")]
        cursor.execute(_LEXEMES, [list(words), asked])
        found = {word for (word,) in cursor.fetchall()}
    if query.open_word:
        found |= {word for word in words if word.startswith(query.open_word)}
    forms = sorted(found, key=len, reverse=True)
    if not forms:
        return {pk: (title, text) for pk, title, text in rows}
    pattern = re.compile(rf"\b(?:{'|'.join(forms)})\b")
    return {pk: (_mark(title, pattern), _mark(text, pattern)) for pk, title, text in rows}


def _mark(text: str, pattern: re.Pattern[str]) -> str:
    pieces, place = [], 0
    for found in pattern.finditer(fold(text)):  # has the words of the text in the same places
        start, end = found.span()
        pieces += [text[place:start], START, text[start:end], STOP]
        place = end
    return "".join([*pieces, text[place:]])
