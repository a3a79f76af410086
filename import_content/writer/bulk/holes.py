"""JSON text in which the ids of schools are filled in when they are known.

A listed school that has no record yet is written as a negative number: the n-th name of an article as ``-n``.  No
record has such an id, and inside a JSON string the quotes of ``"school": -1`` would be escaped, so that nothing that
people write can be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pages.references import MARK

_IN_STREAM = '"school": '
_IN_PUBLIC = f"{MARK}school:"


@dataclass(frozen=True, slots=True)
class Holed:
    """`pieces` of text with a hole between each two of them; `numbers` say whose id belongs into each hole."""

    pieces: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def stream(cls, text: str) -> Holed:
        """Of raw stream data as `json.dumps` writes it."""
        return cls._of(_IN_STREAM, text)

    @classmethod
    def public(cls, text: str) -> Holed:
        """Of a public body as `pages.references.dump` writes it."""
        return cls._of(_IN_PUBLIC, text)

    @classmethod
    def _of(cls, before: str, text: str) -> Holed:
        parts = re.split(f"{before}-(\\d+)", text)
        pieces = [f"{piece}{before}" for piece in parts[:-1:2]]
        return cls((*pieces, parts[-1]), tuple(int(number) - 1 for number in parts[1::2]))

    def fill(self, ids: Sequence[int]) -> str:
        """`ids` of the names in their order."""
        if not self.numbers:
            return self.pieces[0]
        parts = [""] * (2 * len(self.pieces) - 1)
        parts[::2] = self.pieces
        parts[1::2] = [str(ids[number]) for number in self.numbers]
        return "".join(parts)
