"""The ordinary way: Wagtail's own methods, one article at a time.  The reference for what the bulk way writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.blocks import StreamValue
from wagtail.log_actions import log
from wagtail.models import Revision

from import_content import log_actions as audit
from import_content.article_content import (
    ArticleContent,
    RawBlock,
    bind_schools,
    listed,
)
from import_content.database.tree_locks import confirm_place, lock_place
from import_content.writer import (
    Change,
    CreatedPage,
    CreateResult,
    NewArticle,
    UpdatedPage,
)
from import_content.writer.log_context import DRAFT, event_context
from import_content.writer.schools import (
    Schools,
    bind_names,
    find_or_make,
    publish_untouched,
)
from import_content.writer.slugs import unique_slugs
from pages.blocks import BODY
from pages.models import ArticleIndexPage, ArticlePage


class OrdinaryWriter:
    """See `import_content.writer.Writer`."""

    @transaction.atomic
    def create(
        self, parent: ArticleIndexPage, articles: Sequence[NewArticle], *, user: AbstractBaseUser | None
    ) -> CreateResult:
        """See `Writer.create`.  Raises `ValidationError` for what cannot be an article; then none is written."""
        place = lock_place(parent.pk)
        schools = Schools()
        made = [self._create(parent, article, user, schools) for article in articles]
        confirm_place(place)
        return CreateResult(made, schools.ids, schools.new)

    def _create(
        self, parent: ArticleIndexPage, article: NewArticle, user: AbstractBaseUser | None, schools: Schools
    ) -> CreatedPage:
        names = article.content.school_names()
        schools.add(find_or_make(names, live=article.live, locale_id=parent.locale_id))
        with event_context(article.key):
            return self._create_page(parent, article, user, schools)

    def _create_page(
        self, parent: ArticleIndexPage, article: NewArticle, user: AbstractBaseUser | None, schools: Schools
    ) -> CreatedPage:
        content = article.content
        body = _bound(content, schools.ids, live=article.live)
        page = ArticlePage(
            title=content.title,
            slug=unique_slugs(parent, [article.slug_source])[0],
            search_description=content.fields.description,
            first_published_at=article.first_published_at,
            introduction=content.introduction,
            body=StreamValue(BODY, body, is_lazy=True),
            live=False,
            owner=user,
        )
        parent.add_child(instance=page)
        revision = _revise(page, article.key, audit.IMPORT, user)
        if article.live:
            revision.publish(user=user, skip_permission_checks=True)
        stored = page.body.get_prep_value()
        return CreatedPage(
            key=article.key,
            page_id=page.pk,
            revision_id=revision.pk,
            slug=page.slug,
            url_path=page.url_path,
            live=article.live,
            revised=revision.created_at,
            body=json.dumps(stored),
            canonical_body=json.dumps(stored, sort_keys=True),
        )

    @transaction.atomic
    def update(self, changes: Sequence[Change], *, user: AbstractBaseUser | None) -> list[UpdatedPage]:
        """See `Writer.update`."""
        return [self._update(change, user) for change in changes]

    def _update(self, change: Change, user: AbstractBaseUser | None) -> UpdatedPage:
        page = ArticlePage.objects.select_for_update(of=("self",)).get(pk=change.page_id)
        latest = page.get_latest_revision()
        is_drafted = latest is not None and (page.has_unpublished_changes or not page.live)
        draft_content = latest.content if is_drafted else None
        revision: Revision | None = None
        if change.live is not None:
            # The live row, not the latest revision: that one may hold a draft, which must not become public.
            source = page if page.live or draft_content is None else page.with_content_json(draft_content)
            fill(source, change.live, live=True)
            with event_context(change.key):
                revision = _revise(source, change.key, change.action, user)
                revision.publish(user=user, skip_permission_checks=True)
            page = ArticlePage.objects.get(pk=change.page_id)
        if change.draft is not None:
            # Made again as the latest revision: Wagtail takes the newest one for the draft.
            draft = page.with_content_json(draft_content) if draft_content is not None else page
            fill(draft, change.draft, live=False)
            with event_context(change.key, DRAFT if change.live is not None else ""):
                revision = _revise(draft, change.key, change.action, user, clean=False)
            page = draft
        if revision is None:
            raise ValueError(f"{change.key}: a change needs content for the live version, the draft, or both")
        return _written(change.key, page, revision)

    @transaction.atomic
    def unpublish(self, keys: Mapping[int, str], action: str, *, user: AbstractBaseUser | None) -> None:
        """See `Writer.unpublish`."""
        for page in ArticlePage.objects.filter(pk__in=keys, live=True).order_by("path"):
            with event_context(keys[page.pk]):
                UnpublishPageAction(page, user=user, log_action=action).execute(skip_permission_checks=True)

    @transaction.atomic
    def delete(self, keys: Mapping[int, str], *, user: AbstractBaseUser | None) -> None:
        """See `Writer.delete`."""
        for page in ArticlePage.objects.filter(pk__in=keys).order_by("path"):
            with event_context(keys[page.pk]):
                DeletePageAction(page, user=user).execute(skip_permission_checks=True)


def fill(page: ArticlePage, content: ArticleContent, *, live: bool) -> None:
    """Put imported content into a page in memory; everything else of the page stays."""
    page.title = content.title
    page.introduction = content.introduction
    schools = bind_names(content.school_names(), live=live, locale_id=page.locale_id)
    page.body = StreamValue(BODY, _bound(content, schools, live=live), is_lazy=True)


def _bound(content: ArticleContent, schools: Mapping[str, int], *, live: bool) -> list[RawBlock]:
    body = bind_schools(content.body, schools)
    if live:
        publish_untouched({entry["value"]["school"] for block in body for entry in listed(block)})
    return body


def _revise(page: ArticlePage, key: str, action: str, user: AbstractBaseUser | None, *, clean: bool = True) -> Revision:
    revision = page.save_revision(user=user, clean=clean)
    log(instance=page, action=action, user=user, revision=revision, data={"source": key}, content_changed=True)
    return revision


def _written(key: str, page: ArticlePage, revision: Revision) -> UpdatedPage:
    return UpdatedPage(key, page.pk, revision.pk, page.slug, page.url_path, page.body.get_prep_value())
