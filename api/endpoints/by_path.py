"""What is at a path: a page, a redirect, or nothing any more."""

from __future__ import annotations

from itertools import starmap
from typing import Any

from django.db.models import CharField, QuerySet, TextField
from wagtail.models import Page

from api.endpoints.articles import BY_ID, DETAIL_FORM, PATH, form_of
from api.endpoints.indexes import ARTICLE_INDEX, INDEX_BY_ID, IndexRow, index_texts
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import Json, const, define, discriminated, record
from api.paths.asked_paths import AskedPath
from api.paths.public_redirects import REDIRECT, REDIRECTS_AT, RedirectRow, redirect_text
from api.paths.withdrawn import is_gone
from api.queries.compiled import AnyOf, CompiledQueries, F, Placeholder
from api.resources.articles import ARTICLE, PARTIAL_ARTICLE, ArticleRow, Articles
from api.resources.references import PAGE_REFERENCE, PageRow, page_text
from api.visibility.rules import visible_page


def _path_article(name: str, article: Json) -> None:
    """Defines the answer of a path at which there is an article."""
    shape = {"kind": const("article"), "page": PAGE_REFERENCE, "article": article}
    define(name, record("There is an article.", shape))


_path_article("PathArticle", ARTICLE)
_path_article("PathPartialArticle", PARTIAL_ARTICLE)
define(
    "PathIndex",
    record("There is an article index.", {"kind": const("index"), "page": PAGE_REFERENCE, "index": ARTICLE_INDEX}),
)
define("PathPage", record("There is a page of another type.", {"kind": const("page"), "page": PAGE_REFERENCE}))
define("PathRedirect", record("It moved.", {"kind": const("redirect"), "redirect": REDIRECT}))
define("PathGone", record("A page was there for readers, and was withdrawn.", {"kind": const("gone")}))
_KINDS = {
    "article": "PathArticle",
    "index": "PathIndex",
    "page": "PathPage",
    "redirect": "PathRedirect",
    "gone": "PathGone",
}
PATH_ANSWER = define("PathAnswer", discriminated("What is at a path; `kind` tells.", "kind", _KINDS))
PARTIAL_PATH_ANSWER = define(
    "PartialPathAnswer",
    discriminated(
        "What is at a path, of an article only what was asked for; `kind` tells.",
        "kind",
        {**_KINDS, "article": "PathPartialArticle"},
    ),
)


def _at(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(
        visible_page((shape[0], shape[1])),
        AnyOf(F("slug"), Placeholder("slugs", CharField()), "text"),
        AnyOf(F("url_path"), Placeholder("url_paths", TextField()), "text"),
    )
    return pages.order_by().values_list(*PageRow._fields)


PAGES_AT = CompiledQueries(_at)


class ByPath(ContentView):
    parameters = (SITE, PATH, *DETAIL_FORM)
    operation = {
        "operationId": "readPath",
        "summary": "What is at a path: a page, a redirect, or nothing any more",
        "description": (
            "`kind` tells which: an article or an article index, in full; a page of another type; a redirect; or "
            "`gone`, where a page stood that was withdrawn.  404 where nothing ever was for readers."
        ),
        "tags": ["tree"],
        "answer": PATH_ANSWER,
        "partial_answer": PARTIAL_PATH_ANSWER,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site = query.site
        asked = AskedPath.of(query["path"], site)
        slots = site.slots | asked.slots
        if pages := {row.url_path: row for row in starmap(PageRow, PAGES_AT(*site.shape).rows(slots))}:
            return page_answer(query, next(pages[at] for at in asked.url_paths if at in pages))
        if found := {row.old_path: row for row in starmap(RedirectRow, REDIRECTS_AT(*site.shape).rows(slots))}:
            redirect = next(found[at] for at in asked.old_paths if at in found)
            text = f'{{"kind":"redirect","redirect":{redirect_text(redirect, site)}}}'
            return Representation(lambda: text, tags=["redirects"])
        if is_gone(query.all_sites, site, asked.url_paths):
            return Representation(lambda: '{"kind":"gone"}', tags=["paths"])
        raise not_found()


def page_answer(query: Query, row: PageRow) -> Representation:
    site, form = query.site, form_of(query)
    kind, known, tags = "page", "", [f"page-{row.pk}"]
    model = row.content_type__model
    if model == "articlepage" and (rows := BY_ID(site.shape, form.columns).rows(site.slots, pk=row.pk)):
        articles = Articles.load(site, [ArticleRow(*rows[0])], form)
        kind, known, tags = "article", f',"article":{articles.text(articles.rows[0])}', articles.tags()
    elif model == "articleindexpage" and (rows := INDEX_BY_ID(*site.shape).rows(site.slots, pk=row.pk)):
        texts, tags = index_texts(site, [IndexRow(*rows[0])])
        kind, known = "index", f',"index":{texts[0]}'
    text = f'{{"kind":"{kind}","page":{page_text(row, site)}{known}}}'
    return Representation(lambda: text, tags=tags)
