"""Old paths and where they lead now."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet
from wagtail.contrib.redirects.models import Redirect

from api.http.pagination import list_representation
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.queries.compiled import CompiledQueries, F, Placeholder, Row
from api.resources.listing import Listing, Order
from api.visibility.rules import visible_page
from api.visibility.sites import Site


def visible_redirects(shape: tuple[int, int]) -> QuerySet[Any]:
    """Of the site, or of all sites; leading elsewhere, or to a page that readers may see."""
    elsewhere = Q(redirect_page__isnull=True) & ~Q(redirect_link="")
    here = Q(site__isnull=True) | Q(site_id=Placeholder("site_id", BigIntegerField()))
    rows: QuerySet[Any] = Redirect.objects.filter(here, elsewhere | visible_page(shape, "redirect_page__"))
    return rows.order_by()


REDIRECT = ("pk", "old_path", "is_permanent", "redirect_link", "redirect_page__url_path", "redirect_page_route_path")
REDIRECTS = Listing(
    visible_redirects, orders=(Order("path", "old_path", 1), Order("id", "pk", 0, int)), default="path", most=1000
)
REDIRECT_AT = CompiledQueries(
    lambda *shape: (
        visible_redirects(shape)
        .filter(old_path=Placeholder("old_path", CharField()))
        .order_by(F("site_id").asc(nulls_last=True), "pk")
        .values_list(*REDIRECT)
    )
)


def redirect_text(row: Row, site: Site) -> str:
    """A `Redirect`."""
    _, old_path, permanent, link, url_path, route = row
    target = site.url + site.path_of(url_path).rstrip("/") + (route or "/") if url_path else link
    return f'{{"path":{quoted(old_path)},"to":{quoted(target)},"permanent":{"true" if permanent else "false"}}}'


class RedirectList(ContentView):
    parameters = (SITE, *REDIRECTS.parameters)
    operation = {
        "operationId": "listRedirects",
        "summary": "Old paths and where they lead now",
        "tags": ["tree"],
        "list_of": "Redirect",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        page = REDIRECTS.read(query.values, site=query.site, identity="redirects", columns=REDIRECT)
        return list_representation(query, page, [redirect_text(row, query.site) for row in page.rows], ["redirects"])
