"""Makes articles in batches: one short transaction, every row written once in its final state."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision

from import_content import log_actions as audit
from import_content.database.tree_locks import confirm_place, lock_place
from import_content.writer import (
    Change,
    CreatedPage,
    CreateResult,
    NewArticle,
    UpdatedPage,
)
from import_content.writer.bulk.articles import BoundArticle, PreparedArticle, prepare
from import_content.writer.bulk.deletion import delete_articles
from import_content.writer.bulk.json_template import object_template
from import_content.writer.bulk.log_entries import LogRow, insert_log_entries
from import_content.writer.bulk.references import insert_references, present
from import_content.writer.bulk.revisions import RevisionRow, insert_revisions
from import_content.writer.bulk.schools import find_or_make_listed
from import_content.writer.bulk.searched_texts import article_entry
from import_content.writer.bulk.tree import add_children, new_paths
from import_content.writer.bulk.unpublishing import unpublish_articles
from import_content.writer.bulk.updates import UpdateBatch
from import_content.writer.ordinary import OrdinaryWriter
from import_content.writer.schools import Schools
from import_content.writer.search_entries import (
    SearchEntries,
    index_elsewhere,
)
from import_content.writer.slugs import unique_slugs
from pages import publication
from pages.models import ArticleIndexPage, ArticlePage, PublishedArticle, School
from pages.tables import Table, Values, reserve_ids

TICK = timedelta(microseconds=1)


class PreparedNewArticle(NamedTuple):
    """An article on its way into the database."""

    article: NewArticle
    prepared: PreparedArticle


@dataclass(slots=True)
class ArticleRow:
    """One article with everything that the tables need to know of it."""

    article: NewArticle
    prepared: PreparedArticle
    bound: BoundArticle
    page_id: int
    revision_id: int
    slug: str
    path: str
    url_path: str
    translation_key: uuid.UUID
    moments: RowMoments


class RowMoments:
    """When an article was created, revised and published: they follow each other by a tick.  `columns` has them as
    the database takes them."""

    def __init__(self, created: datetime, values: Values, *, live: bool) -> None:
        self.created, self.revised, published = (created + number * TICK for number in range(3))
        self.published = published if live else None
        self.columns = tuple(when and values.moment(when) for when in (self.created, self.revised, self.published))


class BulkWriter:
    """The bulk way; see `import_content.writer.Writer`.  One per run: it carries on what search needs to know."""

    def __init__(self, *, using: str = DEFAULT_DB_ALIAS) -> None:
        self._using = using
        self._connection = connections[using]
        self._values = Values(self._connection)
        self._search = SearchEntries(using=using)

    def create(
        self, parent: ArticleIndexPage, articles: Sequence[NewArticle], *, user: AbstractBaseUser | None
    ) -> CreateResult:
        """See `Writer.create`.  Raises `ValidationError` for an article that cannot be a page, before any is
        written, and `PathOverflow` where the parent has no room."""
        if not articles:
            return CreateResult((), {}, ())
        context = get_active_log_context()
        author = user or context.user
        drafts = [
            PreparedNewArticle(article, article.prepared or prepare(article.content, live=article.live))
            for article in articles
        ]
        with transaction.atomic(using=self._using):
            place = lock_place(parent.pk, using=self._using)
            schools = self._schools(drafts, place.locale_id)
            rows = self._rows(place, drafts, schools.ids)
            prototype = _prototype(place, author)
            self._insert_pages(rows, prototype)
            self._insert_revisions(rows, prototype, author)
            insert_log_entries((entry for row in rows for entry in _log_entries(row)), user=author, using=self._using)
            self._insert_references(rows, schools)
            self._insert_search_entries(rows)
            add_children(place, len(rows), using=self._using)
            publication.store(list(_public_forms(rows, prototype)))
            confirm_place(place, using=self._using)
        return CreateResult([_made(row) for row in rows], schools.ids, schools.new)

    def update(self, changes: Sequence[Change], *, user: AbstractBaseUser | None) -> list[UpdatedPage]:
        """See `Writer.update`."""
        if not changes:
            return []
        with transaction.atomic(using=self._using):
            return UpdateBatch(self._search, using=self._using).write(changes, user=user)

    def delete(self, keys: Mapping[int, str], *, user: AbstractBaseUser | None) -> None:
        """See `Writer.delete`."""
        with transaction.atomic(using=self._using):
            if keys and not delete_articles(keys, user=user, using=self._using):
                OrdinaryWriter().delete(keys, user=user)

    def unpublish(self, keys: Mapping[int, str], action: str, *, user: AbstractBaseUser | None) -> None:
        """See `Writer.unpublish`."""
        if not keys:
            return
        with transaction.atomic(using=self._using):
            if not unpublish_articles(keys, action, user=user, search=self._search, using=self._using):
                OrdinaryWriter().unpublish(keys, action, user=user)

    def _schools(self, drafts: Sequence[PreparedNewArticle], locale_id: int) -> Schools:
        return find_or_make_listed([(draft.article.live, draft.prepared) for draft in drafts], locale_id)

    def _rows(self, place: Page, drafts: Sequence[PreparedNewArticle], schools: Mapping[str, int]) -> list[ArticleRow]:
        count = len(drafts)
        page_ids = reserve_ids(Page, count, using=self._using)
        revision_ids = reserve_ids(Revision, count, using=self._using)
        slugs = unique_slugs(place, [draft.article.slug_source for draft in drafts])
        paths = new_paths(place, count, using=self._using)
        now = timezone.now()
        return [
            ArticleRow(
                article=draft.article,
                prepared=draft.prepared,
                bound=draft.prepared.bind(schools),
                page_id=page_id,
                revision_id=revision_id,
                slug=slug,
                path=path,
                url_path=f"{place.url_path}{slug}/",
                translation_key=uuid.uuid4(),
                moments=RowMoments(now + 4 * number * TICK, self._values, live=draft.article.live),
            )
            for number, (draft, page_id, revision_id, slug, path) in enumerate(
                zip(drafts, page_ids, revision_ids, slugs, paths, strict=True)
            )
        ]

    def _insert_pages(self, rows: Sequence[ArticleRow], prototype: ArticlePage) -> None:
        key = self._values.uuid
        pages = Table(Page, prototype, _PAGE_COLUMNS, using=self._using)
        pages.insert(
            (
                row.page_id,
                row.path,
                row.prepared.title,
                row.prepared.title,
                row.slug,
                row.url_path,
                key(row.translation_key),
                row.article.live,
                not row.article.live,
                row.revision_id,
                row.moments.columns[1],
                row.revision_id if row.article.live else None,
                self._first_published(row),
                row.moments.columns[2],
                row.article.content.fields.description,
            )
            for row in rows
        )
        articles = Table(ArticlePage, prototype, ("page_ptr_id", "introduction", "body"), using=self._using)
        articles.insert((row.page_id, row.prepared.introduction, row.bound.body) for row in rows)

    def _first_published(self, row: ArticleRow) -> object:
        """As the database takes it."""
        before = row.article.first_published_at
        return row.moments.columns[2] if before is None else self._values.moment(before)

    def _insert_revisions(
        self, rows: Sequence[ArticleRow], prototype: ArticlePage, author: AbstractBaseUser | None
    ) -> None:
        template = object_template(prototype.serializable_data(), _REVISION_GAPS)
        revisions = (
            RevisionRow(
                pk=row.revision_id,
                page_id=str(row.page_id),
                created=row.moments.revised,
                title=row.prepared.title,
                content=template.fill(_revision_texts(row)),
            )
            for row in rows
        )
        insert_revisions(revisions, author=author, using=self._using)

    def _insert_references(self, rows: Sequence[ArticleRow], schools: Schools) -> None:
        there = present((row.bound.references for row in rows), known={School: schools.ids.values()})
        insert_references(
            ((str(row.page_id), reference) for row in rows for reference in row.bound.references),
            there,
            using=self._using,
        )

    def _insert_search_entries(self, rows: Sequence[ArticleRow]) -> None:
        self._search.insert(ArticlePage, [article_entry(row.page_id, row.prepared.searched) for row in rows])
        index_elsewhere(ArticlePage, [row.page_id for row in rows], using=self._using)


_PAGE_COLUMNS = (
    *("id", "path", "title", "draft_title", "slug", "url_path", "translation_key", "live", "has_unpublished_changes"),
    *("latest_revision_id", "latest_revision_created_at", "live_revision_id"),
    *("first_published_at", "last_published_at", "search_description"),
)
_REVISION_GAPS = (
    *("pk", "path", "translation_key", "title", "draft_title", "slug", "url_path", "introduction", "body"),
    *("first_published_at", "search_description"),
)


def _prototype(place: Page, author: AbstractBaseUser | None) -> ArticlePage:
    """A page as it is when its first revision is made, but for what differs between articles."""
    return ArticlePage(
        live=False,
        depth=place.depth + 1,
        locale_id=place.locale_id,
        owner_id=author.pk if author else None,
        path="",
        slug="",
        url_path="",
        title="",
        draft_title="",
    )


def _revision_texts(row: ArticleRow) -> dict[str, str]:
    text = json.dumps
    title = text(row.prepared.title)
    return {
        "pk": str(row.page_id),
        "path": text(row.path),
        "translation_key": text(str(row.translation_key)),
        "title": title,
        "draft_title": title,
        "slug": text(row.slug),
        "url_path": text(row.url_path),
        "introduction": text(row.prepared.introduction),
        "body": text(row.bound.body),
        "first_published_at": _revision_time(row.article.first_published_at),
        "search_description": text(row.article.content.fields.description),
    }


def _revision_time(when: datetime | None) -> str:
    """A time as revisions have it."""
    if when is None:
        return "null"
    return json.dumps(
        ArticlePage(first_published_at=when).serializable_data()["first_published_at"], cls=DjangoJSONEncoder
    )


def _log_entries(row: ArticleRow) -> Iterable[LogRow]:
    key, page, title, revision, moments = (
        row.article.key,
        row.page_id,
        row.prepared.title,
        row.revision_id,
        row.moments,
    )
    yield LogRow(key, page, title, moments.created, "wagtail.create", {}, None, True)
    yield LogRow(key, page, title, moments.revised, audit.IMPORT, {"source": key}, revision, True)
    if moments.published:
        yield LogRow(key, page, title, moments.published, "wagtail.publish", {}, revision, True)


def _public_forms(rows: Sequence[ArticleRow], prototype: ArticlePage) -> Iterable[PublishedArticle]:
    """Put together on one instance that takes what differs between articles in turn."""
    prototype.live = True
    for row in rows:
        if row.bound.public is not None:
            prototype.pk = prototype.id = row.page_id
            prototype.title = row.prepared.title
            prototype.search_description = row.article.content.fields.description
            prototype.first_published_at = row.article.first_published_at or row.moments.published
            prototype.last_published_at = row.moments.published
            yield publication.assemble(prototype, row.bound.public)


def _made(row: ArticleRow) -> CreatedPage:
    return CreatedPage(
        key=row.article.key,
        page_id=row.page_id,
        revision_id=row.revision_id,
        slug=row.slug,
        url_path=row.url_path,
        live=row.article.live,
        revised=row.moments.revised,
        body=row.bound.body,
        canonical_body=row.bound.canonical,
    )
