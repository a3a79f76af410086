"""Taking a run back: what it made goes, what it changed becomes what it was, what people touched since stays."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import LogContext
from wagtail.models import PageViewRestriction, ReferenceIndex

from import_content import log_actions as audit
from import_content.applying.ledger import Ledger
from import_content.applying.results import Failure
from import_content.applying.updater import as_written, unpublish
from import_content.batches import in_batches
from import_content.database.pacing import Pacer
from import_content.database.tree_locks import lock_pages
from import_content.errors import UsageError
from import_content.models import (
    WROTE,
    ImportItem,
    ImportRun,
    Outcome,
    Resolution,
    RunKind,
    SourceRecord,
)
from import_content.planning.edit_guards import find_edit_guard
from import_content.planning.page_state import PageState, article_of_json, load_states
from import_content.schools.cleanup import remove_unused
from import_content.writer import Change
from import_content.writer.log_context import event_context
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticlePage

logger = logging.getLogger(__name__)

BATCH_SIZE = 20


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What became, or would become, of one item of the run."""

    key: str
    outcome: Outcome
    """`REVERSED`, `KEPT`, `BLOCKED` or `FAILED`."""
    message: str
    page_id: int | None = None


class Undo:
    """Iterate for the results; work is done as they are taken, each batch in a transaction of its own."""

    def __init__(self, run: ImportRun, *, user: User | None = None, dry_run: bool = False) -> None:
        """Raises `UsageError` for a run that cannot be undone."""
        if run.kind != RunKind.IMPORT:
            raise UsageError(f"run {run.pk} is itself an undo; import again instead")
        self._undone = run
        self._user = user
        self._dry_run = dry_run
        self._writer = OrdinaryWriter()
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
        for batch in in_batches(list(items.values_list("pk", flat=True)), BATCH_SIZE):
            with self._pace.transaction(len(batch)), transaction.atomic(), self._context:
                results = self._undo_batch(batch)
            yield from results
        if not self._dry_run:
            with transaction.atomic(), self._context:
                self.removed_schools = remove_unused(self._undone.school_ids)
                self.ledger.finish()

    def _undo_batch(self, pks: Sequence[int]) -> list[UndoResult]:
        items = ImportItem.objects.filter(pk__in=pks).select_related("record", "run").order_by("-pk")
        batch = list(items)
        if not self._dry_run:
            lock_pages([item.page_id for item in batch if item.page_id])
            self.ledger.start()
        results = [self._undo(item) for item in batch]
        if not self._dry_run:
            self._write_down(batch, results)
        return results

    def _undo(self, item: ImportItem) -> UndoResult:
        found = judge(item, self._user)
        if isinstance(found, UndoResult):
            return found
        message = "its page goes" if item.outcome == Outcome.CREATED else "its page becomes what it was"
        if not self._dry_run:
            try:
                with transaction.atomic(), event_context(item.key):
                    self._reverse(item, found)
            except Failure as error:
                logger.debug("undo of %s failed", item.key, exc_info=error)
                return UndoResult(item.key, Outcome.FAILED, f"{type(error).__name__}: {error}", item.page_id)
        return UndoResult(item.key, Outcome.REVERSED, message, item.page_id)

    def _write_down(self, items: Sequence[ImportItem], results: Sequence[UndoResult]) -> None:
        ImportItem.objects.bulk_create(
            ImportItem(
                run=self.ledger.run,
                record_id=_still(SourceRecord, item.record_id),
                key=result.key,
                outcome=result.outcome,
                message=result.message,
                page_id=_still(ArticlePage, item.page_id),
            )
            for item, result in zip(items, results, strict=True)
        )
        reversed_items = [i.pk for i, result in zip(items, results, strict=True) if result.outcome is Outcome.REVERSED]
        ImportItem.objects.filter(pk__in=reversed_items).update(undone_by=self.ledger.run)
        self.ledger.count(result.outcome for result in results)
        self.ledger.commit_counts()

    # --- reversing ------------------------------------------------------------------------------------------

    def _reverse(self, item: ImportItem, state: PageState | None) -> None:
        if item.outcome == Outcome.CREATED:
            if state is not None:
                page = ArticlePage.objects.get(pk=state.page_id)
                DeletePageAction(page, user=self._user).execute(skip_permission_checks=True)
            if item.record is not None:
                item.record.delete()
            return
        if state is None or item.before is None or item.record is None:
            raise ValueError(f"the ledger does not say what {item.key} was before")
        self._restore_page(item.key, item.before, state)
        self._restore_record(item.record, item.before, load_states([state.page_id])[state.page_id].fingerprint)
        item.conflicts.open().update(resolution=Resolution.UNDONE, resolved_at=timezone.now(), resolved_by=self._user)

    def _restore_page(self, key: str, before: dict[str, Any], state: PageState) -> None:
        live = article_of_json(before["live"]) if before["live"] else None
        draft = article_of_json(before["draft"]) if before["draft"] else None
        if (live, draft, before["is_live"]) == (state.live, state.draft, state.is_live):
            return
        if state.is_live and not before["is_live"]:
            unpublish(state.page_id, self._user, audit.UNDO)
        change = Change(
            key,
            state.page_id,
            as_written(live) if live and (live != state.live or not state.is_live) else None,
            as_written(draft) if draft else None,
            audit.UNDO,
        )
        self._writer.update([change], user=self._user)

    def _restore_record(self, record: SourceRecord, before: dict[str, Any], now: str) -> None:
        """Former content under a new revision counts as the former state of the page, for this record and for the
        earlier imports that had left the page in it."""
        former = before["record"]
        record.source_hash = former["source_hash"]
        record.base = former["base"]
        record.provenance = former["provenance"]
        record.page_state = now if former["page_state"] == before["state"] else former["page_state"]
        record.proposal = ""
        record.save()
        ImportItem.objects.filter(record=record, page_state=before["state"]).update(page_state=now)


