"""Who is at work on pages, and what a user may do with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.admin.models import EditingSession
from wagtail.models import Page, Revision, WorkflowState

from pages.models import ArticlePage


@dataclass(frozen=True, slots=True)
class EditGuard:
    """Why a page must not be written now."""

    code: str
    message: str


def find_edit_guard(page_id: int, user: User | None) -> EditGuard | None:
    """Of one page; see `find_edit_guards`."""
    return find_edit_guards([page_id], user).get(page_id)


def find_edit_guards(page_ids: Collection[int], user: User | None) -> dict[int, EditGuard]:
    """Somebody's claims on pages that an import respects, and what `user` may not do with them; pages that have none
    are left out.  Four queries however many pages, and one more for each page that `user` has no permission for."""
    if not page_ids:
        return {}
    pages = ArticlePage.objects.filter(pk__in=page_ids).select_related("locked_by").defer("introduction", "body")
    claims = _Claims(page_ids)
    found = ((page.pk, _forbidden(page, user) or claims.on(page)) for page in pages)
    return {pk: guard for pk, guard in found if guard is not None}


def _forbidden(page: ArticlePage, user: User | None) -> EditGuard | None:
    if user is None:
        return None
    allowed = page.permissions_for_user(user)
    if allowed.can_publish() if page.live else allowed.can_edit():
        return None
    return EditGuard("permission", f"{user.get_username()} may not {'publish' if page.live else 'edit'} it")


class _Claims:
    def __init__(self, page_ids: Collection[int]) -> None:
        keys = [str(pk) for pk in page_ids]
        base = ContentType.objects.get_for_model(Page, for_concrete_model=False)
        kinds = [base, ContentType.objects.get_for_model(ArticlePage, for_concrete_model=False)]
        in_progress = WorkflowState.objects.filter(status=WorkflowState.STATUS_IN_PROGRESS)
        scheduled = Revision.objects.exclude(approved_go_live_at=None)
        sessions = EditingSession.objects.available().filter(content_type__in=kinds, object_id__in=keys)
        self._in_workflow = _keys(in_progress.filter(base_content_type=base, object_id__in=keys))
        self._scheduled = _keys(scheduled.filter(base_content_type=base, object_id__in=keys))
        self._open = {session.object_id: session.user for session in sessions.select_related("user").order_by("-pk")}

    def on(self, page: ArticlePage) -> EditGuard | None:
        key = str(page.pk)
        if page.alias_of_id:
            return EditGuard("alias", "it mirrors another page")
        if page.locked:
            who = page.locked_by.get_username() if page.locked_by else "somebody"
            return EditGuard("locked", f"{who} has locked it")
        if key in self._in_workflow and getattr(settings, "WAGTAIL_WORKFLOW_ENABLED", True):
            return EditGuard("workflow", "it is in a workflow")
        if key in self._scheduled:
            return EditGuard("scheduled", "a version of it is scheduled for publication")
        if key in self._open:
            return EditGuard("open", f"{self._open[key].get_username()} has it open in the editor")
        return None


def _keys(objects: QuerySet[Any]) -> set[str]:
    return set(objects.values_list("object_id", flat=True))
