"""Plain text: decoded, otherwise untouched.  Its structure is recovered by the parser."""

from __future__ import annotations

import hashlib

from import_content.sources.decoding import Decoded, decode
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.sniffing import MAX_CONTROL_SHARE, binary_kind, control_share
from import_content.sources.source import Source
from pages.names import ZERO_WIDTH

INVISIBLE = dict.fromkeys(map(ord, ZERO_WIDTH))


def read(key: str, data: bytes) -> Source:
    """Decode one plain-text file.  Raises `SourceError` for what is not text."""
    decoded = decode_text(key, data)
    return text_source(key, data, decoded)


def decode_text(key: str, data: bytes) -> Decoded:
    """The text of a file in any format that is text.  Raises `SourceError` for what is not."""
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
    if not decoded.text.translate(INVISIBLE).strip():
        raise SourceError(key, SourceErrorCode.BLANK)
    return decoded


def text_source(key: str, data: bytes, decoded: Decoded) -> Source:
    """The source that says `decoded.text` and nothing else."""
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


def newline_style(text: str) -> str:
    """``lf``, ``crlf``, ``cr``, ``mixed`` or ``none``."""
    crlf = text.count("\r\n")
    cr, lf = text.count("\r") - crlf, text.count("\n") - crlf
    styles = [name for name, count in (("crlf", crlf), ("lf", lf), ("cr", cr)) if count]
    if not styles:
        return "none"
    return styles[0] if len(styles) == 1 else "mixed"
