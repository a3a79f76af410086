"""What a reader types into a search box, as words.  Knows no Django.

Every word must occur; words in double quotes must follow each other.  The last word counts as typed so far: it stands
for every word that begins so.  There is nothing else to know: any other
character separates words, so that no text is an error and none is an operator of the database's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pages.search.words import BREAK, fold, separate

MAX_LENGTH = 200
MAX_WORDS = 12
MIN_OPEN_LETTERS = 2
MIN_STEM_LETTERS = 3
_QUOTE = re.compile('["“”„«»]')

Phrase = tuple[str, ...]
"""Folded words that follow each other; often one alone."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    phrases: tuple[Phrase, ...]
    open_word: str | None = None
    """The last word, where it may not be complete."""

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
        units = list(_units(part))
        quoted = number % 2 == 1 and number < len(parts) - 1
        for phrase in [tuple(word for unit in units for word in unit)] if quoted else units:
            if phrase[:left]:
                phrases[phrase[:left]] = None
            left = max(0, left - len(phrase))
    return SearchQuery(tuple(phrases), _open_word(parts[-1], list(phrases)))


def _units(text: str) -> Iterator[Phrase]:
    """Runs of letters and digits: one word each, or several that follow each other where letters are words."""
    for run in fold(unicodedata.normalize("NFC", text)).split():
        yield tuple(separate(run).split(BREAK))


def _open_word(last_part: str, phrases: Sequence[Phrase]) -> str | None:
    """Of the part behind the last quote; a space behind a word says that it is complete."""
    last: Phrase = phrases[-1] if phrases else ()
    is_open = len(last) == 1 and len(last[0]) >= MIN_OPEN_LETTERS and fold(last_part).endswith(last[0])
    return last[0] if is_open else None


ENDINGS = (
    *("ing", "ings", "ed", "er", "ers", "ies", "ation", "ations", "ment", "ments", "ness", "able", "ible", "ive"),
    *("ity", "ize", "ization", "ous", "ful", "less", "ship", "al", "ally", "ly"),
)
"""What English words lose on the way to their stems, so that a word that is cut within one begins no stem."""
MAX_COMPLETIONS = 6


def completions(word: str) -> list[str]:
    """Words that a word may become which is cut within an ending; the longest cuts first.

    >>> completions("nursi")[0]
    'nursing'
    """
    found: dict[str, int] = {}
    for ending in ENDINGS:
        for length in range(len(ending) - 1, 0, -1):
            stem = word[:-length]
            if word.endswith(ending[:length]) and len(stem) >= MIN_STEM_LETTERS:
                found.setdefault(stem + ending, length)
                break
    return sorted(found, key=lambda name: -found[name])[:MAX_COMPLETIONS]


def for_fts5(query: SearchQuery) -> str:
    """In the language of SQLite's FTS5: quoted strings, which hold nothing but letters, digits and spaces."""
    return " AND ".join(_fts5(phrase, query) for phrase in query.phrases)


def words_for_fts5(query: SearchQuery) -> str:
    """The same without their order, which costs FTS5 a look at the places of each word in every article."""
    return " AND ".join(_fts5((word,), query) for word in query.words)


def _fts5(phrase: Phrase, query: SearchQuery) -> str:
    quoted = f'"{" ".join(phrase)}"'
    if phrase != (query.open_word,):
        return quoted
    words = [f"{quoted} *", *(f'"{word}"' for word in completions(phrase[0]))]
    return f"({' OR '.join(words)})"


def for_tsquery(query: SearchQuery) -> str:
    """In the language of PostgreSQL's ``to_tsquery``: quoted words, which hold nothing but letters and digits."""
    return " & ".join(_tsquery(phrase, query) for phrase in query.phrases)


def words_for_tsquery(query: SearchQuery) -> str:
    """The same without their order, which GIN answers by itself."""
    return " & ".join(_tsquery((word,), query) for word in query.words)


def _tsquery(phrase: Phrase, query: SearchQuery) -> str:
    if phrase != (query.open_word,):
        return "(" + " <-> ".join(f"'{word}'" for word in phrase) + ")"
    (word,) = phrase
    return "(" + " | ".join([f"'{word}':*", *(f"'{longer}'" for longer in completions(word))]) + ")"
