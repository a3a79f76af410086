"""Carries out a plan in short transactions, a batch at a time, with the ledger's rows in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import DatabaseError, connection, reset_queries, transaction
from wagtail.log_actions import LogContext
from wagtail.models import Page

from import_content.applying.ledger import Ledger, RunTotals
from import_content.applying.moves import follow_source
from import_content.applying.results import (
    Failure,
    Result,
    failed,
    near_pairs,
    note_refusals,
    overtaken,
    result_of,
)
from import_content.applying.updater import PageUpdater
from import_content.database.pacing import Pacer
from import_content.database.planner_statistics import PlannerStatistics
from import_content.database.retry import DatabaseFullError, is_outage, retry_on_outage
from import_content.database.tree_locks import lock_pages, lock_place
from import_content.models import Outcome, SourceRecord
from import_content.options import ImportOptions
from import_content.planning.plan import CreateArticle, FollowSource, PlanItem, Verdict
from import_content.planning.reading import SourceReading
from import_content.schools.new_names import propose
from import_content.writer import NewArticle, Writer
from pages.models import ArticleIndexPage


class RunStoppedError(Exception):
    """The run cannot go on; what it had committed stands."""


class RunInterruptedError(RunStoppedError):
    """Somebody asked the run to stop."""


class PlanApplier:
    def __init__(
        self, options: ImportOptions, writer: Writer, *, stop: Callable[[], bool], ledger: Ledger | None = None
    ) -> None:
        self._options = options
        self._writer = writer
        self._stop = stop
        self._pace = Pacer()
        self._statistics = PlannerStatistics()
        self.ledger = ledger or Ledger.for_import(options)
        self._changer = PageUpdater(options, writer, self.ledger)
        self._context = LogContext(user=options.user)
        self._context.uuid = self.ledger.run.uuid

    def apply(self, plan: Iterable[PlanItem]) -> Iterator[Result]:
        """One result for each decision, as its batch is committed."""
        self._adopt_moved()
        for batch in self._pace.batches(plan):
            with self._context:
                results = self._apply_batch(batch)
            yield from results
            _forget_queries()
            self._statistics.written(sum(result.planned.writes for result in results))
            if self._stop():
                raise RunInterruptedError(
                    "stopped as asked: what was imported stands; the same command goes on from here"
                )
        retry_on_outage(self.ledger.finish)

    def _adopt_moved(self) -> None:
        """Write down that a folder has moved, also for sources that have not changed."""
        options = self._options
        if options.moved_from is not None and options.root is not None:
            moved = SourceRecord.objects.imported_under(options.parent.pk, options.collection)
            moved.from_folder(str(options.moved_from.resolve())).update(root=str(options.root.resolve()))

    def _apply_batch(self, batch: Sequence[PlanItem]) -> list[Result]:
        busy = [planned for planned in batch if planned.verdict not in (Verdict.UNCHANGED, Verdict.VANISHED)]
        results = {planned.key: result_of(planned) for planned in batch}
        if not busy:
            self.ledger.count(result.outcome for result in results.values())
            return list(results.values())
        if any(planned.writes for planned in busy):
            retry_on_outage(self.ledger.start)
        former = self.ledger.progress()
        try:
            with self._pace.transaction(len(busy)):
                written = retry_on_outage(lambda: self._commit(busy, results, former))
        except DatabaseFullError as error:
            raise RunStoppedError(str(error)) from error
        except DatabaseError as error:
            self.ledger.reset(former)
            if is_outage(error):
                raise RunStoppedError(
                    f"the database does not answer any more; what was imported stands: {error}"
                ) from error
            if len(batch) == 1:
                raise
            return [result for planned in batch for result in self._apply_batch([planned])]
        return [written[planned.key] for planned in batch]

    @transaction.atomic
    def _commit(self, busy: Sequence[PlanItem], results: dict[str, Result], former: RunTotals) -> dict[str, Result]:
        """One transaction; may be run again from the start, with the ledger as it was."""
        self.ledger.reset(former)
        written = {**results, **{result.planned.key: result for result in self._write(busy)}}
        self.ledger.count(result.outcome for result in written.values())
        self.ledger.commit_counts()
        return written

    def _write(self, busy: Sequence[PlanItem]) -> list[Result]:
        new = [planned for planned in busy if planned.verdict is Verdict.CREATE]
        known = [planned for planned in busy if planned.verdict is not Verdict.CREATE]
        results: list[Result] = []
        if any(planned.writes for planned in busy):
            parent = lock(self._options.parent, [p.state.page_id for p in known if p.writes and p.state])
            results += self._create(parent, new)
        results += [follow_source(self.ledger, item) for item in known if isinstance(item.decision, FollowSource)]
        changed = [item for item in known if item.writes and not isinstance(item.decision, FollowSource)]
        results += self._changer.carry_out(changed)
        return results + note_refusals(self.ledger, [planned for planned in known if not planned.writes])

    # --- new articles ---------------------------------------------------------------------------------------

    def _create(self, parent: ArticleIndexPage, new: Sequence[PlanItem]) -> list[Result]:
        there = SourceRecord.objects.filter(key__in=[planned.key for planned in new])
        taken = dict(there.values_list("key", "source_hash"))
        results = [self._taken(planned, taken[planned.key]) for planned in new if planned.key in taken]
        free = [planned for planned in new if planned.key not in taken]
        return results + self._create_free(parent, free) if free else results

    def _taken(self, planned: PlanItem, source_hash: str) -> Result:
        """Another import was quicker, with the same text or with another."""
        if planned.source_hash == source_hash:
            return Result(planned, Outcome.UNCHANGED)
        return overtaken(self.ledger, planned, "another import has brought it in meanwhile")

    def _create_free(self, parent: ArticleIndexPage, free: Sequence[PlanItem]) -> list[Result]:
        try:
            with transaction.atomic():
                return self._create_together(parent, free)
        except Failure as error:
            if is_outage(error):
                raise
            if len(free) == 1:
                return [failed(self.ledger, free[0], error)]
        return [result for planned in free for result in self._create_free(parent, [planned])]

    def _new(self, it: SourceReading) -> NewArticle:
        """What its source calls a draft stays one."""
        return NewArticle(it.key, it.content, self._options.publish and not it.content.is_draft, it.prepared)

    def _create_together(self, parent: ArticleIndexPage, free: Sequence[PlanItem]) -> list[Result]:
        decided = [planned.decision for planned in free if isinstance(planned.decision, CreateArticle)]
        readings = [decision.reading for decision in decided]
        articles = [self._new(it) for it in readings]
        created = self._writer.create(parent, articles, user=self._options.user)
        propose(near_pairs(free), locale_id=parent.locale_id)
        self.ledger.created(readings, created)
        return [
            Result(planned, Outcome.CREATED, page_id=made.page_id, url_path=made.url_path)
            for planned, made in zip(free, created.articles, strict=True)
        ]


def _forget_queries() -> None:
    """Django keeps the last thousands of them in development, those of a batch with all its texts."""
    if not connection.force_debug_cursor:  # somebody counts them
        reset_queries()


def lock(parent: ArticleIndexPage, page_ids: Sequence[int] = ()) -> ArticleIndexPage:
    """Lock an index for new children, and these pages, and read the index afresh.

    Raises `RunStoppedError` where it was deleted.
    """
    try:
        lock_place(parent.pk)
    except Page.DoesNotExist:
        raise RunStoppedError("the article index was deleted meanwhile") from None
    lock_pages(page_ids)
    index: ArticleIndexPage = ArticleIndexPage.objects.get(pk=parent.pk)
    return index
