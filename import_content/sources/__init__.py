"""Bytes in, sources out: find files and read them safely.

`discover` finds files, `read` turns one file into a `Source`.  Nothing is read unbounded, and everything
that is wrong with a file is a `SourceError` about that file alone.
"""

from __future__ import annotations

from import_content.sources.discovery import discover
from import_content.sources.formats import FORMATS
from import_content.sources.reading import DEFAULT_MAX_BYTES, read, read_bytes

__all__ = ["DEFAULT_MAX_BYTES", "FORMATS", "discover", "read", "read_bytes"]
