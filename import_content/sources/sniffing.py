"""Telling text from everything else by its bytes."""

from __future__ import annotations

# First bytes of common formats that are not text, after the file(1) database.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF document"),
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"PK\x03\x04", "ZIP archive or Office document"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office document of the old kind"),
    (b"{\\rtf", "RTF document"),
    (b"%!PS", "PostScript document"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\x1f\x8b", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!\x1a\x07", "RAR archive"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"II*\x00", "TIFF image"),
    (b"MM\x00*", "TIFF image"),
    (b"OggS", "Ogg media"),
    (b"ID3", "MP3 audio"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
)

_NOT_TEXT = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
MAX_CONTROL_SHARE = 0.01
"""Text may carry a stray control character; one in a hundred bytes is no longer text."""


def binary_kind(head: bytes) -> str | None:
    """The name of the format that these first bytes announce, if it is one that is not text."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return "media file"
    if head[4:8] == b"ftyp":
        return "video or image"
    return None


def control_share(data: bytes) -> float:
    """Share of bytes that are control characters other than white space."""
    if not data:
        return 0.0
    return (len(data) - len(data.translate(None, _NOT_TEXT))) / len(data)
