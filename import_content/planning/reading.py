"""What was read of one source, before anybody has looked at the database."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

from import_content.article_content import ArticleContent
from import_content.writer.bulk.articles import PreparedArticle

COMPRESSION_LEVEL = 1
"""Text shrinks to two fifths; the next level costs more time than it saves room."""


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """The bytes of a source, compressed where they were read."""

    sha256: str
    size: int
    packed: bytes = field(repr=False)

    @classmethod
    def pack(cls, sha256: str, data: bytes) -> SourceBytes:
        return cls(sha256, len(data), zlib.compress(data, COMPRESSION_LEVEL))


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What one source says.  Made where sources are parsed, perhaps in another process."""

    key: str
    """The identity of the source, with its collection."""
    source_hash: str
    """SHA-256 of its bytes, and of the profile that they were read with."""
    root: str
    """The folder that the key is relative to; empty for standard input."""
    content: ArticleContent
    """What it says; where there is a page already, known schools are bound to their records."""
    printed: tuple[str, ...] = ()
    """Names of schools as it prints them."""
    uncertain: tuple[dict[str, Any], ...] = ()
    """What the parser is not sure of: `uncertain_json` of each place."""
    may_be_on_record: bool = False
    """It may have been imported before."""
    kept: SourceBytes | None = None
    """The source itself, to be kept with what is made of it."""
    prepared: PreparedArticle | None = None
    """What a writer needs of the content of a new article, where it was made already."""
