"""What an undo may take back: decided for many items at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Comment, Page, PageViewRestriction, ReferenceIndex

from import_content.models import WROTE, ImportItem, Outcome
from import_content.planning.edit_guards import find_edit_guards
from import_content.planning.page_state import PageState, load_states
from pages.models import ArticlePage


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What became, or would become, of one item of the run."""

    key: str
    outcome: Outcome
    """`REVERSED`, `KEPT`, `BLOCKED` or `FAILED`."""
    message: str
    page_id: int | None = None


Judgement: TypeAlias = UndoResult | PageState | None
"""Why an item stays, or the state of the page that is to be reversed; None for a page that is gone already."""


def judge(items: Sequence[ImportItem], user: User | None) -> dict[int, Judgement]:
    """Decide by item id.  Some fifteen queries however many, and one more for each page that `user` has to be asked
    for."""
    states = load_states([item.page_id for item in items if item.page_id])
    judged: dict[int, Judgement] = {}
    newer = _newer_runs(items)
    guards = find_edit_guards(list(states), user)
    for item in items:
        state = states.get(item.page_id) if item.page_id else None
        guard = guards.get(item.page_id) if item.page_id else None
        if item.pk in newer:
            message = f"run {newer[item.pk]} imported it again; undo that one first"
            judged[item.pk] = _stays(item, Outcome.BLOCKED, message)
        elif state is None:
            gone = item.outcome == Outcome.CREATED
            judged[item.pk] = None if gone else _stays(item, Outcome.KEPT, "its page was deleted")
        elif state.fingerprint != item.page_state:
            judged[item.pk] = _stays(item, Outcome.KEPT, "an editor has changed it since")
        elif guard is not None:
            judged[item.pk] = _stays(item, Outcome.BLOCKED, guard.message)
        else:
            judged[item.pk] = state
    return judged | _kept(_to_be_deleted(items, judged), user)


def _stays(item: ImportItem, outcome: Outcome, message: str) -> UndoResult:
    return UndoResult(item.key, outcome, message, item.page_id)


def _newer_runs(items: Sequence[ImportItem]) -> dict[int, int]:
    """Item to the first later run that wrote its source again."""
    own = {item.record_id: item for item in items if item.record_id is not None}
    later = ImportItem.objects.filter(record__in=own, outcome__in=WROTE, undone_by=None).order_by("-pk")
    return {
        own[record].pk: run
        for pk, record, run in later.values_list("pk", "record_id", "run_id")
        if pk > own[record].pk and run != own[record].run_id
    }


def _to_be_deleted(items: Sequence[ImportItem], judged: Mapping[int, Judgement]) -> dict[int, ImportItem]:
    """By page."""
    return {
        item.page_id: item
        for item in items
        if item.outcome == Outcome.CREATED and item.page_id and isinstance(judged[item.pk], PageState)
    }


def _kept(items: Mapping[int, ImportItem], user: User | None) -> dict[int, Judgement]:
    """Pages that the run made and that must not be deleted, though their texts are as imported: by item."""
    if not items:
        return {}
    pages = _with_reasons(items)
    parents = {parent.path: parent.pk for parent in Page.objects.filter(path__in={_above(page) for page in pages})}
    kept: dict[int, Judgement] = {}
    for page in pages:
        item = items[page.pk]
        reason = _reason_to_keep(page, item, parents.get(_above(page)), user)
        if reason is not None:
            kept[item.pk] = _stays(item, *reason)
    while uses := _uses({page for page, item in items.items() if item.pk not in kept}):
        for page_id, count in uses.items():
            message = f"{count} other {'object refers' if count == 1 else 'objects refer'} to it"
            kept[items[page_id].pk] = _stays(items[page_id], Outcome.BLOCKED, message)
    return kept


def _with_reasons(page_ids: Collection[int]) -> list[ArticlePage]:
    other = Page.objects.exclude(pk=OuterRef("pk"))
    twins = other.filter(translation_key=OuterRef("translation_key"))
    return list(
        ArticlePage.objects.filter(pk__in=page_ids)
        .defer("introduction", "body")
        .annotate(
            is_commented=Exists(Comment.objects.filter(page=OuterRef("pk"))),
            is_restricted=Exists(PageViewRestriction.objects.filter(page=OuterRef("pk"))),
            is_mirrored=Exists(other.filter(alias_of=OuterRef("pk"))),
            is_translated=Exists(twins),
        )
    )


def _reason_to_keep(
    page: ArticlePage, item: ImportItem, parent_id: int | None, user: User | None
) -> tuple[Outcome, str] | None:
    if user is not None and not page.permissions_for_user(user).can_delete():
        return Outcome.BLOCKED, f"{user.get_username()} may not delete it"
    if item.run.parent_id is not None and parent_id != item.run.parent_id:
        return Outcome.KEPT, "an editor has moved it"
    if page.is_commented:
        return Outcome.KEPT, "editors have commented on it"
    if page.is_restricted:
        return Outcome.KEPT, "an editor has restricted who sees it"
    if page.is_mirrored or page.is_translated:
        return Outcome.BLOCKED, "it has aliases or translations"
    return None


def _uses(page_ids: Collection[int]) -> dict[int, int]:
    """Page to the number of objects that refer to it, those that go as well not counted.  One query."""
    kind = ContentType.objects.get_for_model(Page, for_concrete_model=False)
    keys = {str(pk) for pk in page_ids}
    to_them = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id__in=keys)
    going = Q(base_content_type=kind, object_id__in=keys)
    users: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    for page, of_kind, key in to_them.exclude(going).values_list("to_object_id", "base_content_type", "object_id"):
        users[int(page)].add((of_kind, key))
    return {page: len(some) for page, some in users.items()}


def _above(page: ArticlePage) -> str:
    return str(page.path[: -Page.steplen])
