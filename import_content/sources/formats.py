"""The table of formats, and `read`, which looks a file up in it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO

from import_content.sources.decoding import decode
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.sniffing import MAX_CONTROL_SHARE, binary_kind, control_share
from import_content.sources.source import Source, SourceFile

DEFAULT_MAX_BYTES = 10 * 1024 * 1024

Reader = Callable[[str, bytes], Source]


def read_plain_text(key: str, data: bytes) -> Source:
    """Decode one plain-text file.  Raises `SourceError` for what is not text."""
    if not data:
        raise SourceError(key, SourceErrorCode.EMPTY)
    kind = binary_kind(data[:64])
    if kind is not None:
        raise SourceError(key, SourceErrorCode.BINARY, detail=kind)
    decoded = decode(data)
    if decoded is None:
        code = SourceErrorCode.BINARY if b"\0" in data else SourceErrorCode.UNDECODABLE
        raise SourceError(key, code)
    if "\0" in decoded.text:
        raise SourceError(key, SourceErrorCode.BINARY, detail="it contains zero bytes")
    if decoded.encoding in ("utf-8", "cp1252") and control_share(data) > MAX_CONTROL_SHARE:
        raise SourceError(key, SourceErrorCode.BINARY, detail="it is full of control characters")
    if not decoded.text.translate(_INVISIBLE).strip():
        raise SourceError(key, SourceErrorCode.BLANK)
    return Source(
        key=key,
        text=decoded.text,
        encoding=decoded.encoding,
        bom=decoded.bom,
        newline=newline_style(decoded.text),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding_confidence=decoded.confidence,
    )


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

FORMATS: Mapping[str, Reader] = {"": read_plain_text, ".txt": read_plain_text, ".text": read_plain_text}
"""From lower-case suffix to reader; a file with any other suffix that is named itself is tried as plain text."""


def newline_style(text: str) -> str:
    crlf = text.count("\r\n")
    cr, lf = text.count("\r") - crlf, text.count("\n") - crlf
    styles = [name for name, count in (("crlf", crlf), ("lf", lf), ("cr", cr)) if count]
    if not styles:
        return "none"
    return styles[0] if len(styles) == 1 else "mixed"


def read(file: SourceFile, *, max_bytes: int = DEFAULT_MAX_BYTES, stdin: BinaryIO | None = None) -> Source:
    """Read and decode one file.  Raises `SourceError`; never reads more than `max_bytes` + 1 bytes."""
    data = read_bytes(file, max_bytes=max_bytes, stdin=stdin)
    suffix = PurePosixPath(file.key).suffix.lower()
    return FORMATS.get(suffix, read_plain_text)(file.key, data)


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
    try:
        with file.path.open("rb") as stream:
            return stream.read(max_bytes + 1)
    except FileNotFoundError as error:
        raise SourceError(file.key, SourceErrorCode.MISSING) from error
    except OSError as error:
        raise SourceError(file.key, SourceErrorCode.NOT_READABLE, detail=error.strerror or str(error)) from error
