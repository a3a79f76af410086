"""Which sources are, byte for byte, what was imported last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from import_content.batches import in_batches
from import_content.models import SourceRecord
from import_content.options import ImportOptions
from import_content.planning.interpreter import stamp
from import_content.planning.source_identity import SourceIdentities
from import_content.sources import read_bytes
from import_content.sources.errors import SourceError
from import_content.sources.profiles import Profiles
from import_content.sources.source import SourceFile

RECORDS_PER_QUERY = 500
"""Sources whose records are looked up at a time."""


@dataclass(frozen=True, slots=True)
class LastImport:
    """What the ledger says of a source."""

    parent_id: int | None
    source_hash: str
    is_live: bool | None
    """None: its page was deleted."""


class UnchangedSources:
    """Looks at many sources.  Each is read and hashed: times and sizes of files prove nothing."""

    def __init__(self, options: ImportOptions, identities: SourceIdentities) -> None:
        self._options = options
        self._identities = identities
        self._profiles = Profiles()

    def look(self, found: Iterable[SourceFile | SourceError]) -> Iterator[tuple[SourceFile | SourceError, bool]]:
        """Each in its turn, with whether nothing has to be done about it.  A query for `RECORDS_PER_QUERY`."""
        for batch in in_batches(found, RECORDS_PER_QUERY):
            known = self._known([entry.key for entry in batch if isinstance(entry, SourceFile)])
            batch = self._as_known(batch, known)
            for entry in batch:
                if isinstance(entry, SourceFile):
                    last = known.get(self._options.record_key(entry.key))
                    if last is not None and self._is_unchanged(entry, last):
                        yield entry, True
                    else:
                        yield entry if last is None else replace(entry, known=True), False
                else:
                    yield entry, False

    def _as_known(
        self, batch: Sequence[SourceFile | SourceError], known: dict[str, LastImport]
    ) -> list[SourceFile | SourceError]:
        """The same, but files that are on record by another folder come under the key that they have there."""
        record_key = self._options.record_key
        files = [entry for entry in batch if isinstance(entry, SourceFile) and record_key(entry.key) not in known]
        others = self._identities.under_other_roots(files)
        if not others:
            return list(batch)
        known |= self._known([file.key for file in others.values()])
        return [others.get(entry.key, entry) if isinstance(entry, SourceFile) else entry for entry in batch]

    def _known(self, keys: Sequence[str]) -> dict[str, LastImport]:
        records = SourceRecord.objects.filter(key__in=[self._options.record_key(key) for key in keys])
        rows = records.order_by().values_list("key", "parent_id", "source_hash", "page__live")
        return {key: LastImport(parent_id, source_hash, is_live) for key, parent_id, source_hash, is_live in rows}

    def _is_unchanged(self, file: SourceFile, last: LastImport) -> bool:
        options = self._options
        if options.reparse or file.path is None or file.size > options.max_bytes:
            return False
        if last.parent_id != options.parent.pk:
            return False
        if options.publish and last.is_live is False:
            return False  # perhaps it is to be published now
        try:
            data = read_bytes(file, max_bytes=options.max_bytes)
            profile = options.profile if options.profile is not None else file.profile(self._profiles.find)
            return last.source_hash == stamp(hashlib.sha256(data).hexdigest(), profile)
        except (OSError, SourceError):
            return False
