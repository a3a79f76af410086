"""From bytes to text, with the encoding named and how sure that is."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE_BYTES = 64 * 1024
# Windows-1252 leaves these bytes undefined; text in it has none of them.
_UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_LETTERS_OF_WESTERN_TEXT = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽ")
_SIGNS_OF_WESTERN_TEXT = frozenset("€‚„…‘’“”•–—™¡¢£¥§©«®°±´µ¶·»¼½¾¿º\xa0\xad")


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    bom: bool
    confidence: float


def decode(data: bytes) -> Decoded | None:
    """Decode text bytes; None where no encoding fits.

    In order: byte-order mark; UTF-16 by its zero bytes; UTF-8, whose multi-byte form proves itself;
    Windows-1252 where what it makes of the high bytes is western text; last, a statistical guess.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            text = _try(data[len(mark) :], encoding)
            return None if text is None else Decoded(text, encoding, True, 1.0)
    wide = _utf16_without_mark(data)
    if wide is not None:
        text = _try(data, wide)
        return None if text is None else Decoded(text, wide, False, 0.95)
    text = _try(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8", False, 1.0)
    return _decode_legacy(data)


def _decode_legacy(data: bytes) -> Decoded | None:
    if not any(byte in data for byte in _UNDEFINED_IN_CP1252):
        text = data.decode("cp1252")
        share = _western_share(text)
        if share >= 0.9:
            return Decoded(text, "cp1252", False, round(0.5 + share * 0.48, 2))
    best = from_bytes(data[:SAMPLE_BYTES]).best()
    if best is None:
        return None
    guessed = _try(data, best.encoding)
    if guessed is None:
        return None
    return Decoded(guessed, codecs.lookup(best.encoding).name, False, round(max(0.0, 0.9 - best.chaos), 2))


def _western_share(text: str) -> float:
    """Of the characters outside ASCII, the share that western European text is made of."""
    high = [char for char in text[: SAMPLE_BYTES * 4] if char > "\x7f"]
    if not high:
        return 1.0
    good = sum(char in _SIGNS_OF_WESTERN_TEXT or char in _LETTERS_OF_WESTERN_TEXT for char in high)
    return good / len(high) if _letters_are_in_words(text) else 0.0


def _letters_are_in_words(text: str) -> bool:
    """Accented letters sit among plain ones; in Cyrillic or Greek read as western, they sit among each other."""
    letters = [char for char in text[: SAMPLE_BYTES * 4] if char.isalpha()]
    high = sum(char > "\x7f" for char in letters)
    return high <= len(letters) * 0.25


def _utf16_without_mark(data: bytes) -> str | None:
    """Text in UTF-16 has a zero in every second byte wherever it is ASCII."""
    sample = data[:SAMPLE_BYTES]
    half = len(sample) // 2
    if half < 2 or len(data) % 2:
        return None
    even, odd = sample[0 : half * 2 : 2].count(0), sample[1 : half * 2 : 2].count(0)
    if odd > half * 0.3 and even < half * 0.02:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.02:
        return "utf-16-be"
    return None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
