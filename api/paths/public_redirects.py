"""Which redirects readers are told of, in the list and at a path alike: one rule.

A redirect is told in its site, or in all sites, if it leads elsewhere or to a page that readers may see.  Not told is
one that nobody would be led by: where a page stands at its old path that readers may see (a path that a page has left
and come back to, so that it leads to itself, is such a one), where it names itself as its target, or where a better
redirect has the same old path: one of the site alone before one of all sites, then the older one.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Length, StrIndex, Substr
from django.db.models.lookups import IsNull
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from api.json_schema import BOOLEAN, ID, PATH, STRING, define, nullable, record
from api.queries.compiled import AnyOf, CompiledQueries, InSubtree, Placeholder
from api.visibility.rules import visible_page
from api.visibility.sites import Site

REDIRECT = define(
    "Redirect",
    record(
        "An old path and where it leads now.",
        {
            "id": ID,
            "path": STRING | {"description": "Without a slash at its end; `by-path` takes it with one, too."},
            "to": {
                "type": "string",
                "format": "uri-reference",
                "description": "The URL of a page of this site; otherwise a URL or a path, as editors wrote it.",
            },
            "to_path": nullable(PATH) | {"description": "The path of that page; null: it leads elsewhere."},
            "permanent": BOOLEAN,
        },
    ),
)


class RedirectRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    old_path: str
    is_permanent: bool
    redirect_link: str
    redirect_page__url_path: str | None
    redirect_page_route_path: str


class LastSegment(Func):
    """What stands behind the last slash of a path."""

    output_field = CharField()

    def as_sql(  # type: ignore[override]  # one template per database
        self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        if connection.vendor == "postgresql":
            template = "reverse(split_part(reverse(%(expressions)s), '/', 1))"
            return super().as_sql(compiler, connection, template=template)
        (path, params) = compiler.compile(self.get_source_expressions()[0])
        sql = f"replace({path}, rtrim({path}, replace({path}, '/', '')), '')"
        return sql, [*params, *params, *params]


def public_redirects(shape: tuple[int, int]) -> QuerySet[Any]:
    """The rule.  `shape` is that of the requested site (`Site.shape`)."""
    path = Substr("old_path", 1, StrIndex(Concat("old_path", Value("?")), Value("?")) - 1)
    rows: QuerySet[Any] = (
        _leading_somewhere(shape)
        .annotate(asked_path=path)
        .filter(~_better(shape), ~Q(redirect_link=F("old_path")), ~Q(redirect_link=Concat("old_path", Value("/"))))
    )
    for number in range(shape[0]):
        rows = rows.filter(~_shadowed(shape, number))
    return rows.order_by()


def _leading_somewhere(shape: tuple[int, int]) -> QuerySet[Any]:
    elsewhere = Q(redirect_page__isnull=True) & ~Q(redirect_link="")
    here = Q(site__isnull=True) | Q(site_id=Placeholder("site_id", BigIntegerField()))
    rows: QuerySet[Any] = Redirect.objects.filter(here, elsewhere | visible_page(shape, "redirect_page__"))
    return rows.order_by()


def _better(shape: tuple[int, int]) -> Q:
    same = _leading_somewhere(shape).filter(old_path=OuterRef("old_path"))
    of_site = Q(site__isnull=False) & Q(IsNull(OuterRef("site_id"), True))
    older = Q(pk__lt=OuterRef("pk")) & (Q(site__isnull=False) | Q(IsNull(OuterRef("site_id"), True)))
    return Q(Exists(same.filter(of_site | older)))


def _shadowed(shape: tuple[int, int], number: int) -> Q:
    """A page that readers may see stands at the old path, below one of the site's roots or at the root itself."""
    prefix, root = Placeholder(f"root{number}_prefix", CharField()), Placeholder(f"root{number}_url_path", CharField())
    asked = OuterRef("asked_path")
    inside = Substr(asked, Length(prefix) + 2)
    pages = Page._base_manager.filter(visible_page(shape))
    below = pages.filter(slug=LastSegment(asked), url_path=Concat(root, inside, Value("/")))
    at_root = pages.filter(path=Placeholder(f"root{number}", CharField()))
    begins = Q(InSubtree(F("asked_path"), Concat(prefix, Value("/"))))
    is_root = Q(asked_path=prefix) | Q(asked_path=Concat(prefix, Value("/")))
    return Q(Q(begins, Exists(below)), Q(is_root, Exists(at_root)), _connector=Q.OR)


REDIRECTS_AT = CompiledQueries(
    lambda *shape: (
        public_redirects(shape)
        .filter(AnyOf(F("old_path"), Placeholder("old_paths", CharField()), "text"))
        .values_list(*RedirectRow._fields)
    )
)


def redirect_text(row: RedirectRow, site: Site) -> str:
    """A `Redirect`."""
    target, path = row.redirect_link, "null"
    if row.redirect_page__url_path:
        to_path = site.path_of(row.redirect_page__url_path).rstrip("/") + (row.redirect_page_route_path or "/")
        target, path = site.url + to_path, quoted(to_path)
    permanent = "true" if row.is_permanent else "false"
    start = f'"id":{row.pk},"path":{quoted(row.old_path)}'
    return f'{{{start},"to":{quoted(target)},"to_path":{path},"permanent":{permanent}}}'
