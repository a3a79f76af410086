"""ZIP files opened within limits: numbers, sizes and ratios are checked before and while anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from import_content.sources.errors import SourceError, SourceErrorCode

MAX_MEMBERS = 10_000
MAX_TOTAL_BYTES = 200 * 1024 * 1024
MAX_RATIO = 150
"""Unpacked to packed bytes of one member; text as people write it stays below 20."""
RATIO_FREE_BYTES = 1024 * 1024
"""Below this size any ratio will do: a page of spaces packs well and harms nobody."""


class BoundedZip:
    """A ZIP file in memory."""

    def __init__(self, key: str, data: bytes) -> None:
        """Raises `SourceError` for what is no ZIP file or more than one should be."""
        self._key = key
        self._read_bytes = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
            raise SourceError(key, SourceErrorCode.DAMAGED, detail="its table of contents cannot be read") from error
        infos = self._zip.infolist()
        if len(infos) > MAX_MEMBERS:
            raise self._too_large(f"{len(infos):,} files inside; the limit is {MAX_MEMBERS:,}")
        total = sum(info.file_size for info in infos)
        if total > MAX_TOTAL_BYTES:
            raise self._too_large(f"{total:,} bytes unpacked; the limit is {MAX_TOTAL_BYTES:,}")
        self._infos = {info.filename: info for info in infos}

    def _too_large(self, detail: str) -> SourceError:
        return SourceError(self._key, SourceErrorCode.TOO_COMPLEX, detail=detail)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        """What is in it, folders left out, in the order of names."""
        return iter(
            sorted((info for info in self._infos.values() if not info.is_dir()), key=lambda info: info.filename)
        )

    def read(self, name: str, most: int) -> bytes:
        """One member.  Raises `SourceError` for one that is damaged, encrypted, or unpacks to more than `most`."""
        info = self._infos.get(name)
        if info is None:
            raise SourceError(self._key, SourceErrorCode.DAMAGED, detail=f"{name} is missing from it")
        if info.flag_bits & 1:
            raise SourceError(self._key, SourceErrorCode.UNSUPPORTED, detail="it is protected by a password")
        if info.file_size > most:
            raise self._too_large(f"{_short(name)} has {info.file_size:,} bytes; the limit is {most:,}")
        if info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise self._too_large(f"{_short(name)} unpacks to more than {MAX_RATIO} times its size")
        try:
            with self._zip.open(info) as stream:
                data = stream.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise SourceError(
                self._key, SourceErrorCode.DAMAGED, detail=f"{_short(name)} cannot be unpacked"
            ) from error
        self._read_bytes += len(data)
        if len(data) > most or self._read_bytes > MAX_TOTAL_BYTES:
            raise self._too_large(f"{_short(name)} unpacks to more than it says")
        return data


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"…{name[-79:]}"
