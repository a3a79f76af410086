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

from import_content.sources.containers import unpacked
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.formats import ending_of, formats_by_ending
from import_content.sources.left_out import LeftOutFiles, LeftOutReason, reason_by_ending, reason_by_name
from import_content.sources.profiles import PROFILE_NAME
from import_content.sources.reading import DEFAULT_MAX_BYTES, read_file
from import_content.sources.sniffing import binary_kind, control_share
from import_content.sources.source import STDIN_KEY, SourceFile

STDIN = "-"
SNIFFED_BYTES = 4096


def discover(
    arguments: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    root: Path | None = None,
    follow_links: bool = False,
    left_out: LeftOutFiles | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> Iterator[SourceFile | SourceError]:
    """Yield every source that the arguments name, in order, each once; errors where an argument gives none.

    Folders are walked in sorted order and give files with an ending of the table of formats, and files without one
    whose first bytes look like text; everything else is counted in `left_out`.  A container (an archive, a table, an
    export) gives the sources in it, each with its contents.  Links to folders are passed over (no loops), links that
    lead out of the folder too unless `follow_links`; a link that leads nowhere is an error.  A file that is named
    itself is always given, whatever its name.  Keys are relative to `root`; without one, to the folder argument (or
    the named file's folder).  `max_bytes`: of each file that is opened.
    """
    walk = _Walk(root, stdin, follow_links, left_out if left_out is not None else LeftOutFiles())
    seen_paths: set[str] = set()
    seen_keys: set[str] = set()
    for argument in arguments:
        for found, real in walk.expand(argument):
            if isinstance(found, SourceFile):
                if real:
                    if real in seen_paths:
                        continue
                    seen_paths.add(real)
                for entry in unpacked(found, walk.left_out, max_bytes=max_bytes):
                    yield _once(entry, seen_keys)
            else:
                yield found


def _once(entry: SourceFile | SourceError, seen_keys: set[str]) -> SourceFile | SourceError:
    """The entry, or an error for a second one of its key."""
    if isinstance(entry, SourceError):
        return entry
    if entry.key in seen_keys:
        detail = f"both would be known as “{entry.key}”; import them from a common folder"
        return SourceError(str(entry.path or entry.key), SourceErrorCode.DUPLICATE, detail=detail)
    seen_keys.add(entry.key)
    return entry


class _Found(NamedTuple):
    """A file or an error, and where the file really lies, all links followed; empty where it lies nowhere."""

    entry: SourceFile | SourceError
    real: str = ""


@dataclass(frozen=True, slots=True)
class _Walk:
    """What holds for all arguments of one discovery."""

    root: Path | None
    stdin: BinaryIO | None
    follow_links: bool
    left_out: LeftOutFiles

    def expand(self, argument: str) -> Iterator[_Found]:
        if argument == STDIN:
            yield _Found(SourceFile(key=STDIN_KEY, path=None, size=0))
            return
        path = Path(argument)
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            yield from self._expand_pattern(argument)
            return
        except (OSError, ValueError) as error:
            yield _Found(SourceError(argument, SourceErrorCode.NOT_READABLE, detail=_reason(error)))
            return
        if stat.S_ISDIR(mode):
            yield from self._walk_argument(path)
        else:
            yield _file(path, self.root)

    def _expand_pattern(self, argument: str) -> Iterator[_Found]:
        """A pattern such as ``articles/**/*.txt``; keys are relative to the part before the first wildcard."""
        if not glob.has_magic(argument):
            yield _Found(SourceError(argument, SourceErrorCode.MISSING))
            return
        base = self.root or Path(*_fixed_parts(Path(argument)))
        found = False
        for name in sorted(glob.iglob(argument, recursive=True)):  # noqa: PTH207 - Path.glob takes no absolute pattern
            path = Path(name)
            mode = _mode(path)
            if path.name == PROFILE_NAME or (isinstance(mode, int) and not stat.S_ISREG(mode)):
                continue
            found = True
            reason = LeftOutReason.LEFTOVER if reason_by_name(path.name) is LeftOutReason.LEFTOVER else None
            if reason or self._leads_out(path, base):
                self.left_out.add(reason or LeftOutReason.LINK_OUT, path)
            else:
                yield _file(path, base)
        if not found:
            yield _Found(SourceError(argument, SourceErrorCode.MISSING, detail="nothing matches this pattern"))

    def _walk_argument(self, folder: Path) -> Iterator[_Found]:
        found = False
        for entry in self._walk(folder, self.root or folder):
            found = True
            yield entry
        if not found:
            yield _Found(SourceError(str(folder), SourceErrorCode.NO_TEXT_FILES))

    def _walk(self, folder: Path, base: Path) -> Iterator[_Found]:
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield _Found(SourceError(str(folder), SourceErrorCode.NOT_READABLE, detail=_reason(error)))
            return
        place = _Place.of(folder, base)
        for entry in entries:
            if entry.name == PROFILE_NAME:
                continue
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith("."):
                    yield from self._walk(path, base)
            elif entry.is_file(follow_symlinks=False):
                if self._is_wanted(path):
                    yield place.file(path, entry)
            else:
                yield from self._special(path, base)

    def _special(self, path: Path, base: Path) -> Iterator[_Found]:
        """A link, a pipe, a socket."""
        mode = _mode(path)
        if isinstance(mode, int) and stat.S_ISDIR(mode):
            self.left_out.add(LeftOutReason.FOLDER_LINK, path)
        elif not isinstance(mode, int) and ending_of(path.name) and ending_of(path.name) in formats_by_ending():
            yield _Found(SourceError(str(path), SourceErrorCode.NOT_READABLE, detail=_reason(mode)))
        elif path.is_symlink() and self._leads_out(path, base):
            self.left_out.add(LeftOutReason.LINK_OUT, path)
        elif self._is_wanted(path):
            yield _file(path, base)

    def _leads_out(self, path: Path, base: Path) -> bool:
        return not self.follow_links and not _resolved(path).is_relative_to(_resolved(base))

    def _is_wanted(self, path: Path) -> bool:
        """Whether a file of a folder is a source; one that is not is counted."""
        reason = reason_by_name(path.name)
        if reason is None:
            ending = ending_of(path.name)
            if ending:
                reason = None if _has_format(path, ending) else reason_by_ending(ending)
            elif not _sniffs_as_text(path):
                reason = LeftOutReason.NOT_TEXT
        if reason is not None:
            self.left_out.add(reason, path)
        return reason is None


def _has_format(path: Path, ending: str) -> bool:
    """Whether files of its ending are sources; where other kinds have that ending too, whether this one is."""
    entry = formats_by_ending().get(ending)
    if entry is None or not entry.shares_ending or entry.is_it is None:
        return entry is not None
    try:
        return entry.is_it(read_file(path.name, path, 4 * SNIFFED_BYTES))
    except SourceError:
        return False


def _mode(path: Path) -> int | OSError:
    """The kind of what a path leads to, all links followed, or why that cannot be told."""
    try:
        return path.stat().st_mode
    except OSError as error:
        return error


def _resolved(path: Path) -> Path:
    """Where it really lies; a link that leads to itself lies where it stands."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _fixed_parts(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return parts


def _sniffs_as_text(path: Path) -> bool:
    """Whether a file without an ending begins like text.  One that cannot be opened does not."""
    try:
        head = read_file(path.name, path, SNIFFED_BYTES)
    except SourceError:
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
        real = _resolved(folder)
        try:
            relative = real.relative_to(_resolved(base)).as_posix()
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
    return _named(SourceFile(key=_key(path, folder), path=path, size=info.st_size, root=folder), str(_resolved(path)))


def _named(file: SourceFile, real: str) -> _Found:
    """Names of files are bytes; those that are not UTF-8 come with surrogates, which no database takes."""
    if any("\ud800" <= letter <= "\udfff" for letter in file.key):
        name = os.fsencode(file.path or "").decode(errors="backslashreplace")
        return _Found(SourceError(name, SourceErrorCode.NAME))
    return _Found(file, real)


def _key(path: Path, base: Path) -> str:
    """The path below `base`; outside of it, the path's name alone (never a machine's absolute path)."""
    try:
        relative = _resolved(path).relative_to(_resolved(base)).as_posix()
    except ValueError:
        relative = path.name
    return unicodedata.normalize("NFC", relative)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
