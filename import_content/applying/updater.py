"""Carries out decisions about articles that exist, a batch in a constant number of queries."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone

from import_content import log_actions as audit
from import_content.applying.ledger import Ledger, LedgerChange
from import_content.applying.results import (
    Failure,
    Result,
    failed,
    near_pairs,
    note_refusals,
    result_of,
)
from import_content.article_content import ArticleContent
from import_content.database.retry import is_outage
from import_content.merge import Article
from import_content.models import SourceRecord
from import_content.options import ImportOptions
from import_content.planning.edit_guards import find_edit_guards
from import_content.planning.page_state import PageState, load_states
from import_content.planning.plan import ChangeArticle, PlanItem, UnpublishArticle, Verdict
from import_content.schools.matching import UnmatchedNames
from import_content.schools.new_names import propose
from import_content.writer import Change, Writer
from import_content.writer.bulk.log_entries import LogRow, insert_log_entries
from pages.anchors import assign_anchors


@dataclass(frozen=True, slots=True)
class ReadyUpdate:
    """A page that is as it was when it was decided on, and that nobody has a claim on."""

    planned: PlanItem
    record: SourceRecord
    before: PageState
    change: Change | None
    """None: the page has all of it already, or is to be unpublished."""


class PageUpdater:
    """One per run.  Needs a transaction of the caller's, and the pages' locks."""

    def __init__(self, options: ImportOptions, writer: Writer, ledger: Ledger) -> None:
        self._options = options
        self._writer = writer
        self._ledger = ledger

    def carry_out(self, plan: Sequence[PlanItem]) -> list[Result]:
        """What is wrong with one page costs the others nothing."""
        pruned = [planned for planned in plan if planned.verdict is Verdict.UNPUBLISH]
        changed = [planned for planned in plan if planned.verdict is not Verdict.UNPUBLISH]
        return [result for some in (changed, pruned) if some for result in self._carry_out(some)]

    def _carry_out(self, plan: Sequence[PlanItem]) -> list[Result]:
        try:
            with transaction.atomic():
                return self._together(plan)
        except Failure as error:
            if is_outage(error):
                raise
            if len(plan) == 1:
                return [failed(self._ledger, plan[0], error)]
        half = len(plan) // 2
        return self._carry_out(plan[:half]) + self._carry_out(plan[half:])

    def _together(self, plan: Sequence[PlanItem]) -> list[Result]:
        ready, results = self._look(plan)
        decided = [each.planned.decision for each in ready]
        changed = [decision for decision in decided if isinstance(decision, ChangeArticle)]
        planned_names = ((change.reading.printed, change.names) for change in changed)
        unmatched = UnmatchedNames(planned_names, self._options.parent.locale_id)
        pruned = [each for each in ready if each.planned.verdict is Verdict.UNPUBLISH]
        if pruned:
            keys = {each.before.page_id: each.record.key for each in pruned}
            self._writer.unpublish(keys, audit.PRUNE, user=self._options.user)
        changes = [each.change for each in ready if each.change is not None]
        if changes:
            self._writer.update(changes, user=self._options.user)
        after = load_states([each.before.page_id for each in ready])
        entries = [LedgerChange(each.planned, each.record, each.before, after[each.before.page_id]) for each in ready]
        new_records = unmatched.find()
        self._ledger.changed(
            [entry for entry in entries if isinstance(entry.planned.decision, ChangeArticle)], new_records
        )
        self._ledger.unpublished([entry for entry in entries if isinstance(entry.planned.decision, UnpublishArticle)])
        self._ledger.made_schools(unmatched.made(new_records))
        propose(near_pairs([each.planned for each in ready]), locale_id=self._options.parent.locale_id)
        insert_log_entries(
            [row for entry in entries for row in _conflict_rows(entry)], user=self._options.user, using=DEFAULT_DB_ALIAS
        )
        return results + [result_of(each.planned) for each in ready]

    def _look(self, plan: Sequence[PlanItem]) -> tuple[list[ReadyUpdate], list[Result]]:
        """What can be written, and the results of what cannot."""
        ids = [planned.state.page_id for planned in plan if planned.state]
        locked = SourceRecord.objects.select_for_update().filter(key__in=[planned.key for planned in plan])
        records = {record.key: record for record in locked.order_by("key")}
        states, hindrances = load_states(ids), find_edit_guards(ids, self._options.user)
        ready: list[ReadyUpdate] = []
        refused: list[PlanItem] = []
        for planned in plan:
            before, record, change = planned.state, records.get(planned.key), change_for(planned)
            if before is None:
                raise ValueError(f"{planned.key}: there is no page to change")
            now, hindered = states.get(before.page_id), hindrances.get(before.page_id)
            if record is None or record.page_id != before.page_id or now is None or not now.is_as(before):
                refused.append(planned.refused("moved", "its page has changed since it was looked at"))
            elif hindered is not None and (change is not None or planned.verdict is Verdict.UNPUBLISH):
                refused.append(planned.refused(hindered.code, hindered.message))
            else:
                ready.append(ReadyUpdate(planned, record, before, change))
        return ready, note_refusals(self._ledger, refused)


def _conflict_rows(entry: LedgerChange) -> Iterator[LogRow]:
    """What the page's history says of the places where source and editor disagree."""
    change, page = entry.planned.decision, entry.after
    if not isinstance(change, ChangeArticle):
        return
    places = list(dict.fromkeys(place.place for merge in change.tracks.merges for place in merge.conflicts))
    version = page.draft or page.live
    if places and version is not None:
        yield LogRow(
            key=entry.record.key,
            page_id=page.page_id,
            title=version.title,
            moment=timezone.now(),
            action=audit.CONFLICT,
            data={"source": entry.record.key, "places": places},
            revision_id=None,
            content_changed=False,
        )


def change_for(planned: PlanItem) -> Change | None:
    """What is to be written of a merge; None where the page has all of it already."""
    decision = planned.decision
    if not isinstance(decision, ChangeArticle) or not decision.changes_page:
        return None
    tracks = decision.tracks
    action = audit.UPDATE if planned.verdict is Verdict.UPDATE else audit.MERGE
    live = as_written(tracks.live.article) if tracks.live and tracks.live.changes else None
    draft = as_written(tracks.draft.article) if tracks.draft else None
    if decision.publish:
        live, draft = draft, None
    return Change(planned.key, decision.state.page_id, live, draft, action)


def as_written(article: Article) -> ArticleContent:
    """A merged article as it is written: new sections get an anchor that no other has."""
    body = copy.deepcopy(article.body)
    assign_anchors(block["value"] for block in body if block["type"] == "section")
    return ArticleContent(article.title, article.introduction, body)
