"""How far a run is that workers share."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from import_content.models import ImportRun, Outcome, RunState

OVERDUE_AFTER = timedelta(minutes=3)
"""A batch that takes longer has probably lost its worker; the queue hands it out again by itself in less."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    run_id: int
    finished: bool
    counts: dict[str, int]
    batches: int
    done: int
    begun: int
    """Under way, or left by a worker that died."""
    overdue: int
    """Begun more than `OVERDUE_AFTER` ago."""
    sources_left: int
    errors: Sequence[str]
    """``batch 4, attempt 2: OperationalError: ...``"""
    workers: Sequence[tuple[str, int]]
    """``machine:name`` and the batches that it finished."""

    @property
    def line(self) -> str:
        """``5 of 12 batches, 2 under way, 350 sources left; 240 created, 10 unchanged``"""
        counts = ", ".join(f"{self.counts[outcome]} {outcome.value}" for outcome in Outcome if self.counts.get(outcome))
        left = f", {self.begun} under way, {count_of(self.sources_left, 'source')} left" if not self.finished else ""
        return f"{self.done} of {count_of(self.batches, 'batch', 'batches')}{left}; {counts or 'nothing yet'}"

    def details(self) -> Iterator[str]:
        """Nothing for a run that was carried out in place."""
        if not self.batches:
            return
        yield self.line
        yield from (f"{worker}: {count_of(number, 'batch', 'batches')}" for worker, number in self.workers)
        yield from self.errors
        if self.overdue:
            noun = count_of(self.overdue, "batch", "batches")
            yield f"{noun} begun long ago and not finished: manage.py import_runs resume {self.run_id}"


def read_progress(run: ImportRun) -> RunProgress:
    """As it is at this moment, in the database."""
    run.refresh_from_db(fields=["counts", "state"])
    begun = Q(finished_at=None, started_at__isnull=False)
    numbers = run.batches.aggregate(
        batches=Count("pk"),
        done=Count("pk", filter=Q(finished_at__isnull=False)),
        begun=Count("pk", filter=begun),
        overdue=Count("pk", filter=begun & Q(started_at__lt=timezone.now() - OVERDUE_AFTER)),
        left=Sum("sources", filter=Q(finished_at=None), default=0),
    )
    failed = run.batches.waiting().exclude(error="").values_list("number", "attempts", "error")
    finished = run.batches.exclude(finished_at=None).order_by("worker").values_list("worker")
    return RunProgress(
        run_id=run.pk,
        finished=run.state == RunState.FINISHED,
        counts=run.counts,
        batches=numbers["batches"],
        done=numbers["done"],
        begun=numbers["begun"],
        overdue=numbers["overdue"],
        sources_left=numbers["left"],
        errors=[f"batch {number}, attempt {attempts}: {error}" for number, attempts, error in failed],
        workers=list(finished.annotate(number=Count("pk"))),
    )


def follow(run: ImportRun, *, every: float = 1.0) -> Iterator[RunProgress]:
    """Each new state, until the run is finished.  Nothing for a run that was carried out in place, which may have been
    stopped and never be finished."""
    last: RunProgress | None = None
    while last is None or not last.finished:
        if last is not None:
            time.sleep(every)
        now = read_progress(run)
        if not now.batches and run.state != RunState.ENQUEUEING:
            return
        if last is None or now.line != last.line:
            yield now
        last = now


def count_of(number: int, one: str, many: str = "") -> str:
    """``1 source``, ``2 sources``"""
    return f"{number} {one if number == 1 else many or one + 's'}"
