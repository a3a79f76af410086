"""Changes the bodies of many articles in place: the row and every version in the history, so that no draft is published
and no published page turns into a draft."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from wagtail.blocks import StreamValue
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from pages.blocks import BODY, Json
from pages.models import ArticlePage

BATCH_SIZE = 100

Change = Callable[[Sequence[Json]], list[Json]]
"""Raw stream data to what takes its place."""


def rewrite_articles(page_ids: Iterable[int], change: Change, *, action: str, data: Json, user: Any) -> int:
    """Returns how many pages were changed; each says so in its history.  Needs a transaction of the caller's.

    Page rows are locked in the order of the tree, as importers lock them.
    """
    ids = set(page_ids)
    list(Page.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("path").values_list("pk"))
    changed = 0
    for page in ArticlePage.objects.filter(pk__in=ids).order_by("path").iterator(chunk_size=BATCH_SIZE):
        before = page.body.get_prep_value()
        after = change(before)
        versions = _rewrite_revisions(page, change)
        if after != before:
            page.body = StreamValue(BODY, after, is_lazy=True)
            page.save(clean=False)
        if versions or after != before:
            changed += 1
            log(page, action, user=user, uuid=uuid.uuid4(), data=data)  # one for each page: see its history
    return changed


def _rewrite_revisions(page: ArticlePage, change: Change) -> int:
    changed = []
    for revision in page.revisions.all().iterator(chunk_size=BATCH_SIZE):
        body = stream_of(revision.content)
        replaced = change(body)
        if replaced != body:
            revision.content = {**revision.content, "body": json.dumps(replaced)}
            changed.append(revision)
    Revision.objects.bulk_update(changed, ["content"], batch_size=BATCH_SIZE)
    return len(changed)


def stream_of(content: Json) -> list[Json]:
    """Raw stream data of an article's revision, which holds it as JSON text."""
    body = content.get("body")
    return json.loads(body) if isinstance(body, str) else body or []


def drafts() -> Any:
    """Articles whose latest version is not what readers see."""
    return ArticlePage.objects.filter(Q(has_unpublished_changes=True) | Q(live=False))
