"""The sources themselves: stored once by their content, in the transaction of what was made of them.

They lie in the database, or in the storage that the setting ``IMPORT_SOURCES_STORAGE`` names (an alias of
``STORAGES``).  There they are written before the transaction that names them commits: what one that is rolled back
leaves behind has the name of its content and is used the next time.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Count, F, Sum, Window
from django.db.models.functions import Length, RowNumber
from django.utils import timezone

from import_content.models import ImportRun, KeptSource, SourceVersion
from import_content.planning.reading import SourceBytes, SourceReading
from pages.tables import Table, Values

_COLUMNS = ("record_id", "source_id", "source_hash", "created_at")


@dataclass(frozen=True, slots=True)
class KeptTotals:
    """What is kept."""

    sources: int
    versions: int
    size: int
    """Bytes as they were read."""
    stored: int
    """Bytes that they take in the database."""


def storage_of_sources() -> Storage | None:
    """The object store for sources; None: the database."""
    alias = getattr(settings, "IMPORT_SOURCES_STORAGE", "")
    return storages[alias] if alias else None


def keep_sources(run: ImportRun, readings: Sequence[tuple[int, SourceReading]]) -> None:
    """Store the bytes of these readings, each given with its record's id.  Four queries however many."""
    kept = [(pk, reading.source_hash, reading.kept) for pk, reading in readings if reading.kept is not None]
    if not kept:
        return
    wanted = {source.sha256: source for _, _, source in kept}
    ids = _ids(wanted)
    missing = [source for sha256, source in wanted.items() if sha256 not in ids]
    if missing:
        KeptSource.objects.bulk_create(map(_row, missing), ignore_conflicts=True)
        ids |= _ids({source.sha256: source for source in missing})
    moment = Values(connection).moment(timezone.now())
    prototype = SourceVersion(run=run)
    Table(SourceVersion, prototype, _COLUMNS, using=DEFAULT_DB_ALIAS).insert(
        (pk, ids[source.sha256], source_hash, moment) for pk, source_hash, source in kept
    )


def _ids(wanted: dict[str, SourceBytes]) -> dict[str, int]:
    return dict(KeptSource.objects.filter(sha256__in=list(wanted)).order_by().values_list("sha256", "pk"))


def _row(source: SourceBytes) -> KeptSource:
    storage = storage_of_sources()
    if storage is None:
        return KeptSource(sha256=source.sha256, size=source.size, data=source.packed)
    name = f"sources/{source.sha256[:2]}/{source.sha256}.zz"
    if not storage.exists(name):
        name = storage.save(name, ContentFile(source.packed))
    return KeptSource(sha256=source.sha256, size=source.size, storage_name=name)


def content_of_source(source: KeptSource) -> bytes:
    """The bytes as they were read."""
    if not source.storage_name:
        return zlib.decompress(bytes(source.data))
    storage = storage_of_sources()
    if storage is None:
        raise LookupError(f"{source.storage_name} lies in an object store, and IMPORT_SOURCES_STORAGE names none")
    with storage.open(source.storage_name) as stream:
        return zlib.decompress(stream.read())


def kept_totals() -> KeptTotals:
    """Two queries."""
    sums = KeptSource.objects.aggregate(number=Count("pk"), size=Sum("size"), stored=Sum(Length("data")))
    versions = SourceVersion.objects.count()
    return KeptTotals(sums["number"], versions, sums["size"] or 0, sums["stored"] or 0)


def _delete(storage: Storage, names: Sequence[str]) -> None:
    for name in names:
        storage.delete(name)


@transaction.atomic
def purge_sources(keep: int) -> tuple[int, int]:
    """Forget all but the last `keep` versions of each source, never the current one, and what nothing is left of.

    Gives the numbers of versions and of stored sources that are gone.
    """
    age = Window(RowNumber(), partition_by=[F("record_id")], order_by=F("pk").desc())
    old = SourceVersion.objects.annotate(age=age).filter(age__gt=max(1, keep))
    current = SourceVersion.objects.filter(source_hash=F("record__source_hash"))
    gone = set(old.values_list("pk", flat=True)) - set(current.values_list("pk", flat=True))
    versions, _ = SourceVersion.objects.filter(pk__in=gone).delete()
    unused = KeptSource.objects.filter(versions=None)
    names = list(unused.exclude(storage_name="").values_list("storage_name", flat=True))
    sources, _ = unused.delete()
    storage = storage_of_sources()
    if storage is not None and names:
        transaction.on_commit(lambda: _delete(storage, names))
    return versions, sources
