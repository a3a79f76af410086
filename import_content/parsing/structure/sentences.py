"""Sentences in any script: final signs, words without blanks between them, footnote marks."""

from __future__ import annotations

import re

CLOSERS = "\"”’»)]」』】》〉）'"
"""What may stand after the final sign of a sentence."""
_FINAL = {
    **dict.fromkeys("。｡．।॥۔።។၊။", "."),
    **dict.fromkeys("！", "!"),
    **dict.fromkeys("？؟;", "?"),
    **dict.fromkeys("；؛", ";"),
    **dict.fromkeys("：", ":"),
    **dict.fromkeys("，、،", ","),
    "⋯": "…",
}
"""Final signs of other scripts, as the Latin sign that means the same."""
FOOTNOTE_MARK = re.compile(r"(?<=[.!?…。！？।\"”’»)])\s?(?:\[(?:\d{1,3}|[a-z])\]|[¹²³⁰⁴⁵⁶⁷⁸⁹]+|[*†‡§]{1,3})+\Z")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Kana and ideographs, Thai, Lao, Burmese, Khmer: no blanks between words."""
_CHARS_PER_WORD = 3
_MARKS = re.compile("[\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Scripts whose vowel signs are no letters to a regular expression."""


def last_sign(text: str) -> str:
    """Return the last character of a text without its footnote marks, signs of other scripts as the Latin ones.

    Three dots are an ellipsis; the semicolon of Greek is a question mark.
    """
    last = text[-1:]
    if last.isascii() and last.isalpha():
        return last
    if last in "]*†‡§¹²³⁰⁴⁵⁶⁷⁸⁹" and last:
        text = FOOTNOTE_MARK.sub("", text)
        last = text[-1:]
    if last == "." and text.endswith("..."):
        return "…"
    if last == ";" and _GREEK.search(text):
        return "?"
    return _FINAL.get(last, last)


def end_sign(text: str) -> str:
    """Return `last_sign`, closing quotes and brackets left out."""
    last = last_sign(text)
    if last not in CLOSERS:
        return last
    return last_sign(FOOTNOTE_MARK.sub("", text).rstrip(CLOSERS + " ")) or last


def count_words(text: str) -> int:
    """Count words: what stands between blanks, and a word for every three characters of scripts without blanks."""
    words = text.count(" ") + 1
    if text.isascii():
        return words
    return words + len(WITHOUT_BLANKS.findall(text)) // _CHARS_PER_WORD


def has_letters_with_marks(text: str) -> bool:
    """Tell whether words of the text cannot be found by their letters."""
    return not text.isascii() and (_MARKS.search(text) is not None or WITHOUT_BLANKS.search(text) is not None)


def joins_without_blank(before: str, after: str) -> bool:
    """Tell whether two lines of one sentence are put together without a blank: scripts without, and after a slash."""
    if before[-1] == "/" and len(before) > 1 and before[-2].isalnum() and after[0].isalpha():
        return True
    if before[-1].isascii() or after[0].isascii():
        return False
    return _is_without_blanks(before[-1]) and _is_without_blanks(after[0])


def _is_without_blanks(char: str) -> bool:
    return WITHOUT_BLANKS.match(char) is not None or char in "。、，；：！？「」『』（）【】《》…—"
