"""What readers may see: the one rule, asked of the database whenever something is read.

A page is visible in a site if it is live, not expired, not before its time, under no view restriction (its own or
an ancestor's), stands below the site's root (or a translation of it) and below no other site's root that is nested
there; and, being an alias, only as long as its source is live, in time and unrestricted too.

A school is visible if it is live and in time; an image or a document if no restriction lies on its collection.

Everything is a condition (`Q`) for a queryset, and every relation of an answer goes through the same condition as
a direct request.  Nobody is ever logged in here: cookies are not read, so that a restriction of any kind hides.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Now, Substr
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from api.statements import Slot, Within

INDEXED_DEPTH = 12
"""Ancestors so deep are found by index; a deeper page costs a look at each restriction."""
ALIAS_CHAIN = 2
"""An alias of an alias of a page is followed to the page; a longer chain is not shown."""


def in_time(prefix: str = "") -> Q:
    """Live, not expired, not before its time, by the database's clock."""
    return (
        Q(**{f"{prefix}live": True})
        & (Q(**{f"{prefix}expire_at__isnull": True}) | Q(**{f"{prefix}expire_at__gt": Now()}))
        & (Q(**{f"{prefix}go_live_at__isnull": True}) | Q(**{f"{prefix}go_live_at__lte": Now()}))
    )


def _unrestricted(restrictions: Any, node: str, steplen: int, prefix: str) -> Q:
    """No restriction lies on the node of a tree or on one above it."""
    private = restrictions.exclude(restriction_type="none")
    ancestors = [Substr(OuterRef(f"{prefix}path"), 1, steplen * depth) for depth in range(1, INDEXED_DEPTH + 1)]
    near = private.filter(**{f"{node}__path__in": ancestors})
    anywhere = private.filter(Within(OuterRef(f"{prefix}path"), F(f"{node}__path")))
    shallow = Q(**{f"{prefix}depth__lte": INDEXED_DEPTH})
    return Q(~Exists(near), Q(shallow, ~Exists(anywhere), _connector=Q.OR))


def open_page(prefix: str = "", *, aliases: int = ALIAS_CHAIN) -> Q:
    """The rule without its site.  `prefix` leads to the page, such as ``page__``."""
    unrestricted = _unrestricted(PageViewRestriction.objects, "page", Page.steplen, prefix)
    if not aliases:
        return Q(in_time(prefix), unrestricted, **{f"{prefix}alias_of__isnull": True})
    sources = Page._base_manager.filter(pk=OuterRef(f"{prefix}alias_of_id")).order_by()
    return Q(in_time(prefix), unrestricted, ~Exists(sources.exclude(pk__in=_open_sources(aliases - 1))))


def _open_sources(aliases: int) -> Any:
    return Page._base_manager.filter(open_page(aliases=aliases), pk=OuterRef("pk")).order_by().values("pk")


def in_site(prefix: str, roots: int, nested: int) -> Q:
    """Stands in the requested site.  Slots ``root0`` ... and ``nested0`` ... take tree paths (`Site.slots`)."""
    path = F(f"{prefix}path")
    inside = Q()
    for number in range(roots):
        inside |= Q(Within(path, Slot(f"root{number}", CharField())))
    for number in range(nested):
        inside &= ~Q(Within(path, Slot(f"nested{number}", CharField())))
    return inside


def visible_page(shape: tuple[int, int], prefix: str = "") -> Q:
    """The rule.  `shape` is that of the requested site (`Site.shape`)."""
    return open_page(prefix) & in_site(prefix, *shape)


def visible_school(prefix: str = "") -> Q:
    return in_time(prefix)


def visible_file(prefix: str = "") -> Q:
    """An image or a document."""
    return _unrestricted(CollectionViewRestriction.objects, "collection", Collection.steplen, f"{prefix}collection__")
