"""PostgreSQL: lexemes of folded text without the server's parser, which costs more than all else of an index row.

Folded text (`pages.search.words.fold`) is words and spaces, and each word alone decides its lexeme.  So the server is
asked once for each new word, and an article's vector is written down from the places of its words.  Where a word is
none by the parser's rules (it may split digits from letters), or there are more places than a vector holds, the
server makes the vector from the text: the result is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

MAX_PLACES = 255
"""Of one lexeme; PostgreSQL keeps no more."""
MAX_WORDS = 16_000
"""PostgreSQL numbers no places behind 16,383."""
MAX_REMEMBERED = 400_000

_ONE_LEXEME = re.compile(r"('(?:[^'\\]|''|\\\\)+'):1")


@dataclass(frozen=True, slots=True)
class Places:
    """Where each folded word stands, as a vector has it: ``"3B,17"``."""

    title: Mapping[str, str]
    everything: Mapping[str, str]
    count: int
    """Words of everything."""

    @classmethod
    def of(cls, title: str, headings: str, text: str) -> Places | None:
        """From folded texts.  None: too much for a vector that is written down."""
        weighted = [
            (word, weight) for part, weight in ((title, "A"), (headings, "B"), (text, "")) for word in part.split()
        ]
        if len(weighted) > MAX_WORDS:
            return None
        everything: dict[str, list[str]] = {}
        for number, (word, weight) in enumerate(weighted, start=1):
            everything.setdefault(word, []).append(f"{number}{weight}")
        if any(len(places) > MAX_PLACES for places in everything.values()):
            return None
        in_title: dict[str, list[str]] = {}
        for number, word in enumerate(title.split(), start=1):
            in_title.setdefault(word, []).append(str(number))
        return cls(_joined(in_title), _joined(everything), len(weighted))

    def with_related(self, related: str) -> Places | None:
        """The same with words behind all others, from folded text; they weigh as `C`."""
        words = related.split()
        if self.count + len(words) > MAX_WORDS:
            return None
        everything = dict(self.everything)
        for number, word in enumerate(words, start=self.count + 1):
            place = f"{number}C"
            everything[word] = f"{everything[word]},{place}" if word in everything else place
        if any(everything[word].count(",") >= MAX_PLACES for word in words):
            return None
        return Places(self.title, everything, self.count + len(words))


def _joined(places: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: ",".join(numbers) for word, numbers in places.items()}


class Lexemes:
    """What a text search configuration makes of words; remembers."""

    def __init__(self, configuration: str) -> None:
        self._configuration = configuration
        self._known: dict[str, str | None] = {}

    def meet(self, words: Iterable[str], connection: BaseDatabaseWrapper) -> None:
        """One query, where there is a word that was not met before."""
        if len(self._known) > MAX_REMEMBERED:
            self._known.clear()
        new = list(set(words) - self._known.keys())
        if not new:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT word, to_tsvector(%s::regconfig, word)::text FROM unnest(%s::text[]) word",
                [self._configuration, new],
            )
            for word, vector in cursor.fetchall():
                found = _ONE_LEXEME.fullmatch(vector)
                self._known[word] = found[1] if found else None

    def vector(self, places: Mapping[str, str]) -> str | None:
        """The text of a `tsvector`; all words must have been met.  None: only the server can tell."""
        known = self._known
        lexemes = [known[word] for word in places]
        if None in lexemes:
            return None
        return " ".join([f"{lexeme}:{numbers}" for lexeme, numbers in zip(lexemes, places.values(), strict=True)])
