"""The page that the content of a revision describes, without asking the database.

`Page.with_content_json` does the same for one page, and asks for each object that the content refers to whether it
exists; here the caller asks, for many pages at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from django.db.models import ForeignKey, Model
from wagtail.models import Page

from pages.models import ArticlePage
from pages.models.topics import Topic

ReferencedObject: TypeAlias = tuple[type[Model], Any]
"""A model, and a primary key."""

KEPT = (
    *("id", "content_type_id", "path", "depth", "numchild", "draft_title", "live", "has_unpublished_changes"),
    *("owner_id", "locked", "locked_by_id", "locked_at", "latest_revision_id", "latest_revision_created_at"),
    *("translation_key", "locale_id", "alias_of_id"),
)
"""What belongs to the page, whichever revision is looked at."""
_REFERRING: list[Any] = [
    field
    for field in ArticlePage._meta.concrete_fields
    if isinstance(field, ForeignKey) and not field.primary_key and field.attname not in KEPT
]


def referenced_objects(content: dict[str, Any]) -> Iterator[ReferencedObject]:
    """What must exist for the content to be taken as it is."""
    for field in _REFERRING:
        if content.get(field.name) is not None:
            yield field.related_model, content[field.name]
    for topic in content.get("article_topics", ()):
        yield Topic, topic["tag"]


def draft_page(page: ArticlePage, content: dict[str, Any], parent: Page) -> ArticlePage:
    """As ``page.with_content_json(content)``, for a page without comments."""
    draft: ArticlePage = ArticlePage.from_serializable_data(content, check_fks=False)
    draft.pk = page.pk
    for name in KEPT:
        setattr(draft, name, getattr(page, name))
    if draft.first_published_at is None:
        draft.first_published_at = page.first_published_at
    draft.set_url_path(parent)
    draft.wagtail_admin_comments = []
    return draft
