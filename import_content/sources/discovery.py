"""From command-line arguments to files: files, folders, globs, and ``-`` for standard input."""

from __future__ import annotations

import glob
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.profiles import PROFILE_NAME
from import_content.sources.sniffing import binary_kind, control_share
from import_content.sources.source import STDIN_KEY, SourceFile

STDIN = "-"
TEXT_SUFFIXES = frozenset({".txt", ".text"})
SNIFFED_BYTES = 4096


def discover(
    arguments: Sequence[str], *, stdin: BinaryIO | None = None, root: Path | None = None
) -> Iterator[SourceFile | SourceError]:
    """Yield every file that the arguments name, in order, each once; errors where an argument gives none.

    Folders are walked in sorted order and give ``.txt`` and ``.text`` files, and files without a suffix
    whose first bytes look like text.  Hidden files and folders and symbolic links to folders are passed
    over (no loops); a link that leads nowhere is an error.  A file that is named itself is always given,
    whatever its suffix.  Keys are relative to `root`; without one, to the folder argument (or the named
    file's folder).
    """
    seen_paths: set[str] = set()
    seen_keys: set[str] = set()
    for argument in arguments:
        for found, real in _expand(argument, stdin=stdin, root=root):
            if isinstance(found, SourceFile):
                if real:
                    if real in seen_paths:
                        continue
                    seen_paths.add(real)
                if found.key in seen_keys:
                    yield SourceError(
                        str(found.path or found.key),
                        SourceErrorCode.DUPLICATE,
                        detail=f"both would be known as “{found.key}”; import them from a common folder",
                    )
                    continue
                seen_keys.add(found.key)
            yield found


class _Found(NamedTuple):
    """A file or an error, and where the file really lies, all links followed; empty where it lies nowhere."""

    entry: SourceFile | SourceError
    real: str = ""


def _expand(argument: str, *, stdin: BinaryIO | None, root: Path | None) -> Iterator[_Found]:
    if argument == STDIN:
        yield _Found(SourceFile(key=STDIN_KEY, path=None, size=0))
        return
    path = Path(argument)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        yield from _expand_pattern(argument, root)
        return
    except (OSError, ValueError) as error:
        yield _Found(SourceError(argument, SourceErrorCode.NOT_READABLE, detail=_reason(error)))
        return
    if stat.S_ISDIR(mode):
        yield from _walk_argument(path, root)
    else:
        yield _file(path, root)


def _expand_pattern(argument: str, root: Path | None) -> Iterator[_Found]:
    """A pattern such as ``articles/**/*.txt``; keys are relative to the part before the first wildcard."""
    if not glob.has_magic(argument):
        yield _Found(SourceError(argument, SourceErrorCode.MISSING))
        return
    base = root or Path(*_fixed_parts(Path(argument)))
    found = False
    for name in sorted(glob.iglob(argument, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute pattern
        path = Path(name)
        if path.is_file() and path.name != PROFILE_NAME:
            found = True
            yield _file(path, base)
    if not found:
        yield _Found(SourceError(argument, SourceErrorCode.MISSING, detail="nothing matches this pattern"))


def _fixed_parts(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return parts


def _walk_argument(folder: Path, root: Path | None) -> Iterator[_Found]:
    found = False
    for entry in _walk(folder, root or folder):
        found = True
        yield entry
    if not found:
        yield _Found(SourceError(str(folder), SourceErrorCode.NO_TEXT_FILES))


def _walk(folder: Path, base: Path) -> Iterator[_Found]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield _Found(SourceError(str(folder), SourceErrorCode.NOT_READABLE, detail=_reason(error)))
        return
    place = _Place.of(folder, base)
    for entry in entries:
        if entry.name.startswith(".") or entry.name == PROFILE_NAME:
            continue
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, base)
        elif entry.is_file(follow_symlinks=False):
            if _is_wanted(path):
                yield place.file(path, entry)
        elif not path.is_dir() and _is_wanted(path):  # a link to a file or to nothing, a pipe
            yield _file(path, base)


def _is_wanted(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in TEXT_SUFFIXES or (not suffix and path.is_file() and _sniffs_as_text(path))


def _sniffs_as_text(path: Path) -> bool:
    """Whether a file without a suffix begins like text.  One that cannot be opened does not."""
    try:
        with path.open("rb") as stream:
            head = stream.read(SNIFFED_BYTES)
    except OSError:
        return False
    return bool(head.strip()) and binary_kind(head) is None and b"\0" not in head and control_share(head) == 0


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder that is walked: what its files have in common is found out once."""

    base: Path
    real: str
    """Where it really lies."""
    prefix: str
    """How the keys of its files begin."""

    @classmethod
    def of(cls, folder: Path, base: Path) -> _Place:
        real = folder.resolve()
        try:
            relative = real.relative_to(base.resolve()).as_posix()
        except ValueError:
            relative = "."
        return cls(base, str(real), "" if relative == "." else f"{relative}/")

    def file(self, path: Path, entry: os.DirEntry[str]) -> _Found:
        """A file in it that is no link."""
        try:
            size = entry.stat().st_size
        except OSError as error:
            return _Found(SourceError(str(path), SourceErrorCode.NOT_READABLE, detail=_reason(error)))
        key = unicodedata.normalize("NFC", self.prefix + entry.name)
        return _named(SourceFile(key=key, path=path, size=size, root=self.base), f"{self.real}{os.sep}{entry.name}")


def _file(path: Path, base: Path | None) -> _Found:
    try:
        info = path.stat()
    except OSError as error:
        return _Found(SourceError(str(path), SourceErrorCode.NOT_READABLE, detail=_reason(error)))
    if not stat.S_ISREG(info.st_mode):
        return _Found(SourceError(str(path), SourceErrorCode.NOT_TEXT_FILE))
    folder = base if base is not None else path.parent
    return _named(SourceFile(key=_key(path, folder), path=path, size=info.st_size, root=folder), str(path.resolve()))


def _named(file: SourceFile, real: str) -> _Found:
    """Names of files are bytes; those that are not UTF-8 come with surrogates, which no database takes."""
    if any("\ud800" <= letter <= "\udfff" for letter in file.key):
        name = os.fsencode(file.path or "").decode(errors="backslashreplace")
        return _Found(SourceError(name, SourceErrorCode.NAME))
    return _Found(file, real)


def _key(path: Path, base: Path) -> str:
    """The path below `base`; outside of it, the path's name alone (never a machine's absolute path)."""
    try:
        relative = path.resolve().relative_to(base.resolve()).as_posix()
    except ValueError:
        relative = path.name
    return unicodedata.normalize("NFC", relative)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
