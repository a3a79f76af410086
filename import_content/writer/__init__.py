"""Writers: from content to page, revision and everything that Wagtail keeps beside them.

There are two ways to the same rows (`ordinary`, through Wagtail's own methods, and `bulk`, in batches); both honour
the contract here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from import_content.content import ArticleContent
    from pages.models import ArticleIndexPage


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be made."""

    key: str
    """The source it comes from."""
    content: ArticleContent
    live: bool


@dataclass(frozen=True, slots=True)
class Written:
    """An article that was made."""

    key: str
    page_id: int
    revision_id: int
    slug: str
    url_path: str
    body: Sequence[dict[str, Any]]
    """Raw stream data as written, schools bound to their ids: the base of later merges."""


class Writer(Protocol):
    """Makes articles under one parent, in order, in the caller's transaction or one of its own.

    Takes the parent's lock first, finds or makes the schools by normalised name (draft schools for drafts), gives
    slugs that no sibling has, and writes page, revision, log entries (as `user`, under one `run` uuid), reference
    index, search entries and public form.
    """

    def create(
        self, parent: ArticleIndexPage, articles: Sequence[NewArticle], *, user: AbstractBaseUser | None
    ) -> list[Written]: ...
