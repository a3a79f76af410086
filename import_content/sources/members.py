"""Sources within a container: their keys and their contents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.source import FileContents, SourceFile

MAX_NAME_CHARACTERS = 300
_NOT_IN_KEYS = re.compile(r"[\x00-\x1f\x7f\\]")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


class Members:
    """Makes the sources of one container; no two have one key."""

    def __init__(self, container: SourceFile) -> None:
        """Raises `SourceError` for a container whose profile is not valid."""
        self._container = container
        self._profile = container.profile()
        self._names: set[str] = set()

    def member(self, name: str, data: bytes, separator: str = "#") -> SourceFile | SourceError:
        """The source of this name, or an error for a second one."""
        key = f"{self._container.key}{separator}{unicodedata.normalize('NFC', name)[:MAX_NAME_CHARACTERS]}"
        if _NOT_IN_KEYS.search(key):
            return SourceError(_NOT_IN_KEYS.sub("?", key), SourceErrorCode.NAME)
        if key in self._names:
            return SourceError(key, SourceErrorCode.DUPLICATE, detail="in the same file")
        self._names.add(key)
        contents = FileContents(data, self._profile)
        return replace(self._container, key=key, size=len(data), contents=contents)

    def error(self, name: str, code: SourceErrorCode, detail: str = "", line: int | None = None) -> SourceError:
        shown = _NOT_IN_KEYS.sub("?", name)
        return SourceError(f"{self._container.key}#{shown}", code, detail=detail, line=line)


def plain_name(text: str) -> str:
    """A part of a key made of any words."""
    return _NOT_IN_NAMES.sub("-", text.strip().lower()).strip("-.")[:100]
