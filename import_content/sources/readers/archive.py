"""ZIP and TAR: the sources in them, one by one, within limits; nothing is written to a disk."""

from __future__ import annotations

import io
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from import_content.sources.bounded_zip import MAX_MEMBERS, MAX_TOTAL_BYTES, BoundedZip
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.formats import ending_of, formats_by_ending
from import_content.sources.left_out import LeftOutFiles, reason_by_ending, reason_by_name
from import_content.sources.members import Members
from import_content.sources.profiles import PROFILE_NAME
from import_content.sources.signs import is_zip
from import_content.sources.source import SourceFile

MAX_MEMBER_BYTES = 20 * 1024 * 1024
ARCHIVES = frozenset({".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar"})


def unpack(file: SourceFile, data: bytes, left_out: LeftOutFiles) -> Iterator[SourceFile | SourceError]:
    walk = _Walk(Members(file), left_out)
    yield from walk.zip(BoundedZip(file.key, data)) if is_zip(data) else walk.tar(file.key, data)


class _Walk:
    """Decides about each member by its name, before it is unpacked."""

    def __init__(self, members: Members, left_out: LeftOutFiles) -> None:
        self._members = members
        self._left_out = left_out

    def zip(self, package: BoundedZip) -> Iterator[SourceFile | SourceError]:
        for info in package:
            refusal = self._refusal(info.filename)
            if refusal is not None:
                yield refusal
            elif self._is_wanted(info.filename):
                try:
                    data = package.read(info.filename, MAX_MEMBER_BYTES)
                except SourceError as error:
                    yield self._members.error(info.filename, error.code, error.detail)
                else:
                    yield self._members.member(posixpath.normpath(info.filename), data, "/")

    def tar(self, key: str, data: bytes) -> Iterator[SourceFile | SourceError]:
        total = 0
        try:
            with tarfile.open(fileobj=io.BytesIO(data), mode="r|*") as archive:
                for count, info in enumerate(archive):
                    total += info.size
                    if count >= MAX_MEMBERS or total > MAX_TOTAL_BYTES:
                        detail = f"more than {MAX_MEMBERS:,} files or {MAX_TOTAL_BYTES:,} bytes inside"
                        raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=detail)
                    yield from self._of_tar(archive, info)
        except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError) as error:
            raise SourceError(key, SourceErrorCode.DAMAGED, detail=f"{error}"[:200]) from error

    def _of_tar(self, archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[SourceFile | SourceError]:
        if info.isdir():
            return
        refusal = self._refusal(info.name)
        if refusal is not None:
            yield refusal
        elif not info.isreg():
            yield self._members.error(info.name, SourceErrorCode.NOT_TEXT_FILE)
        elif self._is_wanted(info.name):
            if info.size > MAX_MEMBER_BYTES:
                yield self._members.error(info.name, SourceErrorCode.TOO_LARGE, f"{info.size:,} bytes")
                return
            stream = archive.extractfile(info)
            if stream is not None:
                yield self._members.member(posixpath.normpath(info.name), stream.read(MAX_MEMBER_BYTES), "/")

    def _refusal(self, name: str) -> SourceError | None:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
            return self._members.error(name, SourceErrorCode.LEADS_OUT)
        if ending_of(name) in ARCHIVES:
            return self._members.error(name, SourceErrorCode.UNSUPPORTED, "an archive within an archive is not opened")
        return None

    def _is_wanted(self, name: str) -> bool:
        path = PurePosixPath(name)
        if path.name == PROFILE_NAME:
            return False
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts[:-1])
        reason = None if hidden else reason_by_name(path.name)
        if not hidden and reason is None and ending_of(name) not in formats_by_ending():
            reason = reason_by_ending(ending_of(name))
        if reason is not None:
            self._left_out.add(reason, path)
        return reason is None and not hidden
