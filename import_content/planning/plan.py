"""A plan: for each source what an import will do with it, and everything it needs to do just that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from import_content.article_content import ArticleContent
from import_content.merge import Article, Merge, merge
from import_content.models import Outcome
from import_content.planning.page_state import PageState, article_json, digest
from import_content.planning.reading import SourceReading


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
    FOLLOW = "follow"
    """The source was moved or renamed: its page stays, its record gets the new key."""
    UNPUBLISH = "unpublish"
    """The source is gone, and pruning was asked for."""
    VANISHED = "vanished"
    """The source is gone; nothing is done about it."""


PROPOSALS = frozenset({"locked", "workflow", "scheduled", "open", "alias", "deleted", "moved", "permission"})
"""Codes of refusals that a person or time will settle; the next run tries again."""


NOT_WANTED = frozenset({"uncertain", "prune_share", "edited", "elsewhere", "copy", "locale"})
"""Codes of refusals that follow from what was asked; all others are failures of the source or of writing it."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """The merges for a page that exists.  None: the page has no such version."""

    live: Merge | None
    draft: Merge | None

    @classmethod
    def merged(
        cls,
        base: Article,
        theirs: Article,
        *,
        live: Article | None,
        draft: Article | None,
        school_names: Mapping[int, str],
    ) -> Tracks:
        """`theirs`, the source's new version of `base`, put together with what editors made of it."""
        return cls(
            live=merge(base, live, theirs, names=school_names) if live else None,
            draft=merge(base, draft, theirs, names=school_names) if draft else None,
        )

    def listed_names(self) -> list[str]:
        """Names of schools that the merged versions list and that have no record, one spelling each."""
        bodies = [ArticleContent("", "", merge.article.body).school_names() for merge in self.merges]
        return list(dict.fromkeys(name for names in bodies for name in names))

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
class CreateArticle:
    """A source that has no page yet."""

    reading: SourceReading
    names: Mapping[str, int]
    """The normalised names among those printed that have a record, and which."""
    near: tuple[tuple[str, str], ...] = ()
    """New names that may be other spellings of known ones, and which: for a person to decide."""
    deleted: tuple[str, ...] = ()
    """New names whose record a person has deleted: it is made again as a draft."""

    @property
    def verdict(self) -> Verdict:
        return Verdict.CREATE


@dataclass(frozen=True, slots=True)
class ChangeArticle:
    """A source that says something else than when it was imported last, or whose page is to be published."""

    reading: SourceReading
    names: Mapping[str, int]
    state: PageState
    """The page as it was looked at."""
    tracks: Tracks
    near: tuple[tuple[str, str], ...] = ()
    deleted: tuple[str, ...] = ()
    publish: bool = False
    """The page is not public and becomes so."""

    @property
    def verdict(self) -> Verdict:
        if self.tracks.has_conflicts:
            return Verdict.CONFLICT
        alone = not self.tracks.has_edits and self.changes_page
        return Verdict.UPDATE if alone else Verdict.MERGE

    @property
    def changes_page(self) -> bool:
        """Whether the page gets new content; a merge may find that it has all of it already."""
        return self.tracks.has_changes or self.publish

    @property
    def conflict_places(self) -> list[str]:
        """Where source and editor said different things, each place once."""
        decisions = (decision for merge in self.tracks.merges for decision in merge.conflicts)
        return list(dict.fromkeys(decision.place for decision in decisions))


@dataclass(frozen=True, slots=True)
class FollowSource:
    """A source that was moved or renamed, and says what it said."""

    former_key: str
    """The key on record."""
    root: str
    """The folder that the new key is relative to."""
    source_hash: str
    page_id: int | None
    """None: its page was deleted and stays so."""
    reading: SourceReading | None = None

    @property
    def verdict(self) -> Verdict:
        return Verdict.FOLLOW

    @property
    def message(self) -> str:
        return f"has the text of {self.former_key}, which is gone: taken as moved"


@dataclass(frozen=True, slots=True)
class UnpublishArticle:
    """A source that is gone, where pruning was asked for."""

    state: PageState
    message: str = ""

    @property
    def verdict(self) -> Verdict:
        return Verdict.UNPUBLISH


