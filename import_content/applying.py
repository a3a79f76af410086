"""Carries out a plan in short transactions, a batch at a time, with the ledger's rows in the same transaction."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import LogContext
from wagtail.models import Page

from import_content import audit
from import_content.content import ArticleContent
from import_content.ledger import Ledger, Progress
from import_content.merge import Article
from import_content.models import Outcome, SourceRecord
from import_content.options import ImportOptions
from import_content.outages import DatabaseFullError, is_outage, outlast
from import_content.pacing import Pace
from import_content.plan import Planned, Verdict
from import_content.state import PageState, load_states, obstacle
from import_content.writer import Change, NewArticle, Writer
from import_content.writer.schools import find_schools
from pages.anchors import assign_anchors
from pages.models import ArticleIndexPage, ArticlePage
from pages.names import normalise_name

logger = logging.getLogger(__name__)

Failure = (ValidationError, DatabaseError, ValueError, KeyError, ArticlePage.DoesNotExist)
"""What can be wrong with one source when it is written; everything else is a defect and stops the run."""


class RunStoppedError(Exception):
    """The run cannot go on; what it had committed stands."""


class RunInterruptedError(RunStoppedError):
    """Somebody asked the run to stop."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source."""

    planned: Planned
    outcome: Outcome
    message: str = ""
    page_id: int | None = None
    url_path: str = ""


class Applier:
    def __init__(
        self, options: ImportOptions, writer: Writer, *, stop: Callable[[], bool], ledger: Ledger | None = None
    ) -> None:
        self._options = options
        self._writer = writer
        self._stop = stop
        self._pace = Pace()
        self.ledger = ledger or Ledger.for_import(options)
        self._context = LogContext(user=options.user)
        self._context.uuid = self.ledger.run.uuid

    def apply(self, plan: Iterable[Planned]) -> Iterator[Result]:
        """One result for each decision, as its batch is committed."""
        self._adopt_moved()
        for batch in self._pace.batches(plan):
            with self._context:
                results = self._apply_batch(batch)
            yield from results
            if self._stop():
                raise RunInterruptedError(
                    "stopped as asked: what was imported stands; the same command goes on from here"
                )
        outlast(self.ledger.finish)

    def _adopt_moved(self) -> None:
        """Write down that a folder has moved, also for sources that have not changed."""
        options = self._options
        if options.moved_from is not None and options.root is not None:
            moved = SourceRecord.objects.imported_under(options.parent.pk, options.collection)
            moved.from_folder(str(options.moved_from.resolve())).update(root=str(options.root.resolve()))

    def _apply_batch(self, batch: Sequence[Planned]) -> list[Result]:
        busy = [planned for planned in batch if planned.verdict not in (Verdict.UNCHANGED, Verdict.VANISHED)]
        results = {planned.key: _result(planned) for planned in batch}
        if not busy:
            self.ledger.count(result.outcome for result in results.values())
            return list(results.values())
        if any(planned.writes for planned in busy):
            outlast(self.ledger.start)
        former = self.ledger.progress()
        try:
            with self._pace.transaction_of(len(busy)):
                written = outlast(lambda: self._commit(busy, results, former))
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
    def _commit(self, busy: Sequence[Planned], results: dict[str, Result], former: Progress) -> dict[str, Result]:
        """One transaction; may be run again from the start, with the ledger as it was."""
        self.ledger.reset(former)
        written = {**results, **{result.planned.key: result for result in self._write(busy)}}
        self.ledger.count(result.outcome for result in written.values())
        self.ledger.commit_counts()
        return written

    def _write(self, busy: Sequence[Planned]) -> list[Result]:
        new = [planned for planned in busy if planned.verdict is Verdict.CREATE]
        known = [planned for planned in busy if planned.verdict is not Verdict.CREATE]
        results: list[Result] = []
        if any(planned.writes for planned in busy):
            parent = lock(self._options.parent, [p.state.page_id for p in known if p.writes and p.state])
            results += self._create(parent, new)
        return results + [self._change(planned) if planned.writes else self._note(planned) for planned in known]

    def _note(self, planned: Planned) -> Result:
        self.ledger.noted(planned)
        return _result(planned)

    def _fail(self, planned: Planned, error: Exception) -> Result:
        logger.debug("%s failed", planned.key, exc_info=error)
        return self._note(planned.refused("write", _sentence(error)))

    def _moved(self, planned: Planned, message: str) -> Result:
        return self._note(planned.refused("moved", message))

    # --- new articles ---------------------------------------------------------------------------------------

    def _create(self, parent: ArticleIndexPage, new: Sequence[Planned]) -> list[Result]:
        there = SourceRecord.objects.filter(key__in=[planned.key for planned in new])
        taken = dict(there.values_list("key", "source_hash"))
        results = [self._taken(planned, taken[planned.key]) for planned in new if planned.key in taken]
        free = [planned for planned in new if planned.key not in taken]
        return results + self._create_free(parent, free) if free else results

    def _taken(self, planned: Planned, source_hash: str) -> Result:
        """Another import was quicker, with the same text or with another."""
        if planned.source_hash == source_hash:
            return Result(planned, Outcome.UNCHANGED)
        return self._moved(planned, "another import has brought it in meanwhile")

    def _create_free(self, parent: ArticleIndexPage, free: Sequence[Planned]) -> list[Result]:
        try:
            with transaction.atomic():
                return self._create_together(parent, free)
        except Failure as error:
            if is_outage(error):
                raise
            if len(free) == 1:
                return [self._fail(free[0], error)]
        return [result for planned in free for result in self._create_free(parent, [planned])]

    def _create_together(self, parent: ArticleIndexPage, free: Sequence[Planned]) -> list[Result]:
        articles = [
            NewArticle(planned.key, planned.content, self._options.publish, planned.prepared)
            for planned in free
            if planned.content is not None
        ]
        created = self._writer.create(parent, articles, user=self._options.user)
        self.ledger.created(free, created)
        return [
            Result(planned, Outcome.CREATED, page_id=made.page_id, url_path=made.url_path)
            for planned, made in zip(free, created.articles, strict=True)
        ]

    # --- articles that exist --------------------------------------------------------------------------------

    def _change(self, planned: Planned) -> Result:
        try:
            with transaction.atomic():
                return self._change_page(planned)
        except Failure as error:
            if is_outage(error):
                raise
            return self._fail(planned, error)

    def _change_page(self, planned: Planned) -> Result:
        before = planned.state
        if before is None:
            raise ValueError(f"{planned.key}: there is no page to change")
        record = SourceRecord.objects.select_for_update().get(key=planned.key)
        now = load_states([before.page_id]).get(before.page_id)
        if now is None or now.fingerprint != before.fingerprint or record.page_id != before.page_id:
            return self._moved(planned, "its page has changed since it was looked at")
        hindered = obstacle(before.page_id, self._options.user)
        if hindered is not None and (planned.verdict is Verdict.UNPUBLISH or change_for(planned) is not None):
            return self._note(planned.refused(hindered.code, hindered.message))
        if planned.verdict is Verdict.UNPUBLISH:
            return self._unpublish(planned, record, before)
        schools = _Schools([planned], self._options.parent.locale_id)
        change = change_for(planned)
        if change is not None:
            self._writer.update([change], user=self._options.user)
        after = load_states([before.page_id])[before.page_id] if change is not None else before
        self.ledger.changed(planned, record, before, after, schools.found())
        self.ledger.made_schools(schools.made())
        return Result(planned, planned.outcome, page_id=before.page_id, url_path=before.url_path)

    def _unpublish(self, planned: Planned, record: SourceRecord, before: PageState) -> Result:
        unpublish(before.page_id, self._options.user, audit.PRUNE)
        after = load_states([before.page_id])[before.page_id]
        self.ledger.unpublished(planned, record, before, after)
        return Result(planned, planned.outcome, page_id=before.page_id, url_path=before.url_path)


