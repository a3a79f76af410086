"""Every page that search engines may know."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Page

from api.http.pagination import list_representation
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.queries.compiled import moment
from api.resources.listing import Listing, Order
from api.visibility.rules import visible_page
from pages.models import ArticlePage
from pages.publication import iso


def _mapped(shape: tuple[int, int]) -> QuerySet[Any]:
    hidden = ArticlePage._base_manager.filter(pk=OuterRef("pk"), noindex=True)
    pages: QuerySet[Any] = Page._base_manager.filter(visible_page(shape), ~Exists(hidden)).order_by()
    return pages


SITEMAP = Listing(_mapped, orders=(Order("id", "pk", 0, int),), default="id", most=1000)


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
        columns = ("pk", "url_path", "locale__language_code", "last_published_at")
        page = SITEMAP.read(query.values, site=site, identity="sitemap", columns=columns)
        items = [
            f'{{"id":{pk},"path":{quoted(site.path_of(url_path))},"url":{quoted(site.url + site.path_of(url_path))},'
            f'"locale":"{locale}","updated_at":{quoted(iso(moment(updated))) if updated else "null"}}}'
            for pk, url_path, locale, updated in page.rows
        ]
        return list_representation(query, page, items, ["sitemap"])
