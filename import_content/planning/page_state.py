"""What a page holds right now: its live version and its draft."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wagtail.models import Revision

from import_content.merge import Article
from pages.models import ArticlePage


@dataclass(frozen=True, slots=True)
class PageState:
    """The content of an article on both tracks."""

    page_id: int
    url_path: str
    is_live: bool
    was_published: bool
    """Now or at some time before."""
    live: Article | None
    draft: Article | None
    """The latest draft: where there are unpublished changes, or the page is not live."""
    latest_revision_id: int | None
    latest_revision_at: datetime | None

    @property
    def fingerprint(self) -> str:
        """Changes with every change that an editor makes to the page."""
        return fingerprint(
            self.page_id, self.is_live, self.live, self.draft, self.latest_revision_id, self.latest_revision_at
        )

    def is_as(self, other: PageState) -> bool:
        """Whether the two have the same fingerprint, without making it."""
        return self == replace(other, url_path=self.url_path, was_published=self.was_published)

    @property
    def block_ids(self) -> set[str]:
        versions = [version for version in (self.live, self.draft) if version is not None]
        return {block["id"] for version in versions for block in version.body}


def fingerprint(
    page_id: int,
    is_live: bool,
    live: Article | None,
    draft: Article | None,
    revision_id: int | None,
    revision_at: datetime | None,
) -> str:
    live_text, draft_text = (canonical(article_json(it)) if it is not None else None for it in (live, draft))
    return fingerprint_of_text(page_id, is_live, live_text, draft_text, revision_id, revision_at)


def fingerprint_of_text(
    page_id: int,
    is_live: bool,
    live: str | None,
    draft: str | None,
    revision_id: int | None,
    revision_at: datetime | None,
) -> str:
    """The same from articles as `canonical_article` writes them.

    The time counts too: autosave rewrites a revision under the same id.
    """
    before, after = canonical([page_id, is_live]), canonical([revision_id, revision_at and revision_at.isoformat()])
    return _sha256(f"{before[:-1]}, {live or 'null'}, {draft or 'null'}, {after[1:]}")


def canonical(value: Any) -> str:
    """JSON that is the same for equal values."""
    return json.dumps(value, sort_keys=True)


def canonical_article(title: str, introduction: str, canonical_body: str) -> str:
    """`canonical` of `article_json`, where that of the body is known."""
    return f'{{"body": {canonical_body}, "introduction": {canonical(introduction)}, "title": {canonical(title)}}}'


def digest(facts: Any) -> str:
    return _sha256(canonical(facts))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def article_json(article: Article) -> dict[str, Any]:
    return {"title": article.title, "introduction": article.introduction, "body": list(article.body)}


def article_of_json(data: dict[str, Any]) -> Article:
    return Article(data["title"], data["introduction"], tuple(data["body"]))


def article_of(page: ArticlePage) -> Article:
    return Article(page.title, page.introduction, tuple(page.body.get_prep_value()))


def article_of_revision(content: dict[str, Any]) -> Article:
    """What a revision says, as the page made of it would; without asking the database for all that it refers to."""
    title, introduction, body = (
        ArticlePage._meta.get_field(name).to_python(content[name]) for name in ("title", "introduction", "body")
    )
    return Article(title, introduction, tuple(body.get_prep_value()))


def load_states(page_ids: Collection[int]) -> dict[int, PageState]:
    """The states of the pages that exist.  Two queries however many pages."""
    pages = list(ArticlePage.objects.filter(pk__in=page_ids))
    wanted = [page.latest_revision_id for page in pages if page.has_unpublished_changes or not page.live]
    revisions = Revision.objects.in_bulk([pk for pk in wanted if pk is not None])
    return {page.pk: _state(page, revisions.get(page.latest_revision_id)) for page in pages}


def _state(page: ArticlePage, latest: Revision | None) -> PageState:
    draft: Article | None = None
    if latest is not None:
        draft = article_of_revision(latest.content)
    elif not page.live:
        draft = article_of(page)
    return PageState(
        page_id=page.pk,
        url_path=page.url_path,
        is_live=page.live,
        was_published=page.first_published_at is not None,
        live=article_of(page) if page.live else None,
        draft=draft,
        latest_revision_id=page.latest_revision_id,
        latest_revision_at=page.latest_revision_created_at,
    )
