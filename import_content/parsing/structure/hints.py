"""Names of schools that are known before a text is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from import_content.parsing.structure.forms import fold


@dataclass(frozen=True, slots=True)
class Hints:
    """Folded names."""

    known: frozenset[str] = frozenset()
    """Names and aliases in the CMS, or in a profile."""
    seen: frozenset[str] = frozenset()
    """Names found in other files of the same run."""


def make_hints(known: Collection[str] = (), seen: Collection[str] = ()) -> Hints:
    return Hints(frozenset(map(fold, known)), frozenset(map(fold, seen)))
