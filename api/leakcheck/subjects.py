"""What the stage is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page, Site

from api.leakcheck.words import Words
from api.visibility.sites import current_sites


@dataclass(frozen=True)
class Subject:
    """An object that requests can name."""

    kind: str
    """``page``, ``school``, ``topic``, ``image``, ``document``, ``redirect`` or ``unshown image``."""
    pk: int
    hidden: bool
    slug: str = ""
    path: str = ""
    """Where readers would find it."""
    key: str = ""
    """The key that it shares with its translations."""
    anchors: tuple[str, ...] = ()
    """Sections and blocks inside it."""


@dataclass
class Stage:
    """Everything that was made, and the way back for what is hidden."""

    words: Words
    home: Page
    """The root page of the default site."""
    shelf: Page
    """A public index, for what hides below it."""
    other: Site
    """A second site beside the default one."""
    nested: Site
    """A third, below the default one's root page."""
    hidden: list[Subject] = field(default_factory=list)
    public: list[Subject] = field(default_factory=list)
    removals: list[Callable[[], Any]] = field(default_factory=list)

    def remove_hidden(self) -> None:
        """What is hidden goes, as though it had never been."""
        for remove in reversed(self.removals):
            remove()
        self.removals.clear()

    def of_kind(self, kind: str) -> list[Subject]:
        """The hidden ones."""
        return [subject for subject in self.hidden if subject.kind == kind]

    @property
    def examples(self) -> list[Subject]:
        """A public object of each kind, and of pages the first and the last."""
        first = {subject.kind: subject for subject in reversed(self.public)}
        last = {subject.kind: subject for subject in self.public}
        return [*first.values(), last["page"]]

    @property
    def site_keys(self) -> list[str]:
        """Of all sites but the default one, as requests name them."""
        return [site.key for site in current_sites().all if not site.is_default]
