"""What readers may see: the one rule, asked of the database whenever something is read.

A page is visible in a site if it is live, not expired, not before its time, under no view restriction (its own or
an ancestor's), stands below the site's root (or a translation of it) and below no other site's root that is nested
there; and, being an alias, only as long as its source is live, in time and unrestricted too (an alias of an alias
likewise, and of its source; a longer chain is not shown).

A school is visible if it is live and in time; an image or a document if no restriction lies on its collection.

Everything is a condition (`Q`) for a queryset, and every relation of an answer goes through the same condition as
a direct request.  Nobody is ever logged in here: cookies are not read, so that a restriction of any kind hides.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Now, Substr
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from api.queries.compiled import InSubtree, Placeholder

INDEXED_DEPTH = 12
"""Ancestors so deep are found by index; a deeper page costs a look at each restriction."""


def in_time(prefix: str = "") -> Q:
    """Live, not expired, not before its time, by the database's clock."""
    return (
        Q(**{f"{prefix}live": True})
        & (Q(**{f"{prefix}expire_at__isnull": True}) | Q(**{f"{prefix}expire_at__gt": Now()}))
        & (Q(**{f"{prefix}go_live_at__isnull": True}) | Q(**{f"{prefix}go_live_at__lte": Now()}))
    )


def _restricted(restrictions: Any, node: str, steplen: int, prefix: str) -> Q:
    """A restriction lies on the node of a tree or on one above it."""
    private = restrictions.exclude(restriction_type="none")
    ancestors = [Substr(OuterRef(f"{prefix}path"), 1, steplen * depth) for depth in range(1, INDEXED_DEPTH + 1)]
    near = private.filter(**{f"{node}__path__in": ancestors})
    anywhere = private.filter(InSubtree(OuterRef(f"{prefix}path"), F(f"{node}__path")))
    deep = Q(**{f"{prefix}depth__gt": INDEXED_DEPTH})
    return Q(Exists(near), Q(deep, Exists(anywhere)), _connector=Q.OR)


def _restricted_page(prefix: str) -> Q:
    return _restricted(PageViewRestriction.objects, "page", Page.steplen, prefix)


def _closed_source(prefix: str) -> Q:
    """What an alias is made of is not for readers; false where there is no such page."""
    return Q(
        Q(**{f"{prefix}live": False}),
        Q(**{f"{prefix}expire_at__lte": Now()}),
        Q(**{f"{prefix}go_live_at__gt": Now()}),
        _restricted_page(prefix),
        _connector=Q.OR,
    )


def open_page(prefix: str = "") -> Q:
    """The rule without its site.  `prefix` leads to the page, such as ``page__``."""
    source = Page._base_manager.filter(pk=OuterRef(f"{prefix}alias_of_id")).order_by()
    chained = Q(alias_of__alias_of__isnull=False)
    closed = source.filter(Q(_closed_source(""), _closed_source("alias_of__"), chained, _connector=Q.OR))
    # PostgreSQL would join a bare NOT EXISTS to all pages, where there are few; what is no alias needs no look.
    no_alias = Q(**{f"{prefix}alias_of__isnull": True})
    return Q(in_time(prefix), ~_restricted_page(prefix), Q(no_alias, ~Exists(closed), _connector=Q.OR))


def kept_back(prefix: str = "") -> Q:
    """Readers may not see it whether it is live or not: a restriction lies on the page or on what it is an alias of, or
    its time is not yet there."""
    early = Q(go_live_at__gt=Now()) | Q(alias_of__go_live_at__gt=Now())
    chained = Q(alias_of__alias_of__isnull=False)
    source = Page._base_manager.filter(pk=OuterRef(f"{prefix}alias_of_id")).order_by()
    closed = source.filter(Q(_restricted_page(""), _restricted_page("alias_of__"), early, chained, _connector=Q.OR))
    return Q(_restricted_page(prefix), Q(**{f"{prefix}go_live_at__gt": Now()}), Exists(closed), _connector=Q.OR)


def in_site(prefix: str, roots: int, nested: int) -> Q:
    """Stands in the requested site.  Slots ``root0`` ... and ``nested0`` ... take tree paths (`Site.slots`)."""
    path = F(f"{prefix}path")
    inside = Q()
    for number in range(roots):
        inside |= Q(InSubtree(path, Placeholder(f"root{number}", CharField())))
    for number in range(nested):
        inside &= ~Q(InSubtree(path, Placeholder(f"nested{number}", CharField())))
    return inside


def visible_page(shape: tuple[int, int], prefix: str = "") -> Q:
    """The rule.  `shape` is that of the requested site (`Site.shape`)."""
    return open_page(prefix) & in_site(prefix, *shape)


def visible_school(prefix: str = "") -> Q:
    return in_time(prefix)


def visible_file(prefix: str = "") -> Q:
    """An image or a document."""
    return ~_restricted(CollectionViewRestriction.objects, "collection", Collection.steplen, f"{prefix}collection__")