def unpublish(page_id: int, user: User | None, action: str) -> None:
    """Without Wagtail's check: what `user` may do was asked before."""
    page = ArticlePage.objects.get(pk=page_id)
    UnpublishPageAction(page, user=user, log_action=action).execute(skip_permission_checks=True)


def change_for(planned: Planned) -> Change | None:
    """What is to be written of a merge; None where the page has all of it already."""
    tracks = planned.tracks
    if tracks is None or planned.state is None or not (tracks.has_changes or planned.publish):
        return None
    action = audit.UPDATE if planned.verdict is Verdict.UPDATE else audit.MERGE
    live = ready(tracks.live.article) if tracks.live and tracks.live.changes else None
    draft = ready(tracks.draft.article) if tracks.draft else None
    if planned.publish:
        live, draft = draft, None
    return Change(planned.key, planned.state.page_id, live, draft, action)


def ready(article: Article) -> ArticleContent:
    """A merged article as it is written: new sections get an anchor that no other has."""
    body = copy.deepcopy(article.body)
    assign_anchors(block["value"] for block in body if block["type"] == "section")
    return ArticleContent(article.title, article.introduction, body)


class _Schools:
    """Which records the printed names mean that had none when the plan was made."""

    def __init__(self, plan: Sequence[Planned], locale_id: int) -> None:
        # Of two plans that print a name, one may have been made before a batch made its record, and one after.
        names = ((name, normalise_name(name), planned) for planned in plan for name in planned.printed)
        self._unknown = list({key: name for name, key, planned in names if key not in planned.names}.values())
        self._locale_id = locale_id
        self._before = self._find()

    def _find(self) -> dict[str, int]:
        return find_schools(self._unknown, locale_id=self._locale_id) if self._unknown else {}

    def found(self) -> dict[str, int]:
        """To be called after writing."""
        return self._find()

    def made(self) -> list[int]:
        """Those that were made by the writing."""
        return [pk for name, pk in self._find().items() if name not in self._before]


def lock(parent: ArticleIndexPage, page_ids: Sequence[int] = ()) -> ArticleIndexPage:
    """Lock an index, everything above it and these pages, in path order as everybody must, and read it afresh.

    Without the ancestors' locks a change of a slug above would leave addresses that are no longer true.
    """
    fresh = Page.objects.filter(pk=parent.pk).values_list("path", flat=True).first()
    if fresh is None:
        raise RunStoppedError("the article index was deleted meanwhile")
    steps = range(Page.steplen, len(fresh) + 1, Page.steplen)
    above = Q(path__in=[fresh[:end] for end in steps])
    list(Page.objects.filter(above | Q(pk__in=page_ids)).order_by("path").select_for_update().only("pk"))
    index: ArticleIndexPage | None = ArticleIndexPage.objects.filter(pk=parent.pk, path=fresh).first()
    if index is None:
        raise RunStoppedError("the article index was moved meanwhile; start the import again")
    return index


def _result(planned: Planned) -> Result:
    state = planned.state
    return Result(
        planned,
        planned.outcome,
        planned.message,
        page_id=state.page_id if state else None,
        url_path=state.url_path if state else "",
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        return " ".join(error.messages)
    return f"{type(error).__name__}: {error}"
