"""What a program left in a text by mistake: tags around lines, entities, UTF-8 that was encoded twice.

A repair replaces a stretch of the source by what it means; `restore` says what that is, to the parser and to the
accounting alike.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_TAGS = "p|br|div|span|b|i|em|strong|u|h[1-6]|ul|ol|li|a|font|center|hr|blockquote|section|article"
_TAG = rf"</?(?:{_TAGS})(?:\s[^<>\n]{{0,300}})?\s?/?>"
_LINE_END = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
MARKUP = re.compile(
    rf"(?:\A|(?<=[{_LINE_END}]))[^\S{_LINE_END}]*(?P<before>{_TAG}(?:[ \t]*{_TAG}){{0,5}})|"
    rf"(?P<after>{_TAG}(?:[ \t]*{_TAG}){{0,5}})(?=[^\S{_LINE_END}]*(?:[{_LINE_END}]|\Z))",
    re.IGNORECASE,
)
"""Tags at the beginning or end of a line; inside a sentence they may be what it is about."""
ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[a-zA-Z]{2,8}\d?);")
_CP1252_SIGNS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TRAIL = f"[\u0080-\u00bf{_CP1252_SIGNS}]"
DOUBLE_ENCODED = re.compile(f"[\u00c2-\u00df]{_TRAIL}|[\u00e0-\u00ef]{_TRAIL}{{2}}|[\u00f0-\u00f4]{_TRAIL}{{3}}")
MIN_DOUBLE_ENCODED = 2
"""Two letters that happen to stand like this may be meant; several are a mistake."""


class Repair(NamedTuple):
    """A stretch of the source, what is wrong with it, and what it means."""

    start: int
    end: int
    kind: str
    """``markup``, ``entity`` or ``double_encoded``."""
    shown: str
    """One character, or empty for what shows nothing."""


def find_repairs(text: str) -> list[Repair]:
    """Find what to repair, in source order; nothing in nearly every text, at the price of a few searches."""
    found: list[Repair] = []
    if "<" in text:
        found += _find_markup(text)
    if "&" in text:
        found += _find(text, "entity", ENTITY)
    if not text.isascii():
        doubles = _find(text, "double_encoded", DOUBLE_ENCODED)
        if len(doubles) >= MIN_DOUBLE_ENCODED:
            found += doubles
    found.sort()
    return [repair for number, repair in enumerate(found) if number == 0 or repair.start >= found[number - 1].end]


def restore(kind: str, piece: str) -> str | None:
    """Say what a stretch of the source means: one character, or nothing; None where it is nothing to repair."""
    if kind == "markup":
        return "" if re.fullmatch(rf"{_TAG}(?:[ \t]*{_TAG}){{0,5}}", piece, re.IGNORECASE) else None
    if kind == "entity":
        shown = html.unescape(piece)
        return shown if len(shown) == 1 and (shown.isprintable() or shown.isspace()) else None
    try:
        shown = bytes(map(_byte, piece)).decode("utf-8")
    except UnicodeError:
        return None
    return shown if len(shown) == 1 and (shown.isprintable() or shown.isspace()) else None


def _find(text: str, kind: str, pattern: re.Pattern[str]) -> list[Repair]:
    found: list[Repair] = []
    for match in pattern.finditer(text):
        shown = restore(kind, match.group())
        if shown:
            found.append(Repair(match.start(), match.end(), kind, shown))
    return found


def _find_markup(text: str) -> list[Repair]:
    return [
        Repair(*match.span("before" if match.group("before") else "after"), "markup", "")
        for match in MARKUP.finditer(text)
    ]


def _byte(char: str) -> int:
    """Return the byte that was read as this character.  Raises `UnicodeError` where there is none."""
    if ord(char) < 0x100:
        return ord(char)
    return char.encode("cp1252")[0]
