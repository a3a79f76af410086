"""The one rule of what readers may see, as conditions (`Q`) for querysets: asked of the database at every reading.

A page is visible in a site if it is live, not expired, not before its time, under no view restriction (its own or
an ancestor's), stands below the site's root (or a translation of it) and below no other site's root that is nested
there; and, being an alias, only as long as its source is live, in time and unrestricted too (an alias of an alias
likewise, and of its source; a longer chain is not shown).

A school is visible if it is live and in time; an image or a document if no restriction lies on its collection.

Nobody is ever logged in here: a restriction of any kind hides.  `prefix` leads from the rows of the queryset to the
object that is asked about, such as ``page__``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Now, Substr
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

INDEXED_DEPTH = 12
"""Levels whose restrictions are found by index; a deeper page costs a look at each restriction."""


class InSubtree(Func):
    """The tree path `path` is that of `ancestor`, or below it; a condition only, that no index serves."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, path: Any, ancestor: Any) -> None:
        super().__init__(path, ancestor, ancestor)

    def as_sql(  # type: ignore[override]  # compiled parts, no template
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        (path, _), (ancestor, _), (again, _) = parts
        params = tuple(param for _, values in parts for param in values)
        if connection.vendor == "postgresql":
            # As a CASE, because of an equality the planner would believe that few rows pass; mostly all do.
            equal = f"substr({path}, 1, length({ancestor}::text)) = {again}::text"
            return f"CASE WHEN {equal} THEN TRUE ELSE FALSE END", params
        return f"substr({path}, 1, length({ancestor})) = {again}", params


def live_now(prefix: str = "") -> Q:
    """Live, not expired, not before its time, by the database's clock."""
    return (
        Q(**{f"{prefix}live": True})
        & (Q(**{f"{prefix}expire_at__isnull": True}) | Q(**{f"{prefix}expire_at__gt": Now()}))
        & (Q(**{f"{prefix}go_live_at__isnull": True}) | Q(**{f"{prefix}go_live_at__lte": Now()}))
    )


def public_page(prefix: str = "") -> Q:
    """The rule for pages without its site."""
    # What is no alias needs no look at a source.
    no_alias = Q(**{f"{prefix}alias_of__isnull": True})
    return Q(
        live_now(prefix), ~_restricted_page(prefix), Q(no_alias, ~_source(prefix, _hidden_source), _connector=Q.OR)
    )


def withheld_page(prefix: str = "") -> Q:
    """Readers may not see it whether it is live or not: a restriction lies on the page or on what it is an alias of, or
    its time is not yet there."""
    alias = Q(**{f"{prefix}alias_of__isnull": False})
    early = Q(**{f"{prefix}go_live_at__gt": Now()})
    return Q(_restricted_page(prefix), early, Q(alias, _source(prefix, _withheld_source)), _connector=Q.OR)


def visible_school(prefix: str = "") -> Q:
    """The rule for schools; the same in every site."""
    return live_now(prefix)


def hideable_school(prefix: str = "") -> Q:
    """May be one that readers may not see; by index (`School.Meta.indexes`)."""
    return Q(
        Q(**{f"{prefix}live": False}),
        Q(**{f"{prefix}expire_at__isnull": False}),
        Q(**{f"{prefix}go_live_at__isnull": False}),
        _connector=Q.OR,
    )


def visible_file(prefix: str = "") -> Q:
    """The rule for images and documents; the same in every site."""
    return ~_restricted(CollectionViewRestriction.objects, "collection", Collection.steplen, f"{prefix}collection__")


def in_trees(roots: Sequence[Any], nested: Sequence[Any], prefix: str = "") -> Q:
    """Stands below one of `roots` and below none of `nested`: expressions for tree paths."""
    path = F(f"{prefix}path")
    inside = Q()
    for root in roots:
        inside |= Q(InSubtree(path, root))
    for root in nested:
        inside &= ~Q(InSubtree(path, root))
    return inside


@dataclass(frozen=True, slots=True)
class SiteTrees:
    """Where the pages of a site stand: tree paths."""

    roots: tuple[str, ...]
    """Of the root page and its translations."""
    nested: tuple[str, ...]
    """Of other sites' roots below these."""

    @classmethod
    def of(cls, site: Site) -> SiteTrees:
        """One query, and one for the site's root page where it was not read yet."""
        keys = Site.objects.values("root_page__translation_key")
        pages = Page._base_manager.filter(translation_key__in=keys).order_by("path")
        rows = list(pages.values_list("path", "translation_key"))
        roots = tuple(path for path, key in rows if key == site.root_page.translation_key)
        nested = tuple(path for path, _ in rows if path not in roots and path.startswith(roots))
        return cls(roots, nested)

    def visible_page(self, prefix: str = "") -> Q:
        """The rule for pages, in this site."""
        roots, nested = ([Value(path) for path in paths] for paths in (self.roots, self.nested))
        return public_page(prefix) & in_trees(roots, nested, prefix)


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


_ALIAS, _CHAINED = Q(alias_of__isnull=False), Q(alias_of__alias_of__isnull=False)
"""Of the source of an alias: it is an alias itself; it is an alias of an alias."""


def _hidden_source(prefix: str) -> Q:
    """What an alias is made of is not for readers; false where there is no such page."""
    return Q(
        Q(**{f"{prefix}live": False}),
        Q(**{f"{prefix}expire_at__lte": Now()}),
        Q(**{f"{prefix}go_live_at__gt": Now()}),
        _restricted_page(prefix),
        _connector=Q.OR,
    )


def _withheld_source(prefix: str) -> Q:
    return Q(Q(**{f"{prefix}go_live_at__gt": Now()}), _restricted_page(prefix), _connector=Q.OR)


def _source(prefix: str, condition: Any) -> Q:
    """The source of an alias, or the source of that, meets a condition.

    A scalar subquery and no EXISTS: PostgreSQL would evaluate an EXISTS once for all pages that could be a source, and
    keep the result in a hash table, where a look at the few that are asked about is enough.
    """
    source = Page._base_manager.filter(pk=OuterRef(f"{prefix}alias_of_id")).order_by()
    above = Q(_ALIAS, condition("alias_of__"))  # conditions of a page that is not there would be tried one by one
    met = Q(condition(""), above, _CHAINED, _connector=Q.OR)
    known = Case(When(met, then=Value(True)), default=Value(False), output_field=BooleanField())
    return Q(Subquery(source.values(met=known)))