@dataclass(frozen=True, slots=True)
class LeaveAlone:
    """Nothing is to be done: the source has not changed, or is gone."""

    verdict: Verdict = Verdict.UNCHANGED
    message: str = ""
    reading: SourceReading | None = None
    """Where it was read at all."""
    state: PageState | None = None


@dataclass(frozen=True, slots=True)
class RefuseSource:
    """Nothing is written, and why."""

    code: str
    """As one word: ``empty``, ``locked`` ..."""
    message: str
    line: int | None = None
    reading: SourceReading | None = None
    """Where it could be read."""
    state: PageState | None = None

    @property
    def verdict(self) -> Verdict:
        return Verdict.REFUSE


PlanDecision: TypeAlias = CreateArticle | ChangeArticle | FollowSource | UnpublishArticle | LeaveAlone | RefuseSource


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One source, and what is to be done with it."""

    key: str
    decision: PlanDecision

    def refused(self, code: str, message: str) -> PlanItem:
        """The same source with nothing to be done, and why."""
        return PlanItem(self.key, RefuseSource(code, message, reading=self.reading, state=self.state))

    @property
    def verdict(self) -> Verdict:
        return self.decision.verdict

    @property
    def reading(self) -> SourceReading | None:
        """What was read of the source, where it was read."""
        return None if isinstance(self.decision, UnpublishArticle) else self.decision.reading

    @property
    def state(self) -> PageState | None:
        """Its page as it was looked at, where there is one."""
        return None if isinstance(self.decision, CreateArticle | FollowSource) else self.decision.state

    @property
    def code(self) -> str:
        return self.decision.code if isinstance(self.decision, RefuseSource) else ""

    @property
    def message(self) -> str:
        return "" if isinstance(self.decision, CreateArticle | ChangeArticle) else self.decision.message

    @property
    def line(self) -> int | None:
        return self.decision.line if isinstance(self.decision, RefuseSource) else None

    @property
    def source_hash(self) -> str:
        if isinstance(self.decision, FollowSource):
            return self.decision.source_hash
        return self.reading.source_hash if self.reading else ""

    @property
    def uncertain(self) -> tuple[dict[str, Any], ...]:
        return self.reading.uncertain if self.reading else ()

    @property
    def deleted_schools(self) -> tuple[str, ...]:
        return self.decision.deleted if isinstance(self.decision, CreateArticle | ChangeArticle) else ()

    @property
    def near(self) -> tuple[tuple[str, str], ...]:
        return self.decision.near if isinstance(self.decision, CreateArticle | ChangeArticle) else ()

    @property
    def conflict_places(self) -> list[str]:
        return self.decision.conflict_places if isinstance(self.decision, ChangeArticle) else []

    @property
    def outcome(self) -> Outcome:
        """What will be reported if it is carried out."""
        if isinstance(self.decision, RefuseSource):
            if self.code in PROPOSALS:
                return Outcome.PROPOSED
            return Outcome.REFUSED if self.code in NOT_WANTED else Outcome.FAILED
        return _OUTCOMES[self.verdict]

    @property
    def writes(self) -> bool:
        return isinstance(self.decision, CreateArticle | ChangeArticle | FollowSource | UnpublishArticle)

    @property
    def digest(self) -> str:
        """The same for two items only if carrying them out does the same."""
        decision = self.decision
        merged = made = None
        publish = False
        if isinstance(decision, ChangeArticle):
            merged = [article_json(merge.article) for merge in decision.tracks.merges]
            publish = decision.publish
        if self.reading is not None:
            made = article_json(as_article(self.reading.content))
        seen = self.state.fingerprint if self.state else None
        if isinstance(decision, FollowSource):
            seen = decision.former_key
        return digest([self.key, self.verdict, self.code, self.source_hash, seen, made, merged, publish])


_OUTCOMES = {
    Verdict.CREATE: Outcome.CREATED,
    Verdict.UPDATE: Outcome.UPDATED,
    Verdict.MERGE: Outcome.MERGED,
    Verdict.CONFLICT: Outcome.CONFLICT,
    Verdict.UNCHANGED: Outcome.UNCHANGED,
    Verdict.FOLLOW: Outcome.FOLLOWED,
    Verdict.UNPUBLISH: Outcome.UNPUBLISHED,
    Verdict.VANISHED: Outcome.VANISHED,
}


def as_article(content: ArticleContent) -> Article:
    return Article(content.title, content.introduction, content.body)
