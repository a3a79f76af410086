"""Calls to action that lead nowhere: which texts they have, and one link for all of the same text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from wagtail.models import Revision

from pages.blocks import Json
from pages.merging.articles import BATCH_SIZE, drafts, rewrite_articles, stream_of
from pages.models import ArticlePage

LINK_ACTION = "pages.calls_linked"
"""In the history of a page whose calls to action got a link."""


@dataclass(frozen=True, slots=True)
class CallWithoutLink:
    text: str
    pages: tuple[int, ...]
    """Ids of the articles that have it, in their live version or in a draft."""


def calls_without_link() -> list[CallWithoutLink]:
    """Those in most articles first.  Reads the bodies that have a call to action, a batch at a time."""
    pages: dict[str, set[int]] = defaultdict(set)
    for page_id, body in _bodies():
        for text in texts_without_link(body):
            pages[text].add(page_id)
    found = [CallWithoutLink(text, tuple(sorted(ids))) for text, ids in pages.items()]
    return sorted(found, key=lambda call: (-len(call.pages), call.text))


def _bodies() -> Iterator[tuple[int, list[Json]]]:
    texts = ArticlePage.objects.annotate(body_text=Cast("body", TextField()))
    rows = texts.filter(body_text__contains='"call_to_action"').values_list("pk", "body")
    for page_id, body in rows.iterator(chunk_size=BATCH_SIZE):
        yield page_id, list(body.raw_data)
    revisions = Revision.objects.filter(pk__in=drafts().values("latest_revision"))
    for page_ref, content in revisions.values_list("object_id", "content").iterator(chunk_size=BATCH_SIZE):
        yield int(page_ref), stream_of(content)


def texts_without_link(body: Sequence[Json]) -> list[str]:
    """Texts of the calls to action that lead nowhere, in order."""
    return [block["value"]["text"].strip() for block in body if _leads_nowhere(block)]


def _leads_nowhere(block: Json) -> bool:
    value = block["value"]
    return block["type"] == "call_to_action" and not value.get("page") and not value.get("url")


@transaction.atomic
def link_calls(call: CallWithoutLink, *, url: str = "", page_id: int | None = None, user: Any = None) -> int:
    """Let every call to action with this text that leads nowhere lead to an address, or to a page.

    Returns how many articles were changed.
    """
    target: Json = {"page": page_id, "url": "" if page_id else url}

    def linked(body: Sequence[Json]) -> list[Json]:
        return [
            {**block, "value": {**block["value"], **target}}
            if _leads_nowhere(block) and block["value"]["text"].strip() == call.text
            else block
            for block in body
        ]

    data = {"text": call.text, "url": url, "page": page_id}
    return rewrite_articles(call.pages, linked, action=LINK_ACTION, data=data, user=user)
