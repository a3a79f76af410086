"""Tell sources that have moved, and copies, from new ones: by where a file really lies, and by what it says."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from import_content.models import SourceRecord
from import_content.options import ImportOptions
from import_content.sources.source import SourceFile


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source whose key is not on record."""

    key: str
    source_hash: str
    root: str


@dataclass(frozen=True, slots=True)
class MovedFrom:
    """Its text is on record under a key whose file is gone."""

    record: SourceRecord
    """Without its base."""


@dataclass(frozen=True, slots=True)
class CopyOf:
    """Its text is on record, or was met in this run, under a key that is still there."""

    key: str


class SourceIdentities:
    """The identities of one run's sources.  Asks for nothing where nothing was ever imported."""

    def __init__(self, options: ImportOptions) -> None:
        self._options = options
        self._met: dict[str, str] = {}
        """Hash to key of the new sources of this run."""
        self._followed: set[str] = set()
        """Keys on record that sources of this run have taken over."""
        records = SourceRecord.objects.imported_under(options.parent.pk, options.collection)
        roots = list(records.order_by().values_list("root", flat=True).distinct()) if options.parent.pk else []
        self._roots = [Path(root) for root in roots if root]
        self._has_records = bool(roots)
        self.is_asked = True
        """Whether sources are told apart here, where their folders can be looked at."""

    # --- one file, named by another folder --------------------------------------------------------------------

    def under_other_roots(self, files: Sequence[SourceFile]) -> dict[str, SourceFile]:
        """Of files whose keys are not on record, those that are on record by the path below another folder: key to the
        file as it is known.  A query, where another folder overlaps with the files' own."""
        if not self.is_asked:
            return {}
        named = {file.key: list(self._other_names(file)) for file in files if file.path is not None}
        keys = {self._options.record_key(other.key) for others in named.values() for other in others}
        if not keys:
            return {}
        records = SourceRecord.objects.imported_under(self._options.parent.pk, self._options.collection)
        there = set(records.filter(key__in=keys).order_by().values_list("key", "root"))
        return {
            key: other
            for key, others in named.items()
            for other in others
            if (self._options.record_key(other.key), str(other.root)) in there
        }

    def _other_names(self, file: SourceFile) -> Iterable[SourceFile]:
        if file.path is None or file.root is None or not self._roots:
            return
        root = _real(file.root)
        for other in self._roots:
            if other != root and (root.is_relative_to(other) or other.is_relative_to(root)):
                path = root / file.key
                if path.is_relative_to(other):
                    yield _renamed(file, path.relative_to(other).as_posix(), other)

    # --- the same text ----------------------------------------------------------------------------------------

    def of_new(self, sources: Sequence[NewSource]) -> Mapping[str, MovedFrom | CopyOf]:
        """Key to what the source is; those that are new are left out.  A query, where anything was ever imported."""
        if not self.is_asked:
            return {}
        on_record = self._with_texts({source.source_hash for source in sources})
        found: dict[str, MovedFrom | CopyOf] = {}
        for source in sources:
            identity = self._identity(source, on_record.get(source.source_hash, ()))
            if identity is not None:
                found[source.key] = identity
        return found

    def _with_texts(self, hashes: Collection[str]) -> dict[str, list[SourceRecord]]:
        """The records with these texts, by hash."""
        if not self._has_records or not hashes:
            return {}
        records = SourceRecord.objects.imported_under(self._options.parent.pk, self._options.collection)
        found: dict[str, list[SourceRecord]] = {}
        for record in records.filter(source_hash__in=hashes).defer("base", "provenance").order_by("key"):
            found.setdefault(record.source_hash, []).append(record)
        return found

    def _identity(self, source: NewSource, records: Sequence[SourceRecord]) -> MovedFrom | CopyOf | None:
        met = self._met.setdefault(source.source_hash, source.key)
        others = [record for record in records if record.key not in self._followed and record.key != source.key]
        gone = [record for record in others if self._is_gone(record, source)]
        if met == source.key and gone:
            self._followed.add(gone[0].key)
            return MovedFrom(gone[0])
        if self._options.allow_copies:
            return None
        if met != source.key:
            return CopyOf(met)
        return CopyOf(others[0].key) if others else None

    def _is_gone(self, record: SourceRecord, source: NewSource) -> bool:
        """Whether the file on record is neither where it was nor at its path below the folder of the new one."""
        key = record.key.removeprefix(self._options.record_key(""))
        if not record.root or not source.root:
            return False
        new = Path(source.root) / source.key.removeprefix(self._options.record_key(""))
        return all(_is_absent(Path(root) / key, new) for root in {record.root, source.root})


def _is_absent(path: Path, new: Path) -> bool:
    """Whether nothing of this name is there, nor a container that it would be in.  Where the disk does not tell case
    apart, a name that differs from the new one in case only is the new one."""
    if os.path.lexists(path):
        return str(path).lower() == str(new).lower() and path != new and _is_same(path, new)
    return not any(parent.is_file() for parent in path.parents)


def _is_same(path: Path, new: Path) -> bool:
    try:
        return path.samefile(new)
    except OSError:
        return False


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


def _renamed(file: SourceFile, key: str, root: Path) -> SourceFile:
    return SourceFile(key, file.path, file.size, root, file.contents, known=True)
