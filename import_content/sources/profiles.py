"""`import_profile.toml`: what a person knows about the texts of one folder.

A profile lies beside the sources (or in a folder above them, up to the import root) and overrides the rules::

    language = "en"                       # for the reader of this file; recorded with the import
    word_cap = 14                         # no heading is longer
    headings = ["Getting Licensed"]       # lines that are headings wherever they stand
    heading_patterns = ["^Chapter \\\\d+"]  # regular expressions for headings, as RE2 has them
    listing_headings = ["Partner Schools"]  # what follows is a listing of schools
    schools = ["Coyle Academy"]           # names of schools in these texts
    not_headings = ["Advertisement"]      # lines that are paragraphs wherever they stand
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.patterns import PatternError, compile_pattern

PROFILE_NAME = "import_profile.toml"
MAX_PROFILE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Profile:
    """Overrides for the sources of one folder.  The empty profile changes nothing."""

    language: str = ""
    word_cap: int | None = None
    headings: tuple[str, ...] = ()
    heading_patterns: tuple[str, ...] = ()
    listing_headings: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    not_headings: tuple[str, ...] = ()
    path: Path | None = None


_LISTS = ("headings", "heading_patterns", "listing_headings", "schools", "not_headings")


def load_profile(path: Path) -> Profile:
    """Read one profile.  Raises `SourceError` that names the file and, where known, the line."""
    text = _read(path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise _wrong(path, str(error), int(found.group(1)) if found else None) from error
    for key, value in values.items():
        problem = _problem(key, value)
        if problem:
            raise _wrong(path, problem, _line_of(text, key))
    lists = {key: tuple(values.get(key, ())) for key in _LISTS}
    return Profile(language=values.get("language", ""), word_cap=values.get("word_cap"), path=path, **lists)


def find_profile(path: Path, root: Path | None = None) -> Profile | None:
    """The profile nearest to a source: in its folder, or in those above it up to and including `root`."""
    folder = path.resolve().parent
    top = root.resolve() if root is not None else folder
    while True:
        candidate = folder / PROFILE_NAME
        if _is_file(candidate):
            return load_profile(candidate)
        if folder == top or folder == folder.parent or not folder.is_relative_to(top):
            return None
        folder = folder.parent


def _is_file(path: Path) -> bool:
    """Whether there is a plain file.  Raises `SourceError` where nobody may look."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SourceError(str(path), SourceErrorCode.NOT_READABLE, detail=error.strerror or "") from error


class Profiles:
    """Profiles of many sources: each folder is looked at once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Path | None], Profile | None] = {}

    def find(self, path: Path, root: Path | None) -> Profile | None:
        """As `find_profile`.  Raises `SourceError` for a profile that is not valid."""
        if path.is_symlink():
            return find_profile(path, root)
        place = os.path.dirname(path), root  # noqa: PTH120 -- a Path would be made for every file
        if place not in self._known:
            self._known[place] = find_profile(path, root)
        return self._known[place]


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_PROFILE_BYTES + 1)
    except FileNotFoundError as error:
        raise SourceError(str(path), SourceErrorCode.MISSING) from error
    except OSError as error:
        raise SourceError(str(path), SourceErrorCode.NOT_READABLE, detail=error.strerror or "") from error
    if len(data) > MAX_PROFILE_BYTES:
        raise SourceError(str(path), SourceErrorCode.TOO_LARGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(path, "it is not UTF-8", data[: error.start].count(b"\n") + 1) from error


def _problem(key: str, value: object) -> str:
    """What is wrong with one setting; empty where nothing is."""
    if key == "language":
        return "" if isinstance(value, str) else "language must be a string"
    if key == "word_cap":
        good = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100
        return "" if good else "word_cap must be a whole number from 1 to 100"
    if key not in _LISTS:
        return f"unknown setting “{key}”"
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        return f"{key} must be a list of strings"
    if key == "heading_patterns":
        for pattern in value:
            try:
                compile_pattern(pattern)
            except PatternError as error:
                return f"“{pattern[:80]}” is no regular expression that is understood: {error}"
    return ""


def _line_of(text: str, key: str) -> int | None:
    found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?\s*=", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else None


def _wrong(path: Path, detail: str, line: int | None) -> SourceError:
    return SourceError(str(path), SourceErrorCode.PROFILE, line=line, detail=detail)
