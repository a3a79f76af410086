"""Names that may be other spellings of a school that is known: proposed to a person, never merged.

Two names are near when only small words, signs, common abbreviations, a bracketed short form, or a few vowels and
doubled letters distinguish them ("The Riverbend Univ." and "Riverbend University", "Pensylvania" and "Pennsylvania").
Names that add a word, such as a campus, or have the same words in another order are not: those are often two schools.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pages.names import normalise_name

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORD = re.compile(r"\w+")
_SMALL = frozenset({"the", "of", "at", "and", "for", "in", "de", "del", "la", "el", "du", "des", "der", "die"})
_LONG_FORMS = {
    "st": "saint",
    "mt": "mount",
    "ft": "fort",
    "univ": "university",
    "coll": "college",
    "inst": "institute",
    "acad": "academy",
    "comm": "community",
    "intl": "international",
    "natl": "national",
}
_REPEATED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"(?<=.)[aeiouy]")


class NearNames:
    """Remembers names; costs the same however many it remembers, and next to nothing for a name asked for again."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._first: dict[str, str] = {}
        self._answers: dict[str, str | None] = {}
        for name in known:
            self._first.setdefault(_key(name), name)

    def near(self, name: str) -> str | None:
        """The name met first that this one may be another spelling of; this one is remembered too."""
        if name not in self._answers:
            other = self._first.setdefault(_key(name), name)
            self._answers[name] = None if normalise_name(other) == normalise_name(name) else other
        return self._answers[name]


def _key(name: str) -> str:
    words = _WORD.findall(_BRACKETS.sub(" ", normalise_name(name)).replace("'", ""))
    long = [_LONG_FORMS.get(word, word) for word in words if word not in _SMALL]
    return " ".join(_VOWELS.sub("", _REPEATED.sub(r"\1", word)) for word in long) or normalise_name(name)
