"""Writers: from content to page, revision and everything that Wagtail keeps beside them.

There are two ways to the same rows (`ordinary`, through Wagtail's own methods, and `bulk`, in batches); both honour
the contract here.

Who imports, and in which run, is Wagtail's active log context (`wagtail.log_actions.LogContext`): log entries carry
its `user`, and a uuid that is made of its `uuid`, which is the run's, and the source's key (see `writer.log_context`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

    from import_content.article_content import ArticleContent
    from import_content.writer.bulk.articles import PreparedArticle
    from pages.models import ArticleIndexPage


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article to be made."""

    key: str
    """The source it comes from."""
    content: ArticleContent
    live: bool
    prepared: PreparedArticle | None = None
    """What was made of the content already, perhaps in another process; a writer that has no use for it ignores it."""

    @property
    def slug_source(self) -> str:
        """What its address is made of: the slug that the source asks for, else the title."""
        return self.content.fields.slug or self.content.title

    @property
    def first_published_at(self) -> datetime | None:
        """When it was first published, for what goes live and was published elsewhere before."""
        when = self.content.fields.published_at
        return when if self.live and when is not None and when <= datetime.now(UTC) else None


@dataclass(frozen=True, slots=True)
class CreatedPage:
    """An article that was made."""

    key: str
    page_id: int
    revision_id: int
    slug: str
    url_path: str
    live: bool
    revised: datetime
    """When its revision was made."""
    body: str
    """Raw stream data as stored: JSON, schools bound to their ids."""
    canonical_body: str
    """The same data with sorted keys (see `import_content.planning.page_state.fingerprint_of_text`)."""


@dataclass(frozen=True, slots=True)
class CreateResult:
    """What became of a batch of articles."""

    articles: Sequence[CreatedPage]
    """In the order in which they were given."""
    schools: Mapping[str, int]
    """Normalised name to record, for every name that they print."""
    new_schools: Sequence[int]
    """The records that were made for them."""


@dataclass(frozen=True, slots=True)
class Change:
    """New content for an article that exists: of its live version, of its draft, or of both.

    In the bodies a listing's `school` is a record's id, or a name as printed for one that is to be looked up.
    """

    key: str
    page_id: int
    live: ArticleContent | None
    """What becomes public.  None: the live version stays as it is."""
    draft: ArticleContent | None
    """What becomes the latest draft and stays one.  None: there is no draft beside the live version."""
    action: str = "import_content.update"
    """The log entry's action (see `import_content.log_actions`)."""


@dataclass(frozen=True, slots=True)
class UpdatedPage:
    """An article that was changed."""

    key: str
    page_id: int
    revision_id: int
    """The latest revision: the draft's where there is one."""
    slug: str
    url_path: str
    body: Sequence[dict[str, Any]]
    """Raw stream data as written (the draft's where only a draft was), schools bound to their ids."""


class Writer(Protocol):
    """Makes articles under one parent, in order, in the caller's transaction or one of its own.

    Takes the parent's lock first, finds or makes the schools by normalised name (`writer.schools`), gives slugs that
    no sibling has, and writes page, revision, reference index, search entries, public form and these log entries:
    ``wagtail.create``, ``import_content.import`` (with the revision and ``{"source": key}``) and, for what goes live,
    ``wagtail.publish``.
    """

    def create(
        self, parent: ArticleIndexPage, articles: Sequence[NewArticle], *, user: AbstractBaseUser | None
    ) -> CreateResult: ...

    def update(self, changes: Sequence[Change], *, user: AbstractBaseUser | None) -> list[UpdatedPage]:
        """Give existing articles new content as new revisions; slug, URL and everything else stay.

        Writes ``change.action`` (with the revision and ``{"source": key}``) for each new revision and
        ``wagtail.publish`` for what goes live.  A live version beside a draft is published without touching the
        draft, which becomes the latest revision again.
        """
        ...

    def unpublish(self, keys: Mapping[int, str], action: str, *, user: AbstractBaseUser | None) -> None:
        """Unpublish the live ones of these articles, by id; `keys` are those of their sources, `action` is the log
        entries'.  Asks nobody's permission."""
        ...

    def delete(self, keys: Mapping[int, str], *, user: AbstractBaseUser | None) -> None:
        """Delete articles, by id; `keys` are those of their sources.  Writes ``wagtail.delete`` for each.

        Those that do not exist are left out.  Asks nobody's permission.
        """
        ...
