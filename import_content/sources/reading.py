"""From a file to what it says: bytes within limits, then the reader of its format."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.formats import format_of
from import_content.sources.source import Source, SourceFile

DEFAULT_MAX_BYTES = 10 * 1024 * 1024


def read(file: SourceFile, *, max_bytes: int = DEFAULT_MAX_BYTES, stdin: BinaryIO | None = None) -> Source:
    """Read one file by what it is.  Raises `SourceError`; never reads more than `max_bytes` + 1 bytes."""
    data = read_bytes(file, max_bytes=max_bytes, stdin=stdin)
    if not data:
        raise SourceError(file.key, SourceErrorCode.EMPTY)
    found = format_of(file.key, data)
    if found.advice:
        raise SourceError(file.key, SourceErrorCode.UNSUPPORTED, detail=f"it is {found.name}; {found.advice}")
    if found.holds_many:
        detail = f"it is {found.name}; name it as a file with the ending {found.endings[0]}"
        raise SourceError(file.key, SourceErrorCode.SEVERAL, detail=detail)
    return replace(found.reader(file.key, data), data=data)


def read_bytes(file: SourceFile, *, max_bytes: int = DEFAULT_MAX_BYTES, stdin: BinaryIO | None = None) -> bytes:
    """What a file holds, undecoded.  Raises `SourceError`; never reads more than `max_bytes` + 1 bytes."""
    data = _first_bytes(file, max_bytes, stdin)
    if len(data) > max_bytes:
        raise SourceError(file.key, SourceErrorCode.TOO_LARGE, detail=f"more than {max_bytes:,} bytes")
    return data


def _first_bytes(file: SourceFile, max_bytes: int, stdin: BinaryIO | None) -> bytes:
    if file.contents is not None:
        return file.contents.data
    if file.path is None:
        return (stdin or sys.stdin.buffer).read(max_bytes + 1)
    if file.size > max_bytes:
        raise SourceError(
            file.key,
            SourceErrorCode.TOO_LARGE,
            detail=f"{file.size:,} bytes; the limit is {max_bytes:,}",
        )
    return read_file(file.key, file.path, max_bytes + 1)


def read_file(key: str, path: Path, most: int) -> bytes:
    """At most `most` bytes of a plain file.  Raises `SourceError`.

    A pipe that has taken the file's place since it was found is refused, and not waited for.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as stream:  # noqa: PTH123 -- a descriptor, which Path cannot open
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SourceError(key, SourceErrorCode.NOT_TEXT_FILE)
            return stream.read(most)
    except FileNotFoundError as error:
        raise SourceError(key, SourceErrorCode.MISSING) from error
    except OSError as error:
        raise SourceError(key, SourceErrorCode.NOT_READABLE, detail=error.strerror or str(error)) from error
