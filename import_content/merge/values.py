"""What is merged, and what a merge consists of.  Knows no Django: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from import_content.article_content import RawBlock


@dataclass(frozen=True, slots=True)
class Article:
    """The content that an import and an editor may both change."""

    title: str
    introduction: str
    """Rich text."""
    body: tuple[RawBlock, ...]


class Action(StrEnum):
    """What a merge did in one place, and whose doing it was."""

    UPDATED = "updated"
    """The source changed, the editor had not: the source's version."""
    MERGED = "merged"
    """Both changed, in different words: both changes."""
    ADDED = "added"
    """New in the source."""
    REMOVED = "removed"
    """Gone from the source, untouched by the editor."""
    REORDERED = "reordered"
    """The source has another order, the editor had moved nothing."""
    KEPT = "kept"
    """Changed by the editor alone."""
    KEPT_ADDED = "kept_added"
    """Added by the editor."""
    KEPT_REMOVED = "kept_removed"
    """Removed by the editor, unchanged in the source: stays away."""
    KEPT_ORDER = "kept_order"
    """Moved by the editor."""
    CONFLICT = "conflict"
    """Both changed the same words: the editor's version stays."""
    CONFLICT_REMOVED = "conflict_removed"
    """Gone from the source, changed by the editor: the editor's version stays."""
    CONFLICT_KEPT_REMOVED = "conflict_kept_removed"
    """Removed by the editor, changed in the source: stays away, and the source's version is on offer."""

    @property
    def is_conflict(self) -> bool:
        return self in _CONFLICTS

    @property
    def is_change(self) -> bool:
        """Whether the page gets anything that it did not have."""
        return self in _CHANGES


_CONFLICTS = frozenset({Action.CONFLICT, Action.CONFLICT_REMOVED, Action.CONFLICT_KEPT_REMOVED})
_CHANGES = frozenset({Action.UPDATED, Action.MERGED, Action.ADDED, Action.REMOVED, Action.REORDERED})

Path: TypeAlias = tuple[str, ...]
"""``("title",)``, ``("introduction",)``, ``("body",)``, ``("body", block id)``, ``("body", block id, field)``,
``("body", block id, entry id)`` or ``("body", block id, entry id, field)``."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One place in which the three versions are not all the same, and what was decided there."""

    path: Path
    place: str
    """The path in people's words."""
    action: Action
    base: Any
    ours: Any
    theirs: Any
    """What each version has there; None: nothing."""
    result: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome of a merge."""

    article: Article
    decisions: tuple[Decision, ...]
    base: Article
    """The source's version under the ids that its blocks have in the result: the base of the next merge."""

    @property
    def conflicts(self) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decisions if decision.action.is_conflict)

    @property
    def changes(self) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decisions if decision.action.is_change)

    @property
    def edits(self) -> tuple[Decision, ...]:
        """Places that the editor had changed."""
        mine = {Action.KEPT, Action.KEPT_ADDED, Action.KEPT_REMOVED, Action.KEPT_ORDER, Action.MERGED}
        return tuple(d for d in self.decisions if d.action in mine or d.action.is_conflict)


@dataclass(slots=True)
class DecisionLog:
    """Collects decisions while a merge walks through the versions."""

    names: Mapping[int, str] = field(default_factory=dict)
    """Names of schools, for descriptions."""
    decisions: list[Decision] = field(default_factory=list)

    def add(self, path: Path, place: str, action: Action, base: Any, ours: Any, theirs: Any, result: Any) -> None:
        self.decisions.append(Decision(path, place, action, base, ours, theirs, result))
