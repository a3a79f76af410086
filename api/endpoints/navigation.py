"""The menu: pages that editors show in menus, as a tree."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from api.http import parameters
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.openapi.references import ref
from api.queries.compiled import CompiledQueries, Row
from api.resources.references import page_text
from api.visibility.rules import visible_page
from api.visibility.sites import Site

PAGE = ("pk", "title", "url_path", "content_type__app_label", "content_type__model")
MENU_PAGES = 500


def _menu(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(visible_page((shape[0], shape[1])), show_in_menus=True)
    return pages.order_by("path").values_list(*PAGE, "path", "locale__language_code")


MENU = CompiledQueries(_menu)


def menu_text(site: Site, rows: list[Row]) -> str:
    """A JSON array of `NavigationItem`s: each page under the nearest page of the menu above it."""
    parts: list[str] = []
    open_paths: list[str] = []
    for row in rows:
        while open_paths and not row[5].startswith(open_paths[-1]):
            open_paths.pop()
            parts.append("]}")
        comma = "," if parts and parts[-1] == "]}" else ""
        parts.append(f'{comma}{page_text(row[:5], site)[:-1]},"children":[')
        open_paths.append(row[5])
    return f"[{''.join(parts)}{']}' * len(open_paths)}]"


MENU_LOCALE = parameters.text("locale", "The language of the menu; without it, the site's own.", high=100)


class Navigation(ContentView):
    parameters = (SITE, MENU_LOCALE)
    operation = {
        "operationId": "readNavigation",
        "summary": "Pages that editors show in menus, as a tree",
        "tags": ["tree"],
        "answer": ref("Navigation"),
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site, locale = query.site, query["locale"] or query.site.locale
        rows = [row for row in MENU(*site.shape).rows(site.slots, limit=MENU_PAGES) if row[6] == locale]
        text = f'{{"locale":{quoted(locale)},"items":{menu_text(site, rows)}}}'
        return Representation(lambda: text, tags=["navigation", *(f"page-{row[0]}" for row in rows)])
