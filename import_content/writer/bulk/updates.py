"""Gives new content to many articles at once: the rows that `OrdinaryWriter.update` leaves, a table at a time.

What cannot be proved to end in the same rows is left to that writer: see `is_usual` and `is_in_place` of
`ExistingArticle`.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.models import Page, Revision

from import_content.article_content import (
    MAX_LINE,
    ArticleContent,
    RawBlock,
    bind_schools,
)
from import_content.writer import Change, UpdatedPage
from import_content.writer.bulk.articles import (
    BoundArticle,
    PreparedArticle,
    Reference,
    prepare,
)
from import_content.writer.bulk.existing import ExistingArticle, load_existing
from import_content.writer.bulk.log_entries import LogRow, insert_log_entries
from import_content.writer.bulk.references import present, replace_references
from import_content.writer.bulk.revisions import RevisionRow, insert_revisions
from import_content.writer.bulk.schools import find_or_make_listed
from import_content.writer.bulk.searched_texts import article_entry, entry_of_page
from import_content.writer.log_context import DRAFT
from import_content.writer.ordinary import OrdinaryWriter
from import_content.writer.search_entries import (
    Entry,
    SearchEntries,
    index_elsewhere,
)
from pages import publication, tables
from pages.anchors import assign_anchors
from pages.blocks import BODY
from pages.models import ArticlePage, PublishedArticle
from pages.tables import Values, reserve_ids

TICK = timedelta(microseconds=1)
_REVISED = ("latest_revision_id", "latest_revision_created_at", "draft_title", "has_unpublished_changes")
_NEVER_WRITTEN = {"id", "path", "depth", "numchild", "content_type_id"}
_PAGE_COLUMNS = [each.attname for each in Page._meta.local_concrete_fields if each.attname not in _NEVER_WRITTEN]
_ARTICLE_COLUMNS = [each.attname for each in ArticlePage._meta.local_concrete_fields if not each.primary_key]
_RELATED = [each.name for each in ArticlePage._meta.concrete_fields if each.remote_field]
"""The database itself sees to it that what these refer to exists."""


@dataclass(slots=True)
class NewVersion:
    """New content on one track, on its way to a revision of its own."""

    content: ArticleContent
    prepared: PreparedArticle
    page: ArticlePage
    """The page as this version has it."""
    bound: BoundArticle | None = None
    body: Sequence[RawBlock] = ()
    """With its schools bound."""
    revision_id: int = 0
    revised: datetime = field(default_factory=timezone.now)
    revision: str = ""
    """Its content, as JSON."""

    def bind(self, schools: Mapping[str, int]) -> None:
        self.bound = self.prepared.bind(schools)
        self.body = bind_schools(self.content.body, schools)

    def fill(self) -> None:
        self.page.title = self.content.title
        self.page.introduction = self.content.introduction
        self.page.body = StreamValue(BODY, self.body, is_lazy=True)

    def serialise(self) -> None:
        self.revision = json.dumps(self.page.serializable_data(), cls=DjangoJSONEncoder)


@dataclass(slots=True)
class PageUpdate:
    """One article that is changed."""

    change: Change
    existing: ExistingArticle
    live: NewVersion | None
    draft: NewVersion | None
    published: datetime = field(default_factory=timezone.now)
    former_title: str = ""
    """Of the live row."""

    @property
    def row(self) -> ArticlePage:
        """The page as its row is written."""
        return self.live.page if self.live else self.existing.page

    @property
    def references(self) -> Sequence[Reference]:
        """Of what becomes public."""
        return self.live.bound.references if self.live and self.live.bound else ()

    @property
    def versions(self) -> list[NewVersion]:
        return [version for version in (self.live, self.draft) if version is not None]

    def make(self) -> None:
        """Both versions, and the row as it is after them, step by step as Wagtail makes them."""
        if self.live is not None:
            live, page = self.live, self.live.page
            live.fill()
            live.serialise()
            _revise(page, live)
            page.live, page.has_unpublished_changes, page.expired = True, False, False
            page.last_published_at = self.published
            page.first_published_at = page.first_published_at or self.published
            page.live_revision_id = live.revision_id
        if self.draft is not None:
            draft, row = self.draft, self.row
            draft.page = self.existing.as_drafted(row) or copy.copy(row)
            draft.fill()
            draft.serialise()
            _revise(row, draft)

    def log_entries(self) -> Iterator[LogRow]:
        for version in self.versions:
            row = LogRow(
                key=self.change.key,
                page_id=self.change.page_id,
                title=version.page.title,
                moment=version.revised,
                action=self.change.action,
                data={"source": self.change.key},
                revision_id=version.revision_id,
                content_changed=True,
                part=DRAFT if self.live and version is self.draft else "",
            )
            yield row
            if version is not self.live:
                continue
            row = row._replace(moment=self.published, action="wagtail.publish", data={})
            if self.existing.is_revised and version.page.title != self.former_title:
                row = row._replace(data={"title": {"old": self.former_title, "new": version.page.title}})
                yield row._replace(action="wagtail.rename", content_changed=False)
            yield row

    def public_form(self) -> Iterator[PublishedArticle]:
        if self.live and self.live.bound and self.live.bound.public:
            yield publication.assemble(self.row, self.live.bound.public)


class UpdateBatch:
    """Writes one batch."""

    def __init__(self, search: SearchEntries, *, using: str) -> None:
        self._search = search
        self._using = using
        self._values = Values(connections[using])

    def write(self, changes: Sequence[Change], *, user: AbstractBaseUser | None) -> list[UpdatedPage]:
        """See `Writer.update`.  Needs a transaction of the caller's."""
        updates = self._together(_prepared(changes, load_existing([change.page_id for change in changes])))
        self._number(updates)
        for update in updates:
            update.make()
        self._update_pages(updates)
        if updates:
            self._insert_revisions(updates, user)
            entries = (entry for update in updates for entry in update.log_entries())
            insert_log_entries(entries, user=user, using=self._using)
        self._write_for_readers([update for update in updates if update.live])
        self._search.replace(ArticlePage, [_entry(update) for update in updates])
        index_elsewhere(ArticlePage, [update.change.page_id for update in updates], using=self._using)
        written = {update.change.page_id: _written(update) for update in updates}
        return [
            written[change.page_id] if change.page_id in written else _ordinarily(change, user) for change in changes
        ]

    def _together(self, updates: Sequence[PageUpdate]) -> list[PageUpdate]:
        """Bind all schools, and leave out what refers to objects that are not there: a chooser of one is empty."""
        for locale_id in dict.fromkeys(update.existing.page.locale_id for update in updates):
            alike = [update for update in updates if update.existing.page.locale_id == locale_id]
            versions = [(version is update.live, version) for update in alike for version in update.versions]
            schools = find_or_make_listed([(live, version.prepared) for live, version in versions], locale_id)
            for _, version in versions:
                version.bind(schools.ids)
        there = present(update.references for update in updates)
        return [update for update in updates if all(each.pk in there[each.model] for each in update.references)]

    def _number(self, updates: Sequence[PageUpdate]) -> None:
        """Ids and moments, in the order in which the articles would be written one by one."""
        ids = iter(reserve_ids(Revision, sum(len(update.versions) for update in updates), using=self._using))
        moment = timezone.now()
        for update in updates:
            for version in update.versions:
                moment += 2 * TICK
                version.revision_id, version.revised = next(ids), moment
                if version is update.live:
                    update.published = moment + TICK

    # --- rows -----------------------------------------------------------------------------------------------

    def _update_pages(self, updates: Sequence[PageUpdate]) -> None:
        public = [update.row for update in updates if update.live]
        drafts = [update.row for update in updates if not update.live]
        tables.update(public, _PAGE_COLUMNS, model=Page, using=self._using)
        tables.update(public, _ARTICLE_COLUMNS, model=ArticlePage, using=self._using)
        tables.update(drafts, _REVISED, model=Page, using=self._using)

    def _insert_revisions(self, updates: Sequence[PageUpdate], user: AbstractBaseUser | None) -> None:
        rows = (
            RevisionRow(
                pk=version.revision_id,
                page_id=str(update.change.page_id),
                created=version.revised,
                title=version.content.title,
                content=version.revision,
            )
            for update in updates
            for version in update.versions
        )
        insert_revisions(rows, author=user, using=self._using)

    def _write_for_readers(self, updates: Sequence[PageUpdate]) -> None:
        replace_references({update.row: update.references for update in updates}, using=self._using)
        publication.store([form for update in updates for form in update.public_form()])