def judge(item: ImportItem, user: User | None) -> UndoResult | PageState | None:
    """Why an item stays, or the state of the page that is to be reversed; None for a page that is gone already."""

    def stays(outcome: Outcome, message: str) -> UndoResult:
        return UndoResult(item.key, outcome, message, item.page_id)

    later = ImportItem.objects.filter(record=item.record_id, pk__gt=item.pk, outcome__in=WROTE, undone_by=None)
    newer = later.exclude(record=None).exclude(run=item.run_id).order_by("pk").first()
    if newer is not None:
        return stays(Outcome.BLOCKED, f"run {newer.run_id} imported it again; undo that one first")
    state = load_states([item.page_id]).get(item.page_id) if item.page_id else None
    if state is None:
        gone = item.outcome == Outcome.CREATED
        return None if gone else stays(Outcome.KEPT, "its page was deleted")
    if state.fingerprint != item.page_state:
        return stays(Outcome.KEPT, "an editor has changed it since")
    hindered = find_edit_guard(state.page_id, user)
    if hindered is not None:
        return stays(Outcome.BLOCKED, hindered.message)
    if item.outcome == Outcome.CREATED:
        kept = _reason_to_keep(item, state, user)
        if kept is not None:
            return stays(*kept)
    return state


def _reason_to_keep(item: ImportItem, state: PageState, user: User | None) -> tuple[Outcome, str] | None:
    """Why a page that the run made must not be deleted, though its text is as imported."""
    page = ArticlePage.objects.get(pk=state.page_id)
    if user is not None and not page.permissions_for_user(user).can_delete():
        return Outcome.BLOCKED, f"{user.get_username()} may not delete it"
    parent = page.get_parent()
    if item.run.parent_id is not None and parent.pk != item.run.parent_id:
        return Outcome.KEPT, "an editor has moved it"
    if page.wagtail_admin_comments.exists():
        return Outcome.KEPT, "editors have commented on it"
    if PageViewRestriction.objects.filter(page=page).exists():
        return Outcome.KEPT, "an editor has restricted who sees it"
    if page.aliases.exists() or page.get_translations().exists():
        return Outcome.BLOCKED, "it has aliases or translations"
    others = ReferenceIndex.get_references_to(page).exclude(
        base_content_type=page.get_base_content_type(), object_id=str(page.pk)
    )
    uses = others.values("base_content_type", "object_id").distinct().count()
    if uses:
        return Outcome.BLOCKED, f"{uses} other {'object refers' if uses == 1 else 'objects refer'} to it"
    return None


def _still(model: Any, pk: int | None) -> int | None:
    return pk if pk is not None and model.objects.filter(pk=pk).exists() else None
