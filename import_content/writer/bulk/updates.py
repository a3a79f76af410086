"""Gives new content to many articles at once: the rows that `OrdinaryWriter.update` leaves, a table at a time.

What cannot be proved to end in the same rows is left to that writer: see `Found.is_usual` and `Found.is_in_place`.
"""

from __future__ import annotations

import copy
import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, Revision

from import_content.article_content import (
    MAX_LINE,
    ArticleContent,
    RawBlock,
    bind_schools,
)
from import_content.writer import Change, Written
from import_content.writer.bulk import raw_blocks
from import_content.writer.bulk.articles import (
    Bound,
    Prepared,
    Reference,
    prepare,
)
from import_content.writer.bulk.found import Found, find
from import_content.writer.bulk.kinds import article_kind, page_kind
from import_content.writer.bulk.listed import find_or_make_listed
from import_content.writer.bulk.referring import present, replace_references
from import_content.writer.ordinary import OrdinaryWriter
from import_content.writer.search_entries import (
    Entry,
    SearchedFields,
    SearchEntries,
    index_elsewhere,
)
from pages import publication, tables
from pages.anchors import assign_anchors
from pages.blocks import BODY
from pages.models import ArticlePage, PublishedArticle
from pages.tables import Table, Values, reserve_ids

TICK = timedelta(microseconds=1)
_REVISED = ("latest_revision_id", "latest_revision_created_at", "draft_title", "has_unpublished_changes")
_NEVER_WRITTEN = {"id", "path", "depth", "numchild", "content_type_id"}
_PAGE_COLUMNS = [each.attname for each in Page._meta.local_concrete_fields if each.attname not in _NEVER_WRITTEN]
_ARTICLE_COLUMNS = [each.attname for each in ArticlePage._meta.local_concrete_fields if not each.primary_key]
_RELATED = [each.name for each in ArticlePage._meta.concrete_fields if each.remote_field]
"""The database itself sees to it that what these refer to exists."""


@dataclass(slots=True)
class Version:
    """New content on one track, on its way to a revision of its own."""

    content: ArticleContent
    prepared: Prepared
    page: ArticlePage
    """The page as this version has it."""
    bound: Bound | None = None
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
class Update:
    """One article that is changed."""

    change: Change
    found: Found
    live: Version | None
    draft: Version | None
    published: datetime = field(default_factory=timezone.now)
    former_title: str = ""
    """Of the live row."""

    @property
    def row(self) -> ArticlePage:
        """The page as its row is written."""
        return self.live.page if self.live else self.found.page

    @property
    def references(self) -> Sequence[Reference]:
        """Of what becomes public."""
        return self.live.bound.references if self.live and self.live.bound else ()

    @property
    def versions(self) -> list[Version]:
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
            draft.page = self.found.as_drafted(row) or copy.copy(row)
            draft.fill()
            draft.serialise()
            _revise(row, draft)

    def public_form(self) -> Iterator[PublishedArticle]:
        if self.live and self.live.bound and self.live.bound.public:
            yield publication.assemble(self.row, self.live.bound.public)


