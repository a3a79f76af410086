"""Writes the ledger: runs, items, records, conflicts.  Needs a transaction of the caller's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Max
from django.utils import timezone

from import_content.applying.kept_sources import keep_sources
from import_content.article_content import ArticleContent
from import_content.merge import Article
from import_content.models import (
    ImportConflict,
    ImportItem,
    ImportRun,
    Outcome,
    RunKind,
    RunState,
    SourceRecord,
)
from import_content.options import ImportOptions
from import_content.planning.lookups import bound_where_known
from import_content.planning.page_state import (
    PageState,
    article_json,
    canonical_article,
    digest,
    fingerprint_of_text,
)
from import_content.planning.plan import ChangeArticle, PlanItem
from import_content.planning.reading import SourceReading
from import_content.writer import CreatedPage, CreateResult
from pages import tables
from pages.names import normalise_name
from pages.tables import Table, Values, reserve_ids


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What a run has added up so far."""

    counts: Counter[str]
    school_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """A page that was written, or had nothing to be written, with its states before and after."""

    planned: PlanItem
    record: SourceRecord
    before: PageState
    after: PageState


class Ledger:
    """The entries of one run.  The run's own row is written with its first entry: a run that finds nothing new
    leaves no trace."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.counts: Counter[str] = Counter()

    @classmethod
    def for_import(cls, options: ImportOptions) -> Ledger:
        run = ImportRun(
            kind=RunKind.IMPORT,
            user=options.user,
            parent=options.parent,
            collection=options.collection,
            publish=options.publish,
        )
        return cls(run)

    @classmethod
    def for_undo(cls, run: ImportRun, user: Any) -> Ledger:
        return cls(ImportRun(kind=RunKind.UNDO, user=user, undoes=run, parent=run.parent, collection=run.collection))

    def start(self) -> None:
        if self.run.pk is None:
            self.run.save()

    def count(self, outcomes: Iterable[Outcome]) -> None:
        self.counts.update(outcome.value for outcome in outcomes)

    def progress(self) -> RunTotals:
        return RunTotals(self.counts.copy(), tuple(self.run.school_ids))

    def reset(self, progress: RunTotals) -> None:
        """Forget what a transaction said that was rolled back."""
        self.counts = progress.counts.copy()
        self.run.school_ids = list(progress.school_ids)

    def commit_counts(self) -> None:
        """To be called at the end of each batch, in its transaction."""
        if self.run.pk is not None:
            self.run.counts = dict(self.counts)
            self.run.save(update_fields=["counts", "school_ids"])

    def finish(self) -> None:
        if self.run.pk is not None:
            self.run.counts = dict(self.counts)
            self.run.state = RunState.FINISHED
            self.run.finished_at = timezone.now()
            self.run.save(update_fields=["counts", "state", "finished_at", "school_ids"])

    # --- entries --------------------------------------------------------------------------------------------

    def created(self, readings: Sequence[SourceReading], created: CreateResult) -> None:
        """New articles with the records of their sources, and the schools that were made.  Three queries however
        many."""
        self.start()
        self.made_schools(created.new_schools)
        ids = reserve_ids(SourceRecord, len(readings), using=DEFAULT_DB_ALIAS)
        moment = Values(connection).moment(timezone.now())
        entries = [
            (pk, reading, made, _fingerprint(reading, made))
            for pk, reading, made in zip(ids, readings, created.articles, strict=True)
        ]
        record = SourceRecord(collection=self.run.collection, parent=self.run.parent)
        Table(SourceRecord, record, _RECORD_COLUMNS, using=DEFAULT_DB_ALIAS).insert(
            (
                pk,
                reading.key,
                made.page_id,
                made.page_id,
                reading.root,
                reading.source_hash,
                _base_text(reading, made, created.schools),
                _provenance_text(reading.content),
                state,
                moment,
                moment,
            )
            for pk, reading, made, state in entries
        )
        keep_sources(self.run, [(pk, reading) for pk, reading, _, _ in entries])
        item = ImportItem(run=self.run, outcome=Outcome.CREATED)
        Table(ImportItem, item, _ITEM_COLUMNS, using=DEFAULT_DB_ALIAS).insert(
            (pk, reading.key, made.page_id, state, len(reading.uncertain), moment)
            for pk, reading, made, state in entries
        )

    def changed(self, entries: Sequence[LedgerChange], found: Mapping[str, int]) -> None:
        """Pages that got their sources' new versions, or that had all of it already.  Three queries however many.

        `found`: normalised names that had no record when the plans were made, to the records they have now.
        """
        items = self._changed_items(entries)
        for entry in entries:
            decision, record = entry.planned.decision, entry.record
            if not isinstance(decision, ChangeArticle):
                raise TypeError(f"{record.key}: its page was not changed")
            reading = decision.reading
            merged = decision.tracks.merges[0].base
            record.base = _base_json(merged, reading.printed, {**found, **decision.names})
            record.provenance = provenance(record.base["body"], reading.content)
            record.root = reading.root
            record.source_hash = reading.source_hash
            record.page_state = entry.after.fingerprint
            record.proposal = ""
        _save_records(entries, "base", "provenance", "root", "source_hash", "page_state", "proposal", "updated_at")
        decisions = ((entry.record.pk, entry.planned.decision) for entry in entries)
        keep_sources(self.run, [(pk, it.reading) for pk, it in decisions if isinstance(it, ChangeArticle)])
        conflicts = (_conflicts(entry, item) for entry, item in zip(entries, items, strict=True))
        ImportConflict.objects.bulk_create([conflict for some in conflicts for conflict in some])

    def unpublished(self, entries: Sequence[LedgerChange]) -> None:
        """Pages whose sources are gone.  Without a hash, a source that comes back is looked at again."""
        self._changed_items(entries)
        for entry in entries:
            entry.record.source_hash = ""
            entry.record.page_state = entry.after.fingerprint
        _save_records(entries, "source_hash", "page_state", "updated_at")

    def made_schools(self, pks: Iterable[int]) -> None:
        self.run.school_ids = list(dict.fromkeys([*self.run.school_ids, *pks]))

    def _changed_items(self, entries: Sequence[LedgerChange]) -> list[ImportItem]:
        if entries:
            self.start()
        return ImportItem.objects.bulk_create(
            ImportItem(
                run=self.run,
                record=entry.record,
                key=entry.record.key,
                outcome=entry.planned.outcome,
                page_id=entry.after.page_id,
                before=snapshot(entry.before, entry.record),
                page_state=entry.after.fingerprint,
                uncertain=len(entry.planned.uncertain),
            )
            for entry in entries
        )

    def refused(self, plan: Sequence[PlanItem]) -> None:
        """Refusals, those that the ledger does not say already.  Five queries however many."""
        keys = [item.key for item in plan]
        newest = (
            ImportItem.objects.filter(key__in=keys, run__kind=RunKind.IMPORT).values("key").annotate(newest=Max("pk"))
        )
        said = ImportItem.objects.filter(pk__in=newest.values("newest")).only("key", "code", "message", "line")
        last = {item.key: (item.code, item.message, item.line) for item in said}
        records = {it.key: it for it in SourceRecord.objects.filter(key__in=keys).only("key", "proposal")}
        news = [item for item in plan if not _is_known(item, last.get(item.key), records.get(item.key))]
        if not news:
            return
        self.start()
        ImportItem.objects.bulk_create(
            ImportItem(
                run=self.run,
                record=records.get(item.key),
                key=item.key,
                outcome=item.outcome,
                code=item.code,
                message=item.message,
                line=item.line,
                page_id=item.state.page_id if item.state else None,
                uncertain=len(item.uncertain),
            )
            for item in news
        )
        proposed = []
        for item in news:
            record = records.get(item.key)
            if record is not None:
                record.proposal = item.source_hash
                proposed.append(record)
        tables.update(proposed, ("proposal",), model=SourceRecord, using=DEFAULT_DB_ALIAS)


def _is_known(item: PlanItem, last: tuple[str, str, int | None] | None, record: SourceRecord | None) -> bool:
    """Whether the ledger's last word on a source is this refusal, of this text."""
    return last == (item.code, item.message, item.line) and (record is None or record.proposal == item.source_hash)


