"""What a person said about the texts, in the form that the rules ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from import_content.parsing.structure.facts import LONGEST_HEADING_WORDS
from import_content.parsing.structure.forms import fold


@dataclass(frozen=True, slots=True)
class Overrides:
    """A profile, compiled.  The default overrides nothing."""

    word_cap: int = LONGEST_HEADING_WORDS
    headings: frozenset[str] = frozenset()
    not_headings: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()
    listing_headings: frozenset[str] = frozenset()

    @property
    def names_headings(self) -> bool:
        return bool(self.headings or self.not_headings or self.patterns)

    def is_heading(self, text: str) -> bool | None:
        """True or False where the profile decides, None where it is silent."""
        folded = fold(text)
        if folded in self.not_headings:
            return False
        if folded in self.headings or any(pattern.search(text) for pattern in self.patterns):
            return True
        return None

    def announces_listing(self, text: str) -> bool:
        return fold(text) in self.listing_headings


def make_overrides(
    *,
    word_cap: int | None = None,
    headings: tuple[str, ...] = (),
    not_headings: tuple[str, ...] = (),
    patterns: tuple[str, ...] = (),
    listing_headings: tuple[str, ...] = (),
) -> Overrides:
    return Overrides(
        word_cap=word_cap or LONGEST_HEADING_WORDS,
        headings=frozenset(map(fold, headings)),
        not_headings=frozenset(map(fold, not_headings)),
        patterns=tuple(map(re.compile, patterns)),
        listing_headings=frozenset(map(fold, listing_headings)),
    )