def _prepared(changes: Sequence[Change], existing: dict[int, ExistingArticle]) -> list[PageUpdate]:
    """Those that are usual."""
    times = Counter(change.page_id for change in changes)
    alone = [change for change in changes if times[change.page_id] == 1 and change.page_id in existing]
    updates = (_prepare(change, existing[change.page_id]) for change in alone)
    return [update for update in updates if update is not None]


def _prepare(change: Change, existing: ExistingArticle) -> PageUpdate | None:
    page = existing.page
    if not existing.is_usual or not any((change.live, change.draft)):
        return None
    if not all(_is_titled(content) for content in (change.live, change.draft) if content is not None):
        return None
    if change.live is not None and not _is_anchored(change.live):
        return None
    update = PageUpdate(change, existing, None, None, former_title=page.title)
    if change.live is not None:
        # The live row where there is one: the latest revision may hold a draft, which must not become public.
        source = page if page.live else existing.as_drafted(page) or page
        if not existing.is_in_place(source) or not _is_valid(source):
            return None
        update.live = NewVersion(change.live, prepare(change.live, live=True), source)
    if change.draft is not None:
        update.draft = NewVersion(change.draft, prepare(change.draft, live=False), page)
    return update


def _is_titled(content: ArticleContent) -> bool:
    return bool(content.title.strip()) and len(content.title) <= MAX_LINE


def _is_anchored(content: ArticleContent) -> bool:
    """Whether each section has an anchor of its own, so that a page leaves them as they are."""
    sections = [block["value"] for block in content.body if block["type"] == "section"]
    anchored = [dict(section) for section in sections]
    assign_anchors(anchored)
    return anchored == sections


def _is_valid(source: ArticlePage) -> bool:
    """Whether everything but the content that an import brings would pass the check before a publication."""
    try:
        source.clean_fields(exclude=[*_RELATED, "title", "draft_title", "introduction", "body"])
    except ValidationError:
        return False
    return True


def _revise(page: ArticlePage, version: NewVersion) -> None:
    page.latest_revision_id = version.revision_id
    page.latest_revision_created_at = version.revised
    page.draft_title = version.page.title
    page.has_unpublished_changes = True


def _entry(update: PageUpdate) -> Entry:
    """What search sees of the live row."""
    if update.live is None:
        return entry_of_page(update.row)
    return article_entry(update.change.page_id, update.live.prepared.searched)


def _written(update: PageUpdate) -> UpdatedPage:
    last = update.versions[-1]
    page = last.page
    return UpdatedPage(
        update.change.key, page.pk, last.revision_id, page.slug, page.url_path, page.body.get_prep_value()
    )


def _ordinarily(change: Change, user: AbstractBaseUser | None) -> UpdatedPage:
    return OrdinaryWriter().update([change], user=user)[0]
