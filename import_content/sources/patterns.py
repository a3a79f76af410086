"""Regular expressions that come with a folder: whoever wrote them, none can keep an import busy.

RE2 has no backtracking: it takes time in proportion to the text, and refuses look-around and back-references.  Its
``\\w`` and ``\\b`` know ASCII; letters of all scripts are ``\\pL``.
"""

from __future__ import annotations

from typing import Protocol

import re2

MAX_PATTERN_CHARACTERS = 1000
MAX_PATTERN_MEMORY_BYTES = 8 * 1024 * 1024


class PatternError(ValueError):
    """It is no regular expression of this kind; the text says why."""


class Pattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str) -> object | None:
        """Something where it is found in `text`."""


def compile_pattern(pattern: str) -> Pattern:
    """Raises `PatternError`."""
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        raise PatternError(f"it is longer than {MAX_PATTERN_CHARACTERS} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PATTERN_MEMORY_BYTES
    try:
        compiled: Pattern = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        raise PatternError(reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)) from error
    return compiled
