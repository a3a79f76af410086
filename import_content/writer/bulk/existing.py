"""Articles that exist, locked, with all that an update in bulk must know of them.  A constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Comment, Page, Revision, WorkflowState

from import_content.writer.bulk.content_types import page_type
from import_content.writer.bulk.draft_pages import ReferencedObject, draft_page, referenced_objects
from pages.models import ArticlePage
from pages.models.topics import ArticleTopic


@dataclass(slots=True)
class ExistingArticle:
    """An article as it was when it was locked."""

    page: ArticlePage
    topics: frozenset[tuple[int, int]]
    """(id, topic's id) of its rows."""
    draft_content: dict[str, Any] | None
    """Of the latest revision, where that is a draft."""
    parent: Page | None
    is_single: bool
    """No alias mirrors it, and no sibling has its slug."""
    is_quiet: bool
    """Nobody is at work on it: no comments, workflow or schedule, no revision of a later time than now."""
    is_revised: bool
    """It has a revision."""
    is_whole: bool
    """All that its draft refers to exists."""

    @property
    def is_usual(self) -> bool:
        """Whether rows can be written of it that nothing else depends on."""
        return (
            self.parent is not None
            and self.is_single
            and self.is_quiet
            and self.is_whole
            and self.page.alias_of_id is None
        )

    def as_drafted(self, page: ArticlePage) -> ArticlePage | None:
        """The draft as a page of its own; None: there is none."""
        if self.draft_content is None or self.parent is None:
            return None
        return draft_page(page, self.draft_content, self.parent)

    def is_in_place(self, source: ArticlePage) -> bool:
        """Whether `source` can be published by writing one row: at the address that the page has, now, with the
        topics that it has."""
        page, parent = self.page, self.parent
        topics = frozenset((topic.pk, topic.tag_id) for topic in source.article_topics.all())
        return (
            parent is not None
            and source.slug == page.slug
            and page.url_path == source.url_path == f"{parent.url_path}{page.slug}/"
            and topics == self.topics
            and (source.go_live_at is None or source.go_live_at <= timezone.now())
        )


def load_existing(page_ids: Collection[int]) -> dict[int, ExistingArticle]:
    """Those that exist, by id.  Locks their rows, in path order, until the end of the transaction."""
    pages = list(_locked(page_ids, timezone.now()))
    topics: dict[int, list[ArticleTopic]] = {}
    for topic in ArticleTopic.objects.filter(content_object__in=page_ids).order_by("pk"):
        topics.setdefault(topic.content_object_id, []).append(topic)
    drafts = _drafts(pages)
    parents = _parents(pages)
    twins = _twins(pages)
    missing = _missing(drafts)
    return {page.pk: _found(page, topics.get(page.pk, []), drafts, parents, twins, missing) for page in pages}


def _locked(page_ids: Collection[int], now: datetime) -> QuerySet[ArticlePage]:
    key = Cast(OuterRef("pk"), CharField())
    revisions = Revision.objects.filter(base_content_type=page_type(), object_id=key)
    workflows = WorkflowState.objects.active().filter(base_content_type=page_type(), object_id=key)
    found: QuerySet[ArticlePage] = (
        ArticlePage.objects.filter(pk__in=page_ids)
        .annotate(
            is_aliased=Exists(Page.objects.filter(alias_of=OuterRef("pk"))),
            is_commented=Exists(Comment.objects.filter(page=OuterRef("pk"))),
            is_in_workflow=Exists(workflows),
            is_scheduled=Exists(revisions.exclude(approved_go_live_at=None)),
            is_revised=Exists(revisions),
            is_ahead=Exists(revisions.filter(created_at__gte=now)),
        )
        .order_by("path")
        .select_for_update(of=("self", "page_ptr"))
    )
    return found


def _found(
    page: Any,
    topics: list[ArticleTopic],
    drafts: Mapping[int, dict[str, Any]],
    parents: Mapping[str, Page],
    twins: Collection[tuple[str, str]],
    missing: Set[ReferencedObject],
) -> ExistingArticle:
    page.article_topics = topics
    page.wagtail_admin_comments = []
    above = page.path[: -Page.steplen]
    draft = drafts.get(page.pk)
    return ExistingArticle(
        page=page,
        topics=frozenset((topic.pk, topic.tag_id) for topic in topics),
        draft_content=draft,
        parent=parents.get(above),
        is_single=not page.is_aliased and (above, page.slug) not in twins,
        is_quiet=not (page.is_commented or page.is_in_workflow or page.is_scheduled or page.is_ahead),
        is_revised=page.is_revised,
        is_whole=draft is None or (_is_of(page, draft) and missing.isdisjoint(referenced_objects(draft))),
    )


def _is_of(page: ArticlePage, draft: Mapping[str, Any]) -> bool:
    """Whether a draft was saved for the language and the kind of page that it is."""
    saved_for = draft.get("locale"), draft.get("content_type")
    return saved_for == (page.locale_id, page.content_type_id)


def _drafts(pages: Iterable[ArticlePage]) -> dict[int, dict[str, Any]]:
    """Page id to the content of its latest revision, for pages that are not public as they were revised last."""
    latest = {
        page.latest_revision_id: page.pk
        for page in pages
        if page.latest_revision_id is not None and (page.has_unpublished_changes or not page.live)
    }
    contents = Revision.objects.filter(pk__in=latest).values_list("pk", "content")
    return {latest[pk]: content for pk, content in contents}


def _parents(pages: Iterable[ArticlePage]) -> dict[str, Page]:
    paths = {page.path[: -Page.steplen] for page in pages}
    return {parent.path: parent for parent in Page.objects.filter(path__in=paths)}


def _twins(pages: Iterable[ArticlePage]) -> set[tuple[str, str]]:
    """(parent's path, slug) that several pages have: the database itself does not forbid it."""
    of_that_slug = Page.objects.filter(slug__in={page.slug for page in pages}).values_list("path", "slug")
    places = Counter((path[: -Page.steplen], slug) for path, slug in of_that_slug)
    return {place for place, times in places.items() if times > 1}


def _missing(drafts: Mapping[int, dict[str, Any]]) -> set[ReferencedObject]:
    """What drafts refer to and is not there any more."""
    wanted: dict[type[Model], set[Any]] = {}
    for draft in drafts.values():
        for model, pk in referenced_objects(draft):
            wanted.setdefault(model, set()).add(pk)
    missing: set[ReferencedObject] = set()
    for model, pks in wanted.items():
        there = set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))
        missing |= {(model, pk) for pk in pks - there}
    return missing
