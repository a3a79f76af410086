"""A run that several processes work on: its ledger, and how one batch of it is carried out."""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from import_content import service
from import_content.applying.consistency import check_run
from import_content.applying.ledger import Ledger
from import_content.database.pacing import Pacer
from import_content.database.planner_statistics import refresh_statistics
from import_content.models import (
    WROTE,
    ImportBatch,
    ImportItem,
    ImportRun,
    RunState,
)
from import_content.planning.plan import LeaveAlone, PlanItem
from import_content.workers.batch_payload import options_of, unpack

logger = logging.getLogger(__name__)


class SharedLedger(Ledger):
    """Adds what one process did to the run's own counts, under a lock, as each transaction commits."""

    def start(self) -> None:
        if self.run.pk is None:
            self.run.state = RunState.ENQUEUEING
        super().start()

    def commit_counts(self) -> None:
        if self.run.pk is None:
            return
        run = lock_run(self.run)
        run.counts = dict(Counter(run.counts) + self.counts)
        run.school_ids = list(dict.fromkeys([*run.school_ids, *self.run.school_ids]))
        run.save(update_fields=["counts", "school_ids"])
        self.counts = Counter()

    def finish(self) -> None:
        """What had nothing to write is counted too.  The run itself is finished by `finish_if_complete`."""
        with transaction.atomic():
            self.commit_counts()


def lock_run(run: ImportRun) -> ImportRun:
    """The run as it is now.  The lock lets others insert items of the run meanwhile."""
    return ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)


def finish_if_complete(run: ImportRun) -> None:
    """To be called in the transaction that finished a batch: whoever commits last sees that nothing is left, and
    checks what all have written."""
    now = lock_run(run)
    if now.state == RunState.RUNNING and not now.batches.waiting().exists():
        now.state = RunState.FINISHED
        now.finished_at = timezone.now()
        now.save(update_fields=["state", "finished_at"])
        transaction.on_commit(lambda: _check(now))


def _check(run: ImportRun) -> None:
    refresh_statistics()
    for finding in check_run(run):
        logger.error("After run %s: %s", run.pk, finding)


def run_batch(batch_id: int, *, worker: str = "") -> None:
    """Import a batch: all of it in one transaction, together with the word that it is done.  `worker`: its name.

    May be called any number of times, also at the same time: a worker that dies leaves the batch as it was, one that
    comes second waits for the first and then has nothing to do.
    """
    batch = _begin(batch_id, f"{socket.gethostname()}:{worker or os.getpid()}")
    if batch is None:
        return
    try:
        _import(batch)
    except Exception as error:
        ImportBatch.objects.filter(pk=batch_id).update(error=f"{type(error).__name__}: {error}")
        raise


def _begin(batch_id: int, worker: str) -> ImportBatch | None:
    """The batch, marked as begun; None where it is finished, or gone with its run."""
    with transaction.atomic():
        batch = ImportBatch.objects.waiting().select_for_update().filter(pk=batch_id).first()
        if batch is not None:
            batch.attempts += 1
            batch.worker = worker[:100]
            batch.started_at = timezone.now()
            batch.save(update_fields=["attempts", "worker", "started_at"])
    return batch


def _import(batch: ImportBatch) -> None:
    run = ImportRun.objects.select_related("parent", "user").get(pk=batch.run_id)
    options, until = options_of(run)
    workers = 1 if batch.attempts == 1 else 2  # what ended the first attempt is kept away from the others
    decisions = service.plan_files(unpack(bytes(batch.payload)), options.with_workers(workers), until.names())
    plan = _without_superseded(list(decisions), run)
    with Pacer().transaction(len(plan)), transaction.atomic():
        if ImportBatch.objects.waiting().select_for_update().only("pk").filter(pk=batch.pk).first() is None:
            return
        _exhaust(service.apply(plan, options, ledger=SharedLedger(run)))
        ImportBatch.objects.filter(pk=batch.pk).update(finished_at=timezone.now(), payload=b"", error="")
        finish_if_complete(run)


def _without_superseded(plan: list[PlanItem], run: ImportRun) -> list[PlanItem]:
    """A batch may have waited for long: what a later run has written since is newer than what the batch carries."""
    later = ImportItem.objects.filter(run_id__gt=run.pk, outcome__in=WROTE, key__in=[item.key for item in plan])
    superseded = set(later.values_list("key", flat=True))
    newer = LeaveAlone(message="a later import has brought it in since")
    return [PlanItem(item.key, newer) if item.key in superseded else item for item in plan]


def _exhaust(results: Iterable[object]) -> None:
    for _ in results:
        pass
