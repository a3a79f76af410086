"""Hyphens at the end of wrapped lines: part of a word, or made by the wrap."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W\d_]+(?=[-‐]\Z)")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_FIRST_PARTS_TEXT = """
self well full part half high low long short non co ex all cross one two three four five six seven eight nine ten twenty
thirty forty fifty hands mid far fast hard ready ever best better so second first third open close left right up down in
out on off over under near large small cost user time work job real wide deep post pre anti semi multi inter e old new
free year day week month state school college
"""
_FIRST_PARTS = frozenset(_FIRST_PARTS_TEXT.split())
"""First halves that a hyphen ties to a word ("self-taught", "two-year")."""


class Hyphenation:
    """Decides about hyphens at line ends by the words of the text itself, which are listed when first asked."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: frozenset[str] | None = None

    def is_made_by_wrap(self, before: str, after: str) -> bool:
        """Tell whether the hyphen that ends `before` goes when `after` is joined to it."""
        head, tail = _LAST_WORD.search(before), _FIRST_WORD.match(after)
        if head is None or tail is None or not tail.group()[0].islower():
            return False
        if before[head.start() - 1 : head.start()] in ("-", "‐"):
            return False  # "easy-to-" goes on with "find"
        first, second = head.group().casefold(), tail.group().casefold()
        if self._words is None:
            self._words = frozenset(word.casefold() for word in _WORD.findall(self._text))
        if first + second in self._words:
            return True
        return first not in _FIRST_PARTS and f"{first}-{second}" not in self._words
