"""A person decides a conflict: the editor's version stays, or the source's comes in its place."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import LogContext

from import_content import log_actions as audit
from import_content.applying.updater import as_written
from import_content.database.tree_locks import lock_pages
from import_content.errors import UsageError
from import_content.merge import Article
from import_content.merge.replace import replaced
from import_content.models import ImportConflict, Resolution
from import_content.planning.edit_guards import find_edit_guard
from import_content.planning.page_state import article_of_json, load_states
from import_content.writer import Change
from import_content.writer.ordinary import OrdinaryWriter


def resolve(
    conflict: ImportConflict, resolution: Resolution, *, user: User | None = None, version: str | None = None
) -> None:
    """Decide an open conflict and write what follows.

    `OURS` keeps the editor's version, `THEIRS` puts the source's in its place on both tracks.  `EDITED` says that
    somebody has settled it by hand, or writes `version`, the text that a person put in the place of both.  Raises
    `UsageError` where the place has changed since, or the page cannot be written now.
    """
    with transaction.atomic(), LogContext(user=user):
        conflict = ImportConflict.objects.select_for_update(of=("self",)).select_related("record").get(pk=conflict.pk)
        if conflict.resolution:
            raise UsageError(f"conflict {conflict.pk} is resolved already: {conflict.get_resolution_display()}")
        wanted = {Resolution.OURS: conflict.ours, Resolution.THEIRS: conflict.theirs}
        if resolution is Resolution.EDITED and version is not None:
            wanted[resolution] = version
        if resolution in wanted:
            _put(conflict, wanted[resolution], user)
        conflict.resolution = resolution
        conflict.resolved_at = timezone.now()
        conflict.resolved_by = user
        conflict.save(update_fields=["resolution", "resolved_at", "resolved_by"])


def _put(conflict: ImportConflict, wanted: object, user: User | None) -> None:
    """Write `wanted` where the page says something else there."""
    page_id = conflict.record.page_id
    if wanted == conflict.ours:
        return
    if page_id is None:
        raise UsageError("the page was deleted")
    lock_pages([page_id])
    hindered = find_edit_guard(page_id, user)
    if hindered is not None:
        raise UsageError(f"the page cannot be written now: {hindered.message}")
    state = load_states([page_id]).get(page_id)
    if state is None:
        raise UsageError("the page was deleted")
    live = _with_version(state.live, conflict, wanted) if conflict.on_live else None
    draft = _with_version(state.draft, conflict, wanted) if conflict.on_draft else None
    if live is None and draft is None:
        raise UsageError("that place has changed since; settle it in the editor, then resolve it as “edited”")
    kept_draft = draft if draft is not None else state.draft
    change = Change(
        conflict.record.key,
        page_id,
        as_written(live) if live is not None else None,
        as_written(kept_draft) if kept_draft is not None else None,
        audit.RESOLVE,
    )
    OrdinaryWriter().update([change], user=user)


def _with_version(article: Article | None, conflict: ImportConflict, version: object) -> Article | None:
    if article is None:
        return None
    source = article_of_json(conflict.record.base)
    return replaced(article, tuple(conflict.path.split("/")), conflict.ours, version, source=source)
