"""Taking a run back: what it made goes, what it changed becomes what it was, what people touched since stays."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone
from wagtail.log_actions import LogContext

from import_content import log_actions as audit
from import_content.applying.ledger import Ledger
from import_content.applying.results import Failure
from import_content.applying.undo_rules import UndoResult, judge
from import_content.applying.updater import as_written
from import_content.database.pacing import Pacer
from import_content.database.retry import is_outage
from import_content.database.tree_locks import lock_pages
from import_content.errors import UsageError
from import_content.models import (
    WROTE,
    ImportConflict,
    ImportItem,
    ImportRun,
    Outcome,
    Resolution,
    RunKind,
    SourceRecord,
)
from import_content.planning.page_state import PageState, article_of_json, load_states
from import_content.schools.cleanup import remove_unused
from import_content.writer import Change
from import_content.writer.choose import choose_writer
from pages import tables
from pages.models import ArticlePage

logger = logging.getLogger(__name__)


class Undo:
    """Iterate for the results; work is done as they are taken, each batch in a transaction of its own."""

    def __init__(self, run: ImportRun, *, user: User | None = None, dry_run: bool = False) -> None:
        """Raises `UsageError` for a run that cannot be undone."""
        if run.kind != RunKind.IMPORT:
            raise UsageError(f"run {run.pk} is itself an undo; import again instead")
        self._undone = run
        self._user = user
        self._dry_run = dry_run
        self._writer = choose_writer()
        self._pace = Pacer()
        self.ledger = Ledger.for_undo(run, user)
        self.removed_schools: list[str] = []
        self._context = LogContext(user=user)
        self._context.uuid = self.ledger.run.uuid

    @property
    def run(self) -> ImportRun:
        return self.ledger.run

    def __iter__(self) -> Iterator[UndoResult]:
        """The newest item first."""
        items = self._undone.items.filter(outcome__in=WROTE, undone_by=None).order_by("-pk")
        for batch in self._pace.batches(list(items.values_list("pk", flat=True))):
            with self._pace.transaction(len(batch)), transaction.atomic(), self._context:
                results = self._undo_batch(batch)
            yield from results
        if not self._dry_run:
            with transaction.atomic(), self._context:
                self.removed_schools = remove_unused(self._undone.school_ids)
                self.ledger.finish()

    def _undo_batch(self, pks: Sequence[int]) -> list[UndoResult]:
        items = list(ImportItem.objects.filter(pk__in=pks).select_related("record", "run").order_by("-pk"))
        if not self._dry_run:
            lock_pages([item.page_id for item in items if item.page_id])
            self.ledger.start()
        judged = judge(items, self._user)
        results = {pk: found for pk, found in judged.items() if isinstance(found, UndoResult)}
        reversals = [(item, state) for item in items if not isinstance(state := judged[item.pk], UndoResult)]
        results |= self._reverse(reversals)
        ordered = [results[item.pk] for item in items]
        if not self._dry_run:
            self._write_down(items, ordered)
        return ordered

    def _write_down(self, items: Sequence[ImportItem], results: Sequence[UndoResult]) -> None:
        records = SourceRecord.objects.filter(pk__in=[item.record_id for item in items if item.record_id])
        pages = ArticlePage.objects.filter(pk__in=[item.page_id for item in items if item.page_id])
        there, standing = (set(rows.values_list("pk", flat=True)) for rows in (records, pages))
        ImportItem.objects.bulk_create(
            ImportItem(
                run=self.ledger.run,
                record_id=item.record_id if item.record_id in there else None,
                key=result.key,
                outcome=result.outcome,
                message=result.message,
                page_id=item.page_id if item.page_id in standing else None,
            )
            for item, result in zip(items, results, strict=True)
        )
        reversed_items = [i.pk for i, result in zip(items, results, strict=True) if result.outcome is Outcome.REVERSED]
        ImportItem.objects.filter(pk__in=reversed_items).update(undone_by=self.ledger.run)
        self.ledger.count(result.outcome for result in results)
        self.ledger.commit_counts()

    # --- reversing ------------------------------------------------------------------------------------------

    def _reverse(self, reversals: Sequence[Reversal]) -> dict[int, UndoResult]:
        """Results by item.  What is wrong with one costs the others nothing."""
        if not reversals:
            return {}
        if not self._dry_run:
            try:
                with transaction.atomic():
                    self._reverse_together(reversals)
            except Failure as error:
                if is_outage(error):
                    raise
                if len(reversals) == 1:
                    return {reversals[0][0].pk: _failed(reversals[0][0], error)}
                half = len(reversals) // 2
                return self._reverse(reversals[:half]) | self._reverse(reversals[half:])
        return {item.pk: _reversed(item) for item, _ in reversals}

    def _reverse_together(self, reversals: Sequence[Reversal]) -> None:
        """A constant number of queries."""
        created = [(item, state) for item, state in reversals if item.outcome == Outcome.CREATED]
        self._writer.delete({state.page_id: item.key for item, state in created if state}, user=self._user)
        SourceRecord.objects.filter(pk__in=[item.record_id for item, _ in created if item.record_id]).delete()
        restorations = [_restoration(item, state) for item, state in reversals if item.outcome != Outcome.CREATED]
        if restorations:
            self._restore_pages(restorations)
            self._restore_records(restorations)
            ImportConflict.objects.open().filter(item__in=[each.item for each in restorations]).update(
                resolution=Resolution.UNDONE, resolved_at=timezone.now(), resolved_by=self._user
            )

    def _restore_pages(self, restorations: Sequence[Restoration]) -> None:
        hidden = [each for each in restorations if each.state.is_live and not each.before["is_live"]]
        self._writer.unpublish({each.state.page_id: each.item.key for each in hidden}, audit.UNDO, user=self._user)
        changes = [change for each in restorations if (change := each.change()) is not None]
        if changes:
            self._writer.update(changes, user=self._user)

    def _restore_records(self, restorations: Sequence[Restoration]) -> None:
        """Former content under a new revision counts as the former state of the page, for its record and for the
        earlier imports that had left the page in it."""
        now = load_states([each.state.page_id for each in restorations])
        states = {each.record.pk: (each.before["state"], now[each.state.page_id].fingerprint) for each in restorations}
        for each in restorations:
            each.restore_record(states[each.record.pk][1])
        tables.update(
            [each.record for each in restorations],
            ("source_hash", "base", "provenance", "page_state", "proposal", "updated_at"),
            model=SourceRecord,
            using=DEFAULT_DB_ALIAS,
        )
        formers = {former for former, _ in states.values()}
        earlier = ImportItem.objects.filter(record__in=states, page_state__in=formers).only("record_id", "page_state")
        again = [item for item in earlier if item.record_id and item.page_state == states[item.record_id][0]]
        for item in again:
            item.page_state = states[item.record_id or 0][1]
        tables.update(again, ("page_state",), model=ImportItem, using=DEFAULT_DB_ALIAS)


Reversal: TypeAlias = tuple[ImportItem, PageState | None]
"""An item, and the page that it wrote as it is now; None for one that is gone already."""


@dataclass(frozen=True, slots=True)
class Restoration:
    """A page that gets its former content."""

    item: ImportItem
    record: SourceRecord
    state: PageState
    before: dict[str, Any]
    """See `ledger.snapshot`."""

    def change(self) -> Change | None:
        """What is to be written; None where the page has all of it already."""
        live = article_of_json(self.before["live"]) if self.before["live"] else None
        draft = article_of_json(self.before["draft"]) if self.before["draft"] else None
        state = self.state
        if (live, draft, self.before["is_live"]) == (state.live, state.draft, state.is_live):
            return None
        return Change(
            self.item.key,
            state.page_id,
            as_written(live) if live and (live != state.live or not state.is_live) else None,
            as_written(draft) if draft else None,
            audit.UNDO,
        )

    def restore_record(self, now: str) -> None:
        """`now`: the fingerprint of the page with its former content."""
        record, former = self.record, self.before["record"]
        record.source_hash = former["source_hash"]
        record.base = former["base"]
        record.provenance = former["provenance"]
        record.page_state = now if former["page_state"] == self.before["state"] else former["page_state"]
        record.proposal = ""


def _restoration(item: ImportItem, state: PageState | None) -> Restoration:
    if state is None or item.before is None or item.record is None:
        raise ValueError(f"the ledger does not say what {item.key} was before")
    return Restoration(item, item.record, state, item.before)


def _reversed(item: ImportItem) -> UndoResult:
    message = "its page goes" if item.outcome == Outcome.CREATED else "its page becomes what it was"
    return UndoResult(item.key, Outcome.REVERSED, message, item.page_id)


def _failed(item: ImportItem, error: Exception) -> UndoResult:
    logger.debug("undo of %s failed", item.key, exc_info=error)
    return UndoResult(item.key, Outcome.FAILED, f"{type(error).__name__}: {error}", item.page_id)
