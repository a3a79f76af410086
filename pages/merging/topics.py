"""Lets one topic take the place of others in every article, published or draft."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from pages.models import ArticlePage, ArticleTopic, Topic
from pages.signals import publicity_changed

PAGE_ACTION = "pages.topics_merged"


@dataclass(frozen=True, slots=True)
class TopicMergeResult:
    topic: Topic
    merged: int
    pages: int
    """Whose live version or drafts had one of the topics that are gone."""


@transaction.atomic
def merge_topics(topics: Sequence[Topic], into: Topic, *, user: Any = None) -> TopicMergeResult:
    """Let `into` take the place of `topics`, which are deleted.  Queries grow with the articles that have them."""
    gone = [topic for topic in topics if topic.pk != into.pk]
    ids = {topic.pk for topic in gone}
    pages = articles_about(ids)
    list(Page.objects.select_for_update(of=("self",)).filter(pk__in=pages).order_by("path").values_list("pk"))
    rows = ArticleTopic.objects.filter(tag__in=ids)
    have = set(ArticleTopic.objects.filter(tag=into).values_list("content_object", flat=True))
    for row in rows.order_by("pk"):
        if row.content_object_id not in have:
            have.add(row.content_object_id)
            ArticleTopic.objects.filter(pk=row.pk).update(tag=into)
    rows.delete()
    for page in ArticlePage.objects.filter(pk__in=pages).order_by("path"):
        _rewrite_revisions(page, ids, into.pk)
        data = {"topics": [topic.name for topic in gone], "into": into.name}
        log(page, PAGE_ACTION, user=user, uuid=uuid.uuid4(), data=data)
    for topic in gone:
        log(topic, "wagtail.delete", user=user, deleted=True)
        topic.delete()
    live = tuple(ArticlePage.objects.filter(pk__in=pages, live=True).values_list("pk", flat=True))
    if live:
        publicity_changed.send(sender=ArticlePage, published=live, withdrawn=(), deleted=False)
    return TopicMergeResult(into, len(gone), len(pages))


def articles_about(topic_ids: set[int]) -> set[int]:
    """Ids of articles whose live version, draft or scheduled version has one of the topics."""
    found = set(ArticleTopic.objects.filter(tag__in=topic_ids).values_list("content_object", flat=True))
    drafts = ArticlePage.objects.filter(Q(has_unpublished_changes=True) | Q(live=False))
    revisions = Revision.objects.filter(
        Q(pk__in=drafts.values("latest_revision"))
        | Q(approved_go_live_at__isnull=False, base_content_type=ContentType.objects.get_for_model(Page))
    )
    for page_id, content in revisions.values_list("object_id", "content").iterator(chunk_size=100):
        if topic_ids & {row["tag"] for row in content.get("article_topics", [])}:
            found.add(int(page_id))
    return found


def _rewrite_revisions(page: ArticlePage, ids: set[int], into: int) -> None:
    changed = []
    for revision in page.revisions.all().iterator(chunk_size=100):
        rows = revision.content.get("article_topics", [])
        if ids & {row["tag"] for row in rows}:
            by_topic = {row["tag"]: row for row in rows if row["tag"] not in ids}
            first = next(row for row in rows if row["tag"] in ids)
            by_topic.setdefault(into, {**first, "tag": into})
            revision.content = {**revision.content, "article_topics": list(by_topic.values())}
            changed.append(revision)
    Revision.objects.bulk_update(changed, ["content"], batch_size=100)
