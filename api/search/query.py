"""What a reader types into a search box, as words.  Knows no Django.

Every word must occur; words in double quotes must follow each other.  There is nothing else to know: any other
character separates words, so that no text is an error and none is an operator of the database's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pages.search.words import fold

MAX_LENGTH = 200
MAX_WORDS = 12
_QUOTE = re.compile('["“”„«»]')

Phrase = tuple[str, ...]
"""Folded words that follow each other; often one alone."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    phrases: tuple[Phrase, ...]

    @property
    def has_order(self) -> bool:
        return any(len(phrase) > 1 for phrase in self.phrases)

    @property
    def words(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(word for phrase in self.phrases for word in phrase))


def understand(text: str) -> SearchQuery:
    """The first `MAX_WORDS` words of a text; none where it holds no letter and no digit.

    >>> understand('Nurse "night shift"').phrases
    (('nurse',), ('night', 'shift'))
    """
    phrases: dict[Phrase, None] = {}
    left = MAX_WORDS
    parts = _QUOTE.split(text)
    for number, part in enumerate(parts):
        words = tuple(fold(part).split())[:left]
        left -= len(words)
        quoted = number % 2 == 1 and number < len(parts) - 1
        for phrase in [words] if quoted and words else [(word,) for word in words]:
            phrases[phrase] = None
    return SearchQuery(tuple(phrases))


def for_fts5(query: SearchQuery) -> str:
    """In the language of SQLite's FTS5: quoted strings, which hold nothing but letters, digits and spaces."""
    return " AND ".join(f'"{" ".join(phrase)}"' for phrase in query.phrases)


def words_for_fts5(query: SearchQuery) -> str:
    """The same without their order, which costs FTS5 a look at the places of each word in every article."""
    return " AND ".join(f'"{word}"' for word in query.words)


def for_tsquery(query: SearchQuery) -> str:
    """In the language of PostgreSQL's ``to_tsquery``: quoted words, which hold nothing but letters and digits."""
    return " & ".join("(" + " <-> ".join(f"'{word}'" for word in phrase) + ")" for phrase in query.phrases)


def words_for_tsquery(query: SearchQuery) -> str:
    """The same without their order, which GIN answers by itself."""
    return " & ".join(f"'{word}'" for word in query.words)
