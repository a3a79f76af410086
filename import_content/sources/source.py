"""Where text comes from: a file that was found, and the text that was read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from import_content.document import NO_FIELDS, Document, SourceFields
from import_content.sources.profiles import Profile, find_profile

FindProfile: TypeAlias = Callable[[Path, Path | None], Profile | None]

STDIN_KEY = "stdin"
"""The key of what comes on standard input, which has no name."""


@dataclass(frozen=True, slots=True)
class FileContents:
    """What was read of a file where it lies, for those who cannot reach it there."""

    data: bytes = field(repr=False)
    profile: Profile | None = None
    """The profile that holds for it there."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may be read.  Found, not yet opened."""

    key: str
    """Path relative to the import root, POSIX slashes, NFC: the source's identity across runs and machines."""
    path: Path | None
    """None for standard input."""
    size: int
    root: Path | None = None
    """The folder that `key` is relative to; profiles are looked for up to here."""
    contents: FileContents | None = None
    """With it, `path` and `root` are only names: nothing is read from this machine's disk."""
    known: bool = False
    """A source of this key has been imported before."""

    def profile(self, find: FindProfile = find_profile) -> Profile | None:
        """The profile that holds for it.  Raises `SourceError` for one that is not valid."""
        if self.contents is not None:
            return self.contents.profile
        return find(self.path, self.root) if self.path is not None else None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Words of a file that are not for readers of the article."""

    kind: str
    """Such as ``navigation``, ``comment``, ``signature``."""
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What one source says: its text, with what is known about its bytes."""

    key: str
    text: str
    """Decoded, byte-order mark removed, otherwise untouched: line ends are as they were.  Where there is a `document`:
    the texts of its blocks, in order."""
    encoding: str
    """Python codec name such as ``utf-8``, ``utf-16-le``, ``cp1252``."""
    bom: bool
    newline: str
    """``lf``, ``crlf``, ``cr``, ``mixed``, or ``none`` for a single line."""
    sha256: str
    """Hexadecimal digest of the raw bytes."""
    size: int
    """Number of raw bytes."""
    encoding_confidence: float
    """1.0 where the bytes prove the encoding, less where it was guessed."""
    document: Document | None = None
    """What the format says of its structure, its spans in `text`; None: structure is recovered from the text."""
    dropped: tuple[Dropped, ...] = ()
    """What the file says and `text` does not."""
    said: int | None = None
    """Visible characters that the file says, counted apart from `text` and `dropped`; None: `text` is all of it."""

    data: bytes = field(default=b"", repr=False)
    """The raw bytes."""
    fields: SourceFields = NO_FIELDS
    """What the format says of an article whose structure is recovered from its text."""

    def without_text(self, *, keep_bytes: bool = False) -> Source:
        """Only what is known about the bytes, and those themselves if they are to be kept."""
        data = self.data if keep_bytes else b""
        return replace(self, text="", document=None, dropped=(), said=None, data=data)