def snapshot(state: PageState, record: SourceRecord) -> dict[str, Any]:
    """What an undo needs: ``{"state", "is_live", "live", "draft", "record": {...}}``; `state` is a fingerprint."""
    return {
        "state": state.fingerprint,
        "is_live": state.is_live,
        "live": article_json(state.live) if state.live else None,
        "draft": article_json(state.draft) if state.draft else None,
        "record": {
            "source_hash": record.source_hash,
            "base": record.base,
            "provenance": record.provenance,
            "page_state": record.page_state,
        },
    }


_RECORD_COLUMNS = (
    *("id", "key", "page_id", "page_ref", "root", "source_hash", "base", "provenance", "page_state"),
    *("created_at", "updated_at"),
)
_ITEM_COLUMNS = ("record_id", "key", "page_id", "page_state", "uncertain", "created_at")


def _fingerprint(reading: SourceReading, made: CreatedPage) -> str:
    content = reading.content
    text = canonical_article(content.title, content.introduction, made.canonical_body)
    is_live, is_draft = (text, None) if made.live else (None, text)
    return fingerprint_of_text(made.page_id, made.live, is_live, is_draft, made.revision_id, made.revised)


def _base_text(reading: SourceReading, made: CreatedPage, schools: Mapping[str, int]) -> str:
    """The JSON of `_base_json` for an article whose body is as it was stored."""
    content = reading.content
    names = {name: schools[name] for name in map(normalise_name, reading.printed)}
    title, introduction, named = map(json.dumps, (content.title, content.introduction, names))
    return f'{{"title": {title}, "introduction": {introduction}, "body": {made.body}, "names": {named}}}'


