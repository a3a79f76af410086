"""Finds what went past the models: updates of querysets, raw SQL, backups that were put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from api.journal import marks
from api.journal.differences import changed, orphaned, vanished
from api.journal.kinds import KINDS
from api.journal.sequencer import catch_up, exclusively
from api.journal.sums import SumChanges
from api.models import JournalEntry, JournalSum
from api.visibility.sites import current_sites

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """The journal says other than what is public."""

    site: str
    kind: str
    object_id: int
    what: str

    def __str__(self) -> str:
        return f"{self.site}: {self.kind} {self.object_id} {self.what}"


def discrepancies() -> Iterator[Discrepancy]:
    """Everything in which the journal and the public rows differ.  Two statements for each kind in each site."""
    catch_up(patience_seconds=PATIENCE_SECONDS)
    sites = current_sites().all
    for site in sites:
        for kind in KINDS.values():
            for shown in changed(site, kind, None):
                known = shown.before is not None and not shown.before.gone
                what = "shows otherwise than the journal says" if known else "is public, which the journal does not say"
                yield Discrepancy(site.key, kind.name, shown.object_id, what)
            for entered in vanished(site, kind, None):
                yield Discrepancy(site.key, kind.name, entered.object_id, "is not public, and the journal says it is")
    for number, name, entered in orphaned(sites):
        yield Discrepancy(f"site {number}", name, entered.object_id, "belongs to a site that is no more")
    if wrong_sums():
        yield Discrepancy("all sites", "sums", 0, "are not those of the journal's rows")


def wrong_sums() -> bool:
    """One statement over all public rows, and one over the sums."""
    stored = {(row.site_id, row.kind, row.locale): (row.count, row.root) for row in JournalSum.objects.all()}
    return {key: value for key, value in stored.items() if value[0]} != _true_sums().totals()


def _true_sums() -> SumChanges:
    sums = SumChanges()
    rows = JournalEntry.objects.filter(gone=False).order_by()
    for row in rows.values_list("site_id", "kind", "object_id", "locale", "rev").iterator(chunk_size=5000):
        sums.add(*row)
    return sums


def mend() -> None:
    """Enter every difference as the change that it is."""
    with transaction.atomic():
        marks.touch(marks.EVERYTHING)
    catch_up(patience_seconds=PATIENCE_SECONDS)
    with exclusively(PATIENCE_SECONDS):
        if wrong_sums():
            JournalSum.objects.all().delete()
            _true_sums().store()
