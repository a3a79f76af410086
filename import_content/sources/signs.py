"""What a file is, by its bytes: the signs of each format, cheap to look for and hard to mistake."""

from __future__ import annotations

import re

from import_content.sources.record import MARK

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


def is_zip(data: bytes) -> bool:
    return _is_zip(data)


def is_tar(data: bytes) -> bool:
    """A TAR file, also a compressed one."""
    return data[257:262] == b"ustar" or data[:2] == b"\x1f\x8b" or data[:3] == b"BZh" or data[:6] == b"\xfd7zXZ\x00"


def is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024] and data[:1024].lstrip()[:5] == b"%PDF-"


def is_rtf(data: bytes) -> bool:
    return data[:5] == b"{\\rtf"


def is_old_office(data: bytes) -> bool:
    return data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_open_document(data: bytes) -> bool:
    return _is_zip(data) and b"application/vnd.oasis.opendocument" in data[:200]


def is_other_office(data: bytes) -> bool:
    """A workbook or a presentation."""
    return _is_zip(data) and b"[Content_Types].xml" in data and (b"xl/workbook" in data or b"ppt/presentation" in data)


def is_wordpress_export(data: bytes) -> bool:
    head = data[: HEAD_BYTES * 4]
    return b"<rss" in head and b"wordpress.org/export/" in head


def is_record(data: bytes) -> bool:
    return data.startswith(MARK)


_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n", re.MULTILINE)
_MAIL_ONLY = re.compile(
    rb"^(?:Message-ID|MIME-Version|Received|Return-Path|Delivered-To|X-Mailer|DKIM-Signature):", re.I | re.M
)


def is_mail(data: bytes) -> bool:
    """Headers at the top, one of them such as only mailers write."""
    head = data[:64]
    if b":" not in head or not head[:1].isalpha():
        return False
    top = data[: HEAD_BYTES * 16].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return _MAIL_ONLY.search(top) is not None and all(
        b":" in line or line[:1] in (b" ", b"\t") for line in top.split(b"\n")
    )


def is_mailbox(data: bytes) -> bool:
    """Messages one after the other, each behind a line that begins with ``From ``."""
    return data.startswith(b"From ") and is_mail(data.partition(b"\n")[2])