def _provenance_text(content: ArticleContent) -> str:
    """The JSON of `provenance` for an article whose blocks have the ids of the source."""
    pairs = [("introduction", content.introduction_origins)]
    pairs += zip((block["id"] for block in content.body), content.block_origins, strict=False)
    return f"{{{', '.join(f'{json.dumps(key)}: {origins}' for key, origins in pairs)}}}"


def _base_json(article: Article, printed: Sequence[str], names: Mapping[str, int]) -> dict[str, Any]:
    """`article` with its schools bound, and the records that its printed names mean.

    A school that the page does not list, because an editor has removed it there, may have no record: it stays a name.
    """
    known = {name: pk for name in map(normalise_name, printed) if (pk := names.get(name)) is not None}
    content = bound_where_known(ArticleContent(article.title, article.introduction, article.body), known)
    bound = Article(article.title, article.introduction, content.body)
    return {**article_json(bound), "names": known}


def _save_records(entries: Sequence[LedgerChange], *names: str) -> None:
    tables.update([entry.record for entry in entries], names, model=SourceRecord, using=DEFAULT_DB_ALIAS)


def _conflicts(entry: LedgerChange, item: ImportItem) -> list[ImportConflict]:
    """One entry for each place, also where live version and draft have the same conflict."""
    change, record = entry.planned.decision, entry.record
    found: dict[str, ImportConflict] = {}
    if not isinstance(change, ChangeArticle):
        return []
    for track, merged in (("on_live", change.tracks.live), ("on_draft", change.tracks.draft)):
        for decision in merged.conflicts if merged is not None else ():
            same = digest([decision.path, decision.ours, decision.theirs])
            conflict = found.setdefault(
                same,
                ImportConflict(
                    item=item,
                    record=record,
                    path="/".join(decision.path),
                    place=decision.place[:255],
                    kind=decision.action.value,
                    base=decision.base,
                    ours=decision.ours,
                    theirs=decision.theirs,
                ),
            )
            setattr(conflict, track, True)
    return list(found.values())


def provenance(body: Sequence[dict[str, Any]], content: ArticleContent) -> dict[str, Any]:
    """Block id, or ``introduction``, to the places of the source that it was made of."""
    made_of = {block["id"]: json.loads(origins) for block, origins in zip(body, content.block_origins, strict=False)}
    return {"introduction": json.loads(content.introduction_origins), **made_of}
