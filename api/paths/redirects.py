"""Redirects from paths that a page has left, and those among them that readers must not be told of.

Wagtail makes a redirect whenever a page's path changes, also from a path at which readers never saw the page: that of a
draft, before its working title was replaced, or one below a restricted page.  By themselves such redirects would be
listed as soon as the page is public elsewhere.  They are taken back as soon as they are made, unless the page was
public there at an earlier time (`api.paths.withdrawn`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.signal_handlers import (
    autocreate_redirects_on_page_move,
    autocreate_redirects_on_slug_change,
)
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_slug_changed, post_page_move

from api.models import WithdrawnPath, key_of
from api.visibility.rules import live_now
from api.visibility.sites import current_sites

# Wagtail connects these itself, later; receivers are called in the order in which they were first connected.
page_slug_changed.connect(autocreate_redirects_on_slug_change)
post_page_move.connect(autocreate_redirects_on_page_move)


IDS_PER_STATEMENT = 500


@receiver(page_slug_changed)
def _renamed(instance: Page, instance_before: Page, **kwargs: Any) -> None:
    parent = instance.get_parent()
    if parent is not None:  # a root page has no path that could change
        _take_back(instance, instance_before.url_path, parent, was_live=instance_before.live)


@receiver(post_page_move)
def _moved(instance: Page, parent_page_before: Page, url_path_before: str, **kwargs: Any) -> None:
    if instance.url_path != url_path_before:
        _take_back(instance, url_path_before, parent_page_before, was_live=instance.live)


@dataclass(frozen=True, slots=True)
class Move:
    """A page, now at another path than before with all that stands below it."""

    page: Page
    url_path_before: str
    was_live: bool
    """The page itself."""
    restricted: Sequence[str]
    """Tree paths of all restricted pages."""
    from_restricted: bool
    """Nothing was for readers where it stood before."""

    def former(self, url_path: str) -> str:
        """Where a page below stood that is at `url_path` now."""
        return self.url_path_before + url_path[len(self.page.url_path) :]

    def was_hidden(self, path: str, in_time: bool) -> bool:
        """Readers did not see the page with this tree path before the move."""
        within = tuple(node for node in self.restricted if node.startswith(self.page.path))
        unpublished = path == self.page.path and not self.was_live
        return self.from_restricted or unpublished or not in_time or path.startswith(within)


def _take_back(page: Page, url_path_before: str, parent_before: Page, *, was_live: bool) -> None:
    """Deletes the redirects to `page` and to those below it that lead from where readers did not see them."""
    private = PageViewRestriction.objects.exclude(restriction_type="none")
    restricted = list(private.values_list("page__path", flat=True))
    above = Page._base_manager.values_list("path", flat=True).get(pk=parent_before.pk)
    move = Move(page, url_path_before, was_live, restricted, from_restricted=above.startswith(tuple(restricted)))
    hidden = _from_hidden(move)
    for start in range(0, len(hidden), IDS_PER_STATEMENT):
        batch = hidden[start : start + IDS_PER_STATEMENT]
        keys = [key_of(url_path) for _, _, url_path in batch]
        seen = set(WithdrawnPath.objects.filter(path_key__in=keys).values_list("page_id", "url_path"))
        Redirect.objects.filter(pk__in=[pk for pk, *place in batch if tuple(place) not in seen]).delete()


def _from_hidden(move: Move) -> list[tuple[int, int, str]]:
    """Redirects from the former path of a page that was hidden there: id, id of the page, and that path in the tree."""
    made = Redirect.objects.filter(automatically_created=True, redirect_page__path__startswith=move.page.path)
    shown = ExpressionWrapper(live_now("redirect_page__"), BooleanField())
    rows = made.order_by().annotate(shown=shown).values_list(*REDIRECT, "shown")
    sites = current_sites().all
    found = []
    for pk, old_path, page_id, path, url_path, in_time_now in rows:
        former = move.former(url_path)
        left = old_path in {Redirect.normalise_path(site.path_of(former)) for site in sites}
        if left and move.was_hidden(path, in_time_now):
            found.append((pk, page_id, former))
    return found


REDIRECT = ("pk", "old_path", "redirect_page_id", "redirect_page__path", "redirect_page__url_path")
