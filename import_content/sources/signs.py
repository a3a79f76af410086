"""What a file is, by its bytes: the signs of each format, cheap to look for and hard to mistake."""

from __future__ import annotations

import re

HEAD_BYTES = 2048

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_web_page(data: bytes) -> bool:
    """Whether it begins as a web page does."""
    return b"<" in data[:64] and _PAGE.match(data[:HEAD_BYTES]) is not None


def _is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_docx(data: bytes) -> bool:
    """A ZIP file whose table of contents, at its end, names the part that every such document has."""
    return _is_zip(data) and b"word/document" in data and b"[Content_Types].xml" in data


def is_epub(data: bytes) -> bool:
    """A ZIP file that begins with its own type, or has the part that names the book's contents."""
    return _is_zip(data) and (b"application/epub+zip" in data[:100] or b"META-INF/container.xml" in data)
