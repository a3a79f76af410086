"""Where a page stood that readers could see, and that was withdrawn: unpublished, deleted or expired.

A path is remembered in the transaction that withdraws the page.  What readers never saw is not, nor what is kept from
them at that moment (`pages.visibility.withheld_page`); and what is remembered is told only as long as neither the page,
if it is still there, nor anything at the path or above it is under a restriction.  Otherwise the answer would tell that
something is hidden there.  A page that is deleted while it is kept back takes with it what was remembered of it and of
all paths below.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Now
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction

from api.models import WithdrawnPath, key_of
from api.queries.compiled import (
    AnyOf,
    CompiledQuery,
    Placeholder,
    text_list,
)
from api.visibility.rules import withheld_page
from api.visibility.sites import Site, Sites, slug_of
from pages.signals import publicity_changed

MAX_LEVELS = 100
"""Levels of a path that are looked at; nothing stands deeper."""


def _was_shown() -> Q:
    """It had not expired before it was published."""
    return Q(expire_at__isnull=True) | Q(expire_at__gt=F("first_published_at"))


@receiver(publicity_changed)
def remember(withdrawn: Sequence[int], deleted: bool, **kwargs: Any) -> None:
    """At most three queries, however many pages."""
    if not withdrawn:
        return
    kept = ExpressionWrapper(withheld_page(), BooleanField())
    shown = ExpressionWrapper(Q(_was_shown(), live=True) if deleted else _was_shown(), BooleanField())
    pages = Page._base_manager.filter(pk__in=withdrawn).annotate(kept=kept, shown=shown)
    rows = list(pages.order_by().values_list("pk", "url_path", "kept", "shown"))
    hidden = {pk: url_path for pk, url_path, is_kept, _ in rows if is_kept}
    if hidden:
        below = [Q(url_path__startswith=path) for path in _topmost(hidden.values())] if deleted else []
        WithdrawnPath.objects.filter(reduce(or_, below, Q(page_id__in=hidden))).delete()
    WithdrawnPath.objects.bulk_create(
        (
            WithdrawnPath(page_id=pk, path_key=key_of(url_path), url_path=url_path)
            for pk, url_path, is_kept, was_shown in rows
            if was_shown and not is_kept
        ),
        ignore_conflicts=True,
    )


def _topmost(paths: Iterable[str]) -> list[str]:
    """Those that are below no other."""
    topmost: list[str] = []
    for path in sorted(paths):
        if not topmost or not path.startswith(topmost[-1]):
            topmost.append(path)
    return topmost


def _remembered() -> QuerySet[Any, Any]:
    """Of pages that are gone, or not live, or live somewhere else."""
    page = Page._base_manager.filter(withheld_page(), pk=OuterRef("page_id"))
    rows = WithdrawnPath.objects.filter(AnyOf(F("path_key"), Placeholder("keys", CharField()), "text"), ~Exists(page))
    return rows.order_by().values_list("url_path")


def _expired() -> QuerySet[Any, Any]:
    """Nobody has unpublished them yet."""
    at = AnyOf(F("url_path"), Placeholder("url_paths", TextField()), "text")
    by_index = AnyOf(F("slug"), Placeholder("slugs", CharField()), "text")
    expired = Q(expire_at__lte=Now()) | Q(alias_of__expire_at__lte=Now()) | Q(alias_of__alias_of__expire_at__lte=Now())
    pages: QuerySet[Any, Any] = Page._base_manager.filter(
        at, by_index, expired, _was_shown(), ~withheld_page(), live=True
    )
    return pages.order_by().values_list("url_path")


def _restricted() -> QuerySet[Any, Any]:
    """Paths of restricted pages."""
    restrictions: QuerySet[Any, Any] = PageViewRestriction.objects.exclude(restriction_type="none").filter(
        AnyOf(F("page__url_path"), Placeholder("levels", CharField()), "text")
    )
    return restrictions.order_by().values_list("page__url_path")


REMEMBERED = CompiledQuery(_remembered)
EXPIRED = CompiledQuery(_expired)
RESTRICTED = CompiledQuery(_restricted)


def is_gone(sites: Sites, site: Site, url_paths: Sequence[str]) -> bool:
    """At one of these paths in the tree, in this site.  At most three queries."""
    own = [path for path in url_paths if _stands_in(sites, site, path)]
    if not own:
        return False
    rows = REMEMBERED.rows(keys=text_list(map(key_of, own)))
    rows = rows or EXPIRED.rows(url_paths=text_list(own), slugs=text_list(map(slug_of, own)))
    found = [path for (path,) in rows]
    if not found:
        return False
    levels = {level for path in found for level in _levels(path)}
    restricted = {path for (path,) in RESTRICTED.rows(levels=text_list(levels))}
    return any(restricted.isdisjoint(_levels(path)) for path in found)


def _stands_in(sites: Sites, site: Site, path: str) -> bool:
    """Of all roots above a path, the nearest is one of the site's."""
    above = [(len(root.url_path), it.pk) for it in sites.all for root in it.roots if path.startswith(root.url_path)]
    return bool(above) and site.pk in {pk for length, pk in above if length == max(above)[0]}


def _levels(path: str) -> list[str]:
    """``/a/b/`` and what is above it: ``/``, ``/a/``, ``/a/b/``."""
    parts = path.split("/")[: MAX_LEVELS + 1]
    return ["/".join(parts[:number]) + "/" for number in range(1, len(parts))]
