"""What a person said about the texts, and what the CMS knows, in the form that the rules ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from import_content.parsing.structure.facts import MAX_HEADING_WORDS
from import_content.parsing.structure.institution_names import fold
from import_content.sources.patterns import Pattern, compile_pattern


@dataclass(frozen=True, slots=True)
class PriorKnowledge:
    """A profile, compiled, and folded names of schools.  The default knows nothing and overrides nothing."""

    known_schools: frozenset[str] = frozenset()
    """Names and aliases in the CMS, or in a profile."""
    seen_schools: frozenset[str] = frozenset()
    """Names found in other files of the same run."""
    max_heading_words: int = MAX_HEADING_WORDS
    headings: frozenset[str] = frozenset()
    not_headings: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    listing_headings: frozenset[str] = frozenset()

    @property
    def names_headings(self) -> bool:
        return bool(self.headings or self.not_headings or self.patterns)

    def is_heading(self, text: str) -> bool | None:
        """Return True or False where the profile decides, None where it is silent."""
        folded = fold(text)
        if folded in self.not_headings:
            return False
        if folded in self.headings or any(pattern.search(text) for pattern in self.patterns):
            return True
        return None

    def announces_listing(self, text: str) -> bool:
        return fold(text) in self.listing_headings


def compile_prior_knowledge(
    *,
    known_schools: Collection[str] = (),
    seen_schools: Collection[str] = (),
    word_cap: int | None = None,
    headings: tuple[str, ...] = (),
    not_headings: tuple[str, ...] = (),
    patterns: tuple[str, ...] = (),
    listing_headings: tuple[str, ...] = (),
) -> PriorKnowledge:
    """Fold names and lines and compile patterns, once for all sources of a profile."""
    return PriorKnowledge(
        known_schools=frozenset(map(fold, known_schools)),
        seen_schools=frozenset(map(fold, seen_schools)),
        max_heading_words=word_cap or MAX_HEADING_WORDS,
        headings=frozenset(map(fold, headings)),
        not_headings=frozenset(map(fold, not_headings)),
        patterns=tuple(map(compile_pattern, patterns)),
        listing_headings=frozenset(map(fold, listing_headings)),
    )
