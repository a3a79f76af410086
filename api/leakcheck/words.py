"""Random words that stand nowhere else, and what each of them belongs to."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

LETTERS = "bcdfghjklmnpqrtvwxz"
"""No vowels, so that they make no word of any language; no "s", which search engines take for a plural."""
RANDOM_LETTERS = 10
ENCODED = re.compile(r"[A-Za-z0-9_-]{28,}")
"""Anything that could be base64 of a word and the punctuation around it: cursors."""


@dataclass(frozen=True, slots=True)
class Secret:
    about: str
    """Kind and field, for the report."""
    site: str | None = None
    """Readers of this site may see it; nobody else."""


class Words:
    def __init__(self) -> None:
        self.prefix = "zx" + _random(4)
        self.secrets: dict[str, Secret] = {}
        self.pattern = re.compile(f"{self.prefix}[{LETTERS}]{{{RANDOM_LETTERS}}}", re.IGNORECASE)

    def new(self, about: str, site: str | None = None) -> str:
        word = self.prefix + _random(RANDOM_LETTERS)
        self.secrets[word] = Secret(about, site)
        return word

    def found(self, text: str) -> Iterator[tuple[str, Secret]]:
        """Every secret word in a text, each once, also where it is encoded."""
        seen = {match.lower() for match in self.pattern.findall(text)}
        for encoded in ENCODED.findall(text):
            seen |= {match.lower() for match in self.pattern.findall(_decoded(encoded))}
        return ((word, self.secrets[word]) for word in sorted(seen) if word in self.secrets)


def _random(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def _decoded(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return ""
