"""How text becomes words: the same for what is indexed, what is asked for and what is marked.  Knows no Django.

A word is a run of letters and digits; in Chinese, Japanese and Korean, where words are not (or not only) kept apart by
spaces, each letter is a word, and a run of them is looked for as a phrase.  Case and accents of Latin letters make no
difference.  Databases disagree about hyphens, slashes, addresses and accents, so those questions are settled here,
before a database sees the text.
"""

from __future__ import annotations

import re
import unicodedata


class _Folding(dict[int, str]):
    """Code point to the one character that stands for it: a letter or digit, or a space.  Grows as it is used."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    decomposed = unicodedata.normalize("NFD", character)
    # As SQLite's tokeniser has it: accents of Latin letters go, those of other scripts make other letters.
    base = decomposed[0] if decomposed[0].isascii() else character
    lower = base.lower()
    return lower if len(lower) == 1 and lower.isalnum() else " "


_FOLDING = _Folding()
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_ASCII_BETWEEN_WORDS = re.compile(r"[\x00-\x1f!-/:-@\[-`{-\x7f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def fold(text: str) -> str:
    """Letters and digits of `text` in lower case without Latin accents, and spaces; exactly as long as `text`.

    >>> fold("Señor O’Neill, B-2!")
    'senor o neill  b 2 '
    """
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda found: _FOLDING[ord(found[0])], text)
        if not text.isascii():  # translate() is slow then
            return _ASCII_BETWEEN_WORDS.sub(" ", text.lower())
    return text.translate(_FOLDING)


BREAK = "\u200b"
"""Stored between letters that are words by themselves; not seen."""
_CJK = (
    "\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_IS_CJK = re.compile(f"[{_CJK}]")
_BESIDE_CJK = re.compile(rf"(?<=[{_CJK}])(?=\w)|(?<=\w)(?=[{_CJK}])")


def separate(text: str) -> str:
    """Text with a `BREAK` between letters that are words by themselves."""
    return text if text.isascii() or not _IS_CJK.search(text) else _BESIDE_CJK.sub(BREAK, text)


def clean(text: str) -> str:
    """Text as it is stored: letters and accents composed into one character each, no control characters, `BREAK`s
    between letters that are words by themselves."""
    if text.isascii():
        return _CONTROLS.sub(" ", text)
    return separate(_CONTROLS.sub(" ", unicodedata.normalize("NFC", text).replace(BREAK, "")))
