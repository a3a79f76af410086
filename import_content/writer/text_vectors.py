"""PostgreSQL: `to_tsvector` of texts without the server's parser, which costs more than all else of a search entry.

The parser of PostgreSQL never looks across a blank, but for tags (``<`` and no blank).  So the server is asked
once for every chunk of text between blanks: how many positions it takes, and which lexemes stand at which of them.
The vector of a text is then written down.  Where that cannot be told (see `Vectors.write`), the server makes it of
the text: the result is the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, cast

from django.db.backends.base.base import BaseDatabaseWrapper

MAX_POSITION = 16_000
"""PostgreSQL numbers no positions behind 16,383."""
MAX_POSITIONS = 200
"""Of one lexeme; PostgreSQL keeps 255."""
MAX_CHUNK_CHARACTERS = 100
"""Characters; longer ones are not worth remembering."""
MAX_REMEMBERED_CHUNKS = 400_000

_TAG = re.compile(r"<[^ \n]")
_MARK = "zqxj"
"""Put before and behind a chunk, to see where it ends."""

_CONTEXT_FREE = """
SELECT bool_and(template.tmplname IN ('simple', 'snowball', 'synonym', 'ispell'))
FROM pg_ts_config_map map JOIN pg_ts_dict dictionary ON dictionary.oid = map.mapdict
JOIN pg_ts_template template ON template.oid = dictionary.dicttemplate
WHERE map.mapcfg = {configuration} AND
      (SELECT prsname FROM pg_ts_config JOIN pg_ts_parser parser ON parser.oid = cfgparser
       WHERE pg_ts_config.oid = map.mapcfg) = 'default'
"""
"""Other dictionaries, as the thesaurus, look at several words; other parsers may have other ideas of a blank."""

_MEET = """
SELECT number, lexeme, positions
FROM unnest(%s::text[]) WITH ORDINALITY AS given (chunk, number),
     unnest(to_tsvector({configuration}, %s || ' ' || chunk || ' ' || %s)) AS found
"""


class Chunk(NamedTuple):
    """What the parser makes of a chunk."""

    width: int
    """Positions that it takes: stop words take one and have no lexeme."""
    lexemes: tuple[tuple[str, int], ...]
    """Quoted as in the text of a vector, with their positions, from 1."""


class Vectors:
    """What a text search configuration makes of texts; remembers.  One per database and run."""

    def __init__(self, configuration: str | None, connection: BaseDatabaseWrapper) -> None:
        """None: the database's default configuration."""
        self._configuration = "get_current_ts_config()" if configuration is None else "%s::regconfig"
        self._named = [] if configuration is None else [configuration]
        self._connection = connection
        self._known: dict[str, Chunk | None] = {}
        self._is_context_free: bool | None = None

    def meet(self, texts: Iterable[str]) -> None:
        """Ask for chunks that were not met before, in one query."""
        if len(self._known) > MAX_REMEMBERED_CHUNKS:
            self._known.clear()
        met: set[str] = set()
        for text in texts:
            met.update(_chunks(text))
        new = [chunk for chunk in met - self._known.keys() if len(chunk) <= MAX_CHUNK_CHARACTERS]
        if not new or not self._may_be_split():
            return
        found: list[list[tuple[str, Sequence[int]]]] = [[] for _ in new]
        with self._connection.cursor() as cursor:
            cursor.execute(
                _MEET.format(configuration=self._configuration),  # one of two constants
                [new, *self._named, _MARK, _MARK],
            )
            for number, lexeme, positions in cursor.fetchall():
                found[number - 1].append((lexeme, positions))
        self._known.update(zip(new, map(_between_marks, found), strict=True))

    def _may_be_split(self) -> bool:
        if self._is_context_free is None:
            with self._connection.cursor() as cursor:
                cursor.execute(_CONTEXT_FREE.format(configuration=self._configuration), self._named)
                self._is_context_free = bool(cursor.fetchone()[0])
        return self._is_context_free

    def write(self, fields: Sequence[tuple[str, str]]) -> str | None:
        """The text of a vector: ``setweight(to_tsvector(text), weight) || ...`` for pairs of text and weight, whose
        chunks must have been met.

        None where only the server can tell: for texts that begin with a sign (the parser takes some of them for the
        beginning of a file's name there, and only there) or have what may be a tag, chunks that are too long, or more
        positions than a vector holds, and for configurations whose dictionaries look at several words.
        """
        places: defaultdict[str, list[str]] = defaultdict(list)
        last = 0
        for text, weight in fields:
            if _TAG.search(text) or (text[:1] and not text[0].isalnum()):
                return None
            chunks = list(map(self._known.get, _chunks(text)))
            if None in chunks:
                return None
            printed, position = _printed(weight), last
            # No text has more positions than characters.
            if position + len(text) > MAX_POSITION < position + sum(chunk.width for chunk in chunks if chunk):
                return None
            for width, lexemes in cast(list[Chunk], chunks):
                if lexemes:
                    for lexeme, offset in lexemes:
                        places[lexeme].append(printed[position + offset])
                    last = position + offset
                position += width
        if max(map(len, places.values()), default=0) > MAX_POSITIONS:
            return None
        return " ".join([f"{lexeme}:{','.join(positions)}" for lexeme, positions in places.items()])


@cache
def _printed(weight: str) -> tuple[str, ...]:
    """Positions as a vector has them."""
    return tuple(f"{position}{weight}" for position in range(MAX_POSITION + 1))


def _chunks(text: str) -> list[str]:
    """Other white space stays within chunks, where the server sees it."""
    return text.replace("\n", " ").split(" ")


def _between_marks(found: Sequence[tuple[str, Sequence[int]]]) -> Chunk | None:
    """None: the marks were not found where they must be."""
    marks = next((list(positions) for lexeme, positions in found if lexeme == _MARK), [])
    if len(marks) < 2 or marks[0] != 1:
        return None
    end = marks[-1]
    inside = [
        (position - 1, lexeme)
        for lexeme, positions in found
        for position in positions
        if lexeme != _MARK or 1 < position < end
    ]
    inside.sort()
    return Chunk(end - 2, tuple((_quoted(lexeme), position) for position, lexeme in inside))


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
