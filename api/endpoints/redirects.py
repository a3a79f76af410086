"""Old paths and where they lead now."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Q, QuerySet
from wagtail.contrib.redirects.models import Redirect

from api.http.pagination import list_representation
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import BOOLEAN, STRING, define, record
from api.queries.compiled import CompiledQueries, F, Placeholder
from api.resources.listing import Listing, Order
from api.visibility.rules import visible_page
from api.visibility.sites import Site

REDIRECT_SHAPE = define(
    "Redirect",
    record(
        "An old path and where it leads now.",
        {
            "path": STRING | {"description": "Without a slash at its end; `by-path` takes it with one, too."},
            "to": {
                "type": "string",
                "format": "uri-reference",
                "description": "The URL of a page of this site; otherwise a URL or a path, as editors wrote it.",
            },
            "permanent": BOOLEAN,
        },
    ),
)


def visible_redirects(shape: tuple[int, int]) -> QuerySet[Any]:
    """Of the site, or of all sites; leading elsewhere, or to a page that readers may see."""
    elsewhere = Q(redirect_page__isnull=True) & ~Q(redirect_link="")
    here = Q(site__isnull=True) | Q(site_id=Placeholder("site_id", BigIntegerField()))
    rows: QuerySet[Any] = Redirect.objects.filter(here, elsewhere | visible_page(shape, "redirect_page__"))
    return rows.order_by()


class RedirectRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    old_path: str
    is_permanent: bool
    redirect_link: str
    redirect_page__url_path: str | None
    redirect_page_route_path: str


REDIRECTS = Listing(
    visible_redirects,
    RedirectRow,
    orders=(Order("path", "old_path"), Order("id", "pk", int)),
    default="path",
    most=1000,
)
REDIRECT_AT = CompiledQueries(
    lambda *shape: (
        visible_redirects(shape)
        .filter(old_path=Placeholder("old_path", CharField()))
        .order_by(F("site_id").asc(nulls_last=True), "pk")
        .values_list(*RedirectRow._fields)
    )
)


def redirect_text(row: RedirectRow, site: Site) -> str:
    """A `Redirect`."""
    target = row.redirect_link
    if row.redirect_page__url_path:
        page_url = site.url + site.path_of(row.redirect_page__url_path).rstrip("/")
        target = page_url + (row.redirect_page_route_path or "/")
    permanent = "true" if row.is_permanent else "false"
    return f'{{"path":{quoted(row.old_path)},"to":{quoted(target)},"permanent":{permanent}}}'


class RedirectList(ContentView):
    parameters = (SITE, *REDIRECTS.parameters)
    operation = {
        "operationId": "listRedirects",
        "summary": "Old paths and where they lead now",
        "tags": ["tree"],
        "list_of": "Redirect",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        page = REDIRECTS.read(query.values, site=query.site, identity="redirects")
        return list_representation(query, page, [redirect_text(row, query.site) for row in page.rows], ["redirects"])
