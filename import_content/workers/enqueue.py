"""Shares an import out among workers: the door of ``--enqueue``.  What is done with each source is the service's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from django.db import transaction
from django_tasks import TaskResultStatus

from import_content import service
from import_content.applying.applier import RunInterruptedError, RunStoppedError
from import_content.applying.report import ImportReport
from import_content.applying.results import Result
from import_content.models import ImportBatch, ImportRun, RunState
from import_content.options import ImportOptions, check_permissions
from import_content.planning.plan import PlanItem
from import_content.schools.matching import SchoolSnapshot
from import_content.sources.source import SourceFile
from import_content.workers.batch_payload import (
    options_json,
    pack,
)
from import_content.workers.run_batch import SharedLedger, finish_if_complete, lock_run
from import_content.workers.tasks import import_batch

MAX_BATCH_SOURCES = 50
"""Sources in a batch, which is one transaction."""
MAX_BATCH_BYTES = 4 * 1024 * 1024
"""A batch is closed when its sources have this size."""
MAX_WAITING_BYTES = 2 * 1024**3
"""What may wait in the database for workers, of all runs together."""


class EnqueuedImport:
    """An import being shared out: iterate for the results of what needs no worker (sources that have not changed,
    cannot be read or are gone); `sources` and `batches` count what was handed out."""

    def __init__(
        self,
        sources: Sequence[str],
        options: ImportOptions,
        *,
        stdin: BinaryIO | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        check_permissions(options)
        options = service.with_index(options)
        self._options = options
        self._stop = stop
        self._stdin = stdin
        self._entries = service.split(sources, options, stdin=stdin)
        self._ledger = SharedLedger.for_import(options)
        self._ledger.run.options = options_json(options, SchoolSnapshot.now())
        self._files: list[SourceFile] = []
        self._stored = ImportBatch.objects.stored_bytes()
        self.sources = 0
        self.batches = 0
        self.report = ImportReport()
        """Of what needed no worker."""

    @property
    def run(self) -> ImportRun:
        """Without a primary key where there was nothing to write down or to hand out."""
        return self._ledger.run

    def __iter__(self) -> Iterator[Result]:
        """Raises `RunStoppedError` where no more can be stored, or the queue cannot be reached, and
        `RunInterruptedError` once `stop`, which is asked after each batch, says yes."""
        for result in service.apply(self._decided(), self._options, stop=self._stop, ledger=self._ledger):
            self.report.add(result)
            yield result
        self.report.leave_out(self._entries.left_out)
        self._close()

    def _decided(self) -> Iterator[PlanItem]:
        """The decisions that are known already; everything else is handed out on the way."""
        for entry in self._entries:
            if isinstance(entry, PlanItem):
                yield entry
                continue
            self._files.append(entry)
            if len(self._files) >= MAX_BATCH_SOURCES or sum(file.size for file in self._files) >= MAX_BATCH_BYTES:
                self._hand_out()
        if self._files:
            self._hand_out()

    def _hand_out(self) -> None:
        self._ledger.start()
        files, self._files = self._files, []
        payload = pack(files)
        self._stored += len(payload)
        if self._stored > MAX_WAITING_BYTES:
            self._stored = ImportBatch.objects.stored_bytes() + len(payload)
        if self._stored > MAX_WAITING_BYTES:
            raise RunStoppedError(
                f"{self._stored:,} bytes of sources wait for workers already; when these have worked them off, "
                f"the same command goes on from here (manage.py import_runs show {self.run.pk})"
            )
        self.batches += 1
        self.sources += len(files)
        batch = ImportBatch.objects.create(
            run=self.run, number=self.batches, sources=len(files), payload=payload, size=len(payload)
        )
        try:
            send(batch)
        except RunStoppedError:
            batch.delete()  # the same command would store it again
            raise
        if self._stop():
            raise RunInterruptedError("stopped as asked: workers do what was handed out, the same command the rest")

    def _close(self) -> None:
        """Everything is handed out: from now on, whoever finishes the last batch finishes the run."""
        if self.run.pk is None:
            return
        with transaction.atomic():
            run = lock_run(self.run)
            run.state = RunState.RUNNING
            run.save(update_fields=["state"])
            finish_if_complete(run)
        self.run.refresh_from_db()


def send(batch: ImportBatch) -> None:
    """Raises `RunStoppedError` where the queue takes no task, or the task failed in place."""
    try:
        result = import_batch.enqueue(batch.pk)
    except Exception as error:  # each backend has its own
        raise RunStoppedError(_unsent(batch, f"the task queue does not take it: {error}")) from error
    if result.status == TaskResultStatus.FAILED:
        batch.refresh_from_db()
        raise RunStoppedError(_unsent(batch, batch.error))


def _unsent(batch: ImportBatch, reason: str) -> str:
    return f"batch {batch.number} of run {batch.run_id}: {reason}. The same command goes on from here"


def resume(run: ImportRun) -> int:
    """Hand out again whatever is not finished; returns how many batches.  Harmless where somebody is at work on them.

    Raises `RunStoppedError` as `send`.
    """
    waiting = list(run.batches.waiting().defer("payload"))
    for batch in waiting:
        send(batch)
    return len(waiting)
