"""Files of a folder that are no sources: which kinds, how many, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from import_content.sources.formats import ending_of


class LeftOutReason(StrEnum):
    """Why a file of a folder is not read.  The value is what reports and JSON output print."""

    OTHER_KIND = "other_kind"
    NOT_TEXT = "not_text"
    PROJECT_FILE = "project_file"
    LEFTOVER = "leftover"
    HIDDEN = "hidden"
    LINK_OUT = "link_out"
    FOLDER_LINK = "folder_link"
    MEDIA = "media"


_NOUNS: dict[LeftOutReason, str] = {
    LeftOutReason.OTHER_KIND: "of a kind that is not read",
    LeftOutReason.NOT_TEXT: "without an ending, and not text",
    LeftOutReason.PROJECT_FILE: "README and the like, no articles",
    LeftOutReason.LEFTOVER: "lock files and editors' leftovers",
    LeftOutReason.HIDDEN: "hidden",
    LeftOutReason.LINK_OUT: "links that lead out of the folder (--follow-links reads them)",
    LeftOutReason.FOLDER_LINK: "links to folders",
    LeftOutReason.MEDIA: "media files, read only where an article shows them",
}

_LEFTOVER = re.compile(
    r"^~\$|^\.~lock\.|~$|^#.*#$|\.(?:bak|old|orig|rej|sw[nop]|tmp|temp|part|crdownload|lock|lck)$"
    r"|^(?:thumbs\.db|desktop\.ini|ehthumbs\.db)$",
    re.IGNORECASE,
)
_PROJECT_FILE = re.compile(
    r"^(?:readme|licen[cs]e|copying|changelog|changes|contributing|authors|notice|install|makefile|dockerfile|"
    r"procfile|gemfile|rakefile|vagrantfile|todo|news|version|codeowners|manifest)$",
    re.IGNORECASE,
)
_MEDIA = frozenset(
    {
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".avif",
        ".heic",
        ".tif",
        ".tiff",
        ".bmp",
        ".ico",
        ".mp3",
        ".mp4",
        ".m4a",
        ".mov",
        ".avi",
        ".mkv",
        ".webm",
        ".wav",
        ".ogg",
        ".flac",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".eot",
    }
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Files that were left out for one reason."""

    reason: LeftOutReason
    ending: str
    """Such as ``.xlsx``; empty for files without one, and where the ending is not why."""
    count: int
    example: str
    """The path of one of them."""

    def __str__(self) -> str:
        kind = f" {self.ending}" if self.ending else ""
        files = "file" if self.count == 1 else "files"
        return f"{self.count}{kind} {files} left out ({_NOUNS[self.reason]}), such as {self.example}"


@dataclass(slots=True)
class LeftOutFiles:
    """Counts what discovery leaves out."""

    _counts: Counter[tuple[LeftOutReason, str]] = field(default_factory=Counter)
    _examples: dict[tuple[LeftOutReason, str], str] = field(default_factory=dict)

    def add(self, reason: LeftOutReason, path: PurePath) -> None:
        by_ending = reason in (LeftOutReason.OTHER_KIND, LeftOutReason.MEDIA)
        kind = reason, ending_of(path.name) if by_ending else ""
        self._counts[kind] += 1
        self._examples.setdefault(kind, str(path).encode(errors="backslashreplace").decode())

    def __bool__(self) -> bool:
        return bool(self._counts)

    def __iter__(self) -> Iterator[LeftOut]:
        """The most frequent kind first."""
        for kind, count in sorted(self._counts.items(), key=lambda entry: (-entry[1], entry[0])):
            yield LeftOut(*kind, count, self._examples[kind])


def reason_by_name(name: str) -> LeftOutReason | None:
    """Why a file of this name is no source, whatever it holds and whatever its ending; None: it may be one."""
    if _LEFTOVER.search(name):
        return LeftOutReason.LEFTOVER
    if name.startswith("."):
        return LeftOutReason.HIDDEN
    return LeftOutReason.PROJECT_FILE if _PROJECT_FILE.match(name) else None


def reason_by_ending(ending: str) -> LeftOutReason:
    """Why a file with an ending that no format has is no source."""
    return LeftOutReason.MEDIA if ending in _MEDIA else LeftOutReason.OTHER_KIND
