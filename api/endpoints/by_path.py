"""What is at a path: a page, a redirect, or nothing any more."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, QuerySet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from api.endpoints.articles import BY_ID, DETAIL_FORM, LOCALE, PATH, form_of
from api.endpoints.indexes import INDEX_BY_ID, index_texts
from api.endpoints.redirects import REDIRECT_AT, redirect_text
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.openapi.references import ref
from api.paths.withdrawn import is_gone
from api.queries.compiled import CompiledQueries, Placeholder, Row
from api.resources.articles import Articles
from api.resources.references import page_text
from api.visibility.rules import visible_page
from api.visibility.sites import slug_of

PAGE = ("pk", "title", "url_path", "content_type__app_label", "content_type__model")


def _at(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(
        visible_page((shape[0], shape[1])),
        slug=Placeholder("slug", CharField()),
        url_path=Placeholder("url_path", CharField()),
    )
    return pages.order_by().values_list(*PAGE)


PAGE_AT = CompiledQueries(_at)


class ByPath(ContentView):
    parameters = (SITE, PATH, LOCALE, *DETAIL_FORM)
    operation = {
        "operationId": "readPath",
        "summary": "What is at a path: a page, a redirect, or nothing any more",
        "description": (
            "`kind` tells which: a page, an article and an article index in full; a redirect; or `gone`, where a page "
            "stood that was withdrawn.  404 where nothing ever was for readers."
        ),
        "tags": ["tree"],
        "answer": ref("PathAnswer"),
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site, wanted = query.site, query["path"]
        if not wanted.startswith("/"):
            raise not_found()
        fitting = [at for locale, at in site.tree_paths_of(wanted) if query["locale"] in {None, locale}]
        for url_path in fitting:
            if rows := PAGE_AT(*site.shape).rows(site.slots, url_path=url_path, slug=slug_of(url_path)):
                return page_answer(query, rows[0])
        old_path = Redirect.normalise_path(wanted)
        if found := REDIRECT_AT(*site.shape).rows(site.slots, limit=1, old_path=old_path):
            text = f'{{"kind":"redirect","redirect":{redirect_text(found[0], site)}}}'
            return Representation(lambda: text, tags=["redirects"])
        if is_gone(query.all_sites, site, fitting):
            return Representation(lambda: '{"kind":"gone"}', tags=["paths"])
        raise not_found()


def page_answer(query: Query, row: Row) -> Representation:
    site, form = query.site, form_of(query)
    known, tags = "", [f"page-{row[0]}"]
    if row[4] == "articlepage" and (rows := BY_ID(site.shape, form.columns).rows(site.slots, pk=row[0])):
        articles = Articles.load(site, rows, form)
        known, tags = f',"article":{articles.text(rows[0])}', articles.tags()
    elif row[4] == "articleindexpage" and (rows := INDEX_BY_ID(*site.shape).rows(site.slots, pk=row[0])):
        texts, tags = index_texts(site, rows)
        known = f',"index":{texts[0]}'
    text = f'{{"kind":"page","page":{page_text(row, site)}{known}}}'
    return Representation(lambda: text, tags=tags)
