"""Two versions of a text side by side, with the words marked in which they differ."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from import_content.planning.diff import plain

MAX_WORDS_COMPARED = 5_000
"""A longer text is shown without marks: comparing takes the square of its length."""

Side = Literal["old", "new"]


def marked(old: Any, new: Any, side: Side) -> SafeString:
    """Write one side of a comparison as HTML: what is gone in ``<del>``, what is new in ``<ins>``.

    The values are as the ledger keeps them: text, rich text, a raw block, a list of these, or None (nothing there).
    """
    before, after = plain(old, None).split(), plain(new, None).split()
    shown = before if side == "old" else after
    if old is None or new is None or len(before) + len(after) > MAX_WORDS_COMPARED:
        return format_html("{}", " ".join(shown))
    tag = mark_safe("del" if side == "old" else "ins")  # noqa: S308 -- one of two constants
    pieces = []
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        words = " ".join(before[start:end] if side == "old" else after[new_start:new_end])
        if words:
            pieces.append((words,) if kind == "equal" else (format_html("<{}>{}</{}>", tag, words, tag),))
    return format_html_join(" ", "{}", pieces)