class Updates:
    """Writes one batch."""

    def __init__(self, search: SearchEntries, *, using: str) -> None:
        self._search = search
        self._using = using
        self._values = Values(connections[using])

    def write(self, changes: Sequence[Change], *, user: AbstractBaseUser | None) -> list[Written]:
        """See `Writer.update`.  Needs a transaction of the caller's."""
        updates = self._together(_prepared(changes, find([change.page_id for change in changes])))
        self._number(updates)
        for update in updates:
            update.make()
        self._update_pages(updates)
        self._insert_revisions(updates, user)
        self._insert_log(updates, user)
        self._write_for_readers([update for update in updates if update.live])
        self._search.replace(ArticlePage, [_entry(update) for update in updates])
        index_elsewhere(ArticlePage, [update.change.page_id for update in updates], using=self._using)
        written = {update.change.page_id: _written(update) for update in updates}
        return [
            written[change.page_id] if change.page_id in written else _ordinarily(change, user) for change in changes
        ]

    def _together(self, updates: Sequence[Update]) -> list[Update]:
        """Bind all schools, and leave out what refers to objects that are not there: a chooser of one is empty."""
        for locale_id in dict.fromkeys(update.found.page.locale_id for update in updates):
            alike = [update for update in updates if update.found.page.locale_id == locale_id]
            versions = [(version is update.live, version) for update in alike for version in update.versions]
            schools = find_or_make_listed([(live, version.prepared) for live, version in versions], locale_id)
            for _, version in versions:
                version.bind(schools.ids)
        there = present(update.references for update in updates)
        return [update for update in updates if all(each.pk in there[each.model] for each in update.references)]

    def _number(self, updates: Sequence[Update]) -> None:
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

    def _update_pages(self, updates: Sequence[Update]) -> None:
        public = [update.row for update in updates if update.live]
        drafts = [update.row for update in updates if not update.live]
        tables.update(public, _PAGE_COLUMNS, model=Page, using=self._using)
        tables.update(public, _ARTICLE_COLUMNS, model=ArticlePage, using=self._using)
        tables.update(drafts, _REVISED, model=Page, using=self._using)

    def _insert_revisions(self, updates: Sequence[Update], user: AbstractBaseUser | None) -> None:
        if not updates:
            return
        revision = Revision(
            content_type=article_kind(),
            base_content_type=page_kind(),
            user_id=user.pk if user else None,
        )
        columns = ("id", "object_id", "created_at", "object_str", "content")
        moment = self._values.moment
        Table(Revision, revision, columns, using=self._using).insert(
            (
                version.revision_id,
                str(update.change.page_id),
                moment(version.revised),
                version.content.title,
                version.revision,
            )
            for update in updates
            for version in update.versions
        )

    def _insert_log(self, updates: Sequence[Update], user: AbstractBaseUser | None) -> None:
        if not updates:
            return
        context = get_active_log_context()
        author = user or context.user
        run: uuid.UUID | None = context.uuid
        entry = PageLogEntry(
            content_type=article_kind(),
            user_id=author.pk if author else None,
            uuid=run,
        )
        columns = ("page_id", "label", "timestamp", "action", "data", "revision_id", "content_changed")
        moment = self._values.moment
        Table(PageLogEntry, entry, columns, using=self._using).insert(
            (
                update.change.page_id,
                version.page.title,
                moment(when),
                action,
                json.dumps(data),
                version.revision_id,
                new,
            )
            for update in updates
            for version in update.versions
            for action, when, data, new in _events(update, version)
        )

    def _write_for_readers(self, updates: Sequence[Update]) -> None:
        replace_references({update.row: update.references for update in updates}, using=self._using)
        publication.store([form for update in updates for form in update.public_form()])


def _prepared(changes: Sequence[Change], found: dict[int, Found]) -> list[Update]:
    """Those that are usual."""
    times = Counter(change.page_id for change in changes)
    alone = [change for change in changes if times[change.page_id] == 1 and change.page_id in found]
    updates = (_prepare(change, found[change.page_id]) for change in alone)
    return [update for update in updates if update is not None]


def _prepare(change: Change, found: Found) -> Update | None:
    page = found.page
    if not found.is_usual or not any((change.live, change.draft)):
        return None
    if not all(_is_titled(content) for content in (change.live, change.draft) if content is not None):
        return None
    if change.live is not None and not _is_anchored(change.live):
        return None
    update = Update(change, found, None, None, former_title=page.title)
    if change.live is not None:
        # The live row where there is one: the latest revision may hold a draft, which must not become public.
        source = page if page.live else found.as_drafted(page) or page
        if not found.is_in_place(source) or not _is_valid(source):
            return None
        update.live = Version(change.live, prepare(change.live, live=True), source)
    if change.draft is not None:
        update.draft = Version(change.draft, prepare(change.draft, live=False), page)
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


def _revise(page: ArticlePage, version: Version) -> None:
    page.latest_revision_id = version.revision_id
    page.latest_revision_created_at = version.revised
    page.draft_title = version.page.title
    page.has_unpublished_changes = True


def _events(update: Update, version: Version) -> Iterator[tuple[str, datetime, dict[str, Any], bool]]:
    """Action, moment, data, and whether the content changed, of the log entries."""
    yield update.change.action, version.revised, {"source": update.change.key}, True
    if version is not update.live:
        return
    data: dict[str, Any] = {}
    if update.found.is_revised and version.page.title != update.former_title:
        data = {"title": {"old": update.former_title, "new": version.page.title}}
        yield "wagtail.rename", update.published, data, False
    yield "wagtail.publish", update.published, data, True


def _entry(update: Update) -> Entry:
    """What search sees of the live row."""
    searched = update.live.prepared.searched if update.live else _searched(update.row)
    fields = SearchedFields(ArticlePage)
    title, autocomplete, body = (
        tuple(searched[field.field_name] for field in group)
        for group in (fields.title, fields.autocomplete, fields.body)
    )
    return Entry(str(update.change.page_id), title, autocomplete, body)


def _searched(page: ArticlePage) -> dict[str, str]:
    return {
        "title": page.title,
        "introduction": raw_blocks.text_for_indexing(page.introduction),
        "body": ", ".join(raw_blocks.searchable(BODY, page.body.get_prep_value())),
    }


def _written(update: Update) -> Written:
    last = update.versions[-1]
    page = last.page
    return Written(update.change.key, page.pk, last.revision_id, page.slug, page.url_path, page.body.get_prep_value())


def _ordinarily(change: Change, user: AbstractBaseUser | None) -> Written:
    return OrdinaryWriter().update([change], user=user)[0]
