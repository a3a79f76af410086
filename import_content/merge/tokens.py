"""Text as tokens, and the three-way merge of their sequences."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

MIN_WORDS_APART = 2
"""With fewer words between them, two changes may well be about the same thing: “four thousand dollars”."""

_WORDS = re.compile(r"\s+|\w+(?:['’-]\w+)*|.", re.DOTALL)
_TAG = re.compile(r"(<[^<>]*>)")
_ATTRIBUTE = re.compile(r'([\w-]+)\s*=\s*"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, white space or a tag."""

    canon: str
    """What it is compared by: tags without the keys that the admin's editor puts in, words without entities."""
    raw: str
    is_word: bool = False
    tag: str = ""
    """``p``, ``/p`` ...; empty for text."""


def tokenise(text: str, *, markup: bool) -> list[Token]:
    """Split `text`; with `markup`, ``<...>`` is a tag and ``&...;`` a character."""
    if not markup:
        return [Token(word, word, word[0].isalnum()) for word in _WORDS.findall(text)]
    tokens: list[Token] = []
    for piece in _TAG.split(text):
        if piece.startswith("<") and piece.endswith(">"):
            tokens.append(_tag(piece))
        else:
            tokens += [_word(word) for word in _WORDS.findall(html.unescape(piece))]
    return tokens


def _tag(raw: str) -> Token:
    name = raw[1:-1].strip().rstrip("/").split(None, 1)
    tag = name[0].lower() if name else ""
    attributes = sorted(pair for pair in _ATTRIBUTE.findall(raw) if pair[0] != "data-block-key")
    canon = " ".join([tag, *(f'{key}="{value}"' for key, value in attributes)])
    return Token(f"<{canon}>", raw, False, tag)


@lru_cache(maxsize=65_536)
def _word(word: str) -> Token:
    raw = html.escape(word, quote=False)
    return Token(" " if word.isspace() and "\xa0" not in word else raw, raw, word[0].isalnum())


def untokenise(tokens: Sequence[Token]) -> str:
    return "".join(token.raw for token in tokens)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """base[start:end] became `tokens`."""

    start: int
    end: int
    tokens: tuple[Token, ...]

    def same_as(self, other: _Hunk) -> bool:
        return (self.start, self.end) == (other.start, other.end) and [t.canon for t in self.tokens] == [
            t.canon for t in other.tokens
        ]


def merge_tokens(base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token]) -> list[Token] | None:
    """Both sides' changes of `base`, or None where they are not apart.

    Changes are apart when at least `MIN_WORDS_APART` unchanged words stand between them; the same change on both sides
    counts once.  What nobody changed is given as `ours` writes it.
    """
    my_hunks, their_hunks = _hunks(base, ours), _hunks(base, theirs)
    foreign = [hunk for hunk in their_hunks if not any(hunk.same_as(mine) for mine in my_hunks)]
    if any(_near(base, mine, other) for mine in my_hunks for other in foreign):
        return None
    written = _as_written(base, ours)
    merged: list[Token] = []
    position = 0
    for hunk in sorted([*my_hunks, *foreign], key=lambda hunk: (hunk.start, hunk.end)):
        merged += [written[index] for index in range(position, hunk.start)]
        merged += hunk.tokens
        position = hunk.end
    return merged + [written[index] for index in range(position, len(base))]


def _near(base: Sequence[Token], one: _Hunk, other: _Hunk) -> bool:
    first, second = sorted((one, other), key=lambda hunk: (hunk.start, hunk.end))
    return sum(token.is_word for token in base[first.end : second.start]) < MIN_WORDS_APART


def _opcodes(base: Sequence[Token], side: Sequence[Token]) -> Sequence[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, [t.canon for t in base], [t.canon for t in side], autojunk=False)
    return matcher.get_opcodes()


def _hunks(base: Sequence[Token], side: Sequence[Token]) -> list[_Hunk]:
    """The changes of one side; those with no unchanged word between them are one."""
    ranges: list[list[int]] = []
    for kind, start, end, side_start, side_end in _opcodes(base, side):
        if kind == "equal":
            continue
        if ranges and not any(token.is_word for token in base[ranges[-1][1] : start]):
            ranges[-1][1], ranges[-1][3] = end, side_end
        else:
            ranges.append([start, end, side_start, side_end])
    return [_Hunk(start, end, tuple(side[first:last])) for start, end, first, last in ranges]


def _as_written(base: Sequence[Token], ours: Sequence[Token]) -> list[Token]:
    """For each token of `base`, the token of `ours` that stands for it, or itself."""
    written = list(base)
    for kind, start, end, first, _ in _opcodes(base, ours):
        if kind == "equal":
            written[start:end] = ours[first : first + end - start]
    return written


_VOID = {"br", "hr", "img", "embed"}


def is_balanced(tokens: Sequence[Token]) -> bool:
    """Whether every tag that opens closes, in order."""
    stack: list[str] = []
    for token in tokens:
        if not token.tag or token.tag in _VOID:
            continue
        if not token.tag.startswith("/"):
            stack.append(token.tag)
        elif not stack or stack.pop() != token.tag[1:]:
            return False
    return not stack
