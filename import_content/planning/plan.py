"""A plan: for each source what an import will do with it, and everything it needs to do just that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from import_content.article_content import ArticleContent
from import_content.merge import Article, Merge
from import_content.models import Outcome
from import_content.planning.page_state import PageState, article_json, digest
from import_content.writer.bulk.articles import PreparedArticle


class Verdict(StrEnum):
    """What is to be done with a source."""

    CREATE = "create"
    UPDATE = "update"
    """The source changed, its page was left alone: the page gets the source's new version."""
    UNCHANGED = "unchanged"
    MERGE = "merge"
    """The source changed, and so did an editor: both changes are put together."""
    CONFLICT = "conflict"
    """As merge, but in some places both changed the same words: there the editor's stay."""
    REFUSE = "refuse"
    """Nothing is written; code and message say why."""
    UNPUBLISH = "unpublish"
    """The source is gone, and pruning was asked for."""
    VANISHED = "vanished"
    """The source is gone; nothing is done about it."""


PROPOSALS = frozenset({"locked", "workflow", "scheduled", "open", "alias", "deleted", "moved", "permission"})
"""Codes of refusals that a person or time will settle; the next run tries again."""


NOT_WANTED = frozenset({"uncertain", "prune_share", "edited", "elsewhere"})
"""Codes of refusals that follow from what was asked; all others are failures of the source or of writing it."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """The merges for a page that exists.  None: the page has no such version."""

    live: Merge | None
    draft: Merge | None

    @property
    def merges(self) -> list[Merge]:
        return [merge for merge in (self.live, self.draft) if merge is not None]

    @property
    def has_conflicts(self) -> bool:
        return any(merge.conflicts for merge in self.merges)

    @property
    def has_edits(self) -> bool:
        return any(merge.edits for merge in self.merges)

    @property
    def has_changes(self) -> bool:
        return any(merge.changes for merge in self.merges)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """The decision about one source."""

    key: str
    verdict: Verdict
    code: str = ""
    """Why it was refused, as one word: ``empty``, ``locked`` ..."""
    message: str = ""
    line: int | None = None
    source_hash: str = ""
    path: Path | None = None
    root: str = ""
    """The folder that the key is relative to."""
    content: ArticleContent | None = None
    """What the source says; where there is a page already, known schools are bound to their records."""
    prepared: PreparedArticle | None = None
    """What a writer needs of the content of a new article, where it was made already."""
    printed: tuple[str, ...] = ()
    """Names of schools as the source prints them."""
    names: Mapping[str, int] = field(default_factory=dict)
    """The normalised ones among them that have a record, and which."""
    state: PageState | None = None
    """The page as it was looked at."""
    tracks: Tracks | None = None
    publish: bool = False
    """The page is not public and becomes so."""
    uncertain: tuple[dict[str, Any], ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    """New names that may be other spellings of known ones, and which: for a person to decide."""

    def refused(self, code: str, message: str) -> PlanItem:
        """The same source with nothing to be done, and why."""
        return replace(self, verdict=Verdict.REFUSE, code=code, message=message)

    @property
    def outcome(self) -> Outcome:
        """What will be reported if it is carried out."""
        if self.verdict is Verdict.REFUSE:
            if self.code in PROPOSALS:
                return Outcome.PROPOSED
            return Outcome.REFUSED if self.code in NOT_WANTED else Outcome.FAILED
        return _OUTCOMES[self.verdict]

    @property
    def conflict_places(self) -> list[str]:
        """Where source and editor said different things, each place once."""
        merges = self.tracks.merges if self.tracks else []
        return list(dict.fromkeys(decision.place for merge in merges for decision in merge.conflicts))

    @property
    def writes(self) -> bool:
        return self.verdict in {
            Verdict.CREATE,
            Verdict.UPDATE,
            Verdict.MERGE,
            Verdict.CONFLICT,
            Verdict.UNPUBLISH,
        }

    @property
    def changes_page(self) -> bool:
        """Whether a page that exists gets new content; a merge may find that it has all of it already."""
        if self.tracks is None or self.verdict not in {Verdict.UPDATE, Verdict.MERGE, Verdict.CONFLICT}:
            return False
        return self.tracks.has_changes or self.publish

    @property
    def digest(self) -> str:
        """The same for two plans only if carrying them out does the same."""
        merged = [article_json(merge.article) for merge in self.tracks.merges] if self.tracks else None
        made = self.content and [self.content.title, self.content.introduction, list(self.content.body)]
        seen = self.state and self.state.fingerprint
        return digest([self.key, self.verdict, self.code, self.source_hash, seen, made, merged, self.publish])


_OUTCOMES = {
    Verdict.CREATE: Outcome.CREATED,
    Verdict.UPDATE: Outcome.UPDATED,
    Verdict.MERGE: Outcome.MERGED,
    Verdict.CONFLICT: Outcome.CONFLICT,
    Verdict.UNCHANGED: Outcome.UNCHANGED,
    Verdict.UNPUBLISH: Outcome.UNPUBLISHED,
    Verdict.VANISHED: Outcome.VANISHED,
}


def as_article(content: ArticleContent) -> Article:
    return Article(content.title, content.introduction, content.body)
