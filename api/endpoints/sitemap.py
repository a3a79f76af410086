"""Every page that search engines may know."""

from __future__ import annotations

from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Page

from api.http.pagination import list_representation
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import ID, LOCALE, OPTIONAL_DATE, PATH, URL, define, record
from api.queries.compiled import moment
from api.resources.listing import Listing, Order
from api.visibility.rules import visible_page
from api.visibility.sites import Site
from pages.models import ArticlePage
from pages.publication import iso

SITEMAP_ENTRY = define(
    "SitemapEntry",
    record(
        "A page that search engines may know.",
        {"id": ID, "path": PATH, "url": URL, "locale": LOCALE, "updated_at": OPTIONAL_DATE},
    ),
)


def _mapped(shape: tuple[int, int]) -> QuerySet[Any]:
    hidden = ArticlePage._base_manager.filter(pk=OuterRef("pk"), noindex=True)
    pages: QuerySet[Any] = Page._base_manager.filter(visible_page(shape), ~Exists(hidden)).order_by()
    return pages


class SitemapRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    url_path: str
    locale__language_code: str
    last_published_at: datetime | None


SITEMAP = Listing(_mapped, SitemapRow, orders=(Order("id", "pk", int),), default="id", most=1000)


def entry_text(row: SitemapRow, site: Site) -> str:
    """A `SitemapEntry`."""
    path = site.path_of(row.url_path)
    updated = quoted(iso(moment(row.last_published_at))) if row.last_published_at else "null"
    return (
        f'{{"id":{row.pk},"path":{quoted(path)},"url":{quoted(site.url + path)},'
        f'"locale":"{row.locale__language_code}","updated_at":{updated}}}'
    )


class Sitemap(ContentView):
    parameters = (SITE, *SITEMAP.parameters)
    operation = {
        "operationId": "listSitemap",
        "summary": "Every page that search engines may know",
        "tags": ["tree"],
        "list_of": "SitemapEntry",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site = query.site
        page = SITEMAP.read(query.values, site=site, identity="sitemap")
        return list_representation(query, page, [entry_text(row, site) for row in page.rows], ["sitemap"])
