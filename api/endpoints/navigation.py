"""The menu: pages that editors show in menus, as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import QuerySet
from wagtail.models import Page

from api.http import parameters
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import LOCALE, array, define, record, ref
from api.queries.compiled import CompiledQueries
from api.resources.references import PAGE_PROPERTIES, page_text
from api.visibility.rules import visible_page
from api.visibility.sites import Site

MAX_MENU_PAGES = 500


class MenuRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    title: str
    url_path: str
    content_type__app_label: str
    content_type__model: str
    path: str
    locale__language_code: str


NAVIGATION_ITEM = define(
    "NavigationItem",
    record("A page in a menu.", {**PAGE_PROPERTIES, "children": array(ref("NavigationItem"))}),
)
NAVIGATION = define("Navigation", record("A menu.", {"locale": LOCALE, "items": array(NAVIGATION_ITEM)}))


def _menu(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(visible_page((shape[0], shape[1])), show_in_menus=True)
    return pages.order_by("path").values_list(*MenuRow._fields)


MENU = CompiledQueries(_menu)


def menu_text(site: Site, rows: Sequence[MenuRow]) -> str:
    """A JSON array of `NavigationItem`s: each page under the nearest page of the menu above it."""
    parts: list[str] = []
    open_paths: list[str] = []
    for row in rows:
        while open_paths and not row.path.startswith(open_paths[-1]):
            open_paths.pop()
            parts.append("]}")
        comma = "," if parts and parts[-1] == "]}" else ""
        parts.append(f'{comma}{page_text(row, site)[:-1]},"children":[')
        open_paths.append(row.path)
    return f"[{''.join(parts)}{']}' * len(open_paths)}]"


MENU_LOCALE = parameters.text("locale", "The language of the menu; without it, the site's own.", high=100)


class Navigation(ContentView):
    parameters = (SITE, MENU_LOCALE)
    operation = {
        "operationId": "readNavigation",
        "summary": "Pages that editors show in menus, as a tree",
        "tags": ["tree"],
        "answer": NAVIGATION,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site, locale = query.site, query["locale"] or query.site.locale
        found = starmap(MenuRow, MENU(*site.shape).rows(site.slots, limit=MAX_MENU_PAGES))
        rows = [row for row in found if row.locale__language_code == locale]
        text = f'{{"locale":{quoted(locale)},"items":{menu_text(site, rows)}}}'
        return Representation(lambda: text, tags=["navigation", *(f"page-{row.pk}" for row in rows)])
