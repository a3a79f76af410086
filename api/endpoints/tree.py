"""Where articles stand: indexes, navigation, sitemap, redirects, and what is at a path."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from api.endpoints.articles import (
    BY_ID,
    DETAIL_FORM,
    LOCALE,
    PATH,
    form_of,
)
from api.endpoints.lists import list_answer
from api.http import parameters
from api.http.problems import not_found
from api.http.responses import Answer
from api.http.view import SITE, ContentView, Query
from api.openapi.references import ref
from api.paths.withdrawn import is_gone
from api.queries.compiled import (
    F,
    Row,
    Slot,
    StatementTable,
    moment,
    uuid_text,
)
from api.resources.article_filters import tree_filter
from api.resources.articles import Articles
from api.resources.listing import Filter, Listing, Order
from api.resources.references import Relations, page_text
from api.visibility.rules import visible_page
from api.visibility.sites import Site, slug_of
from pages import references, rich_text
from pages.models import ArticleIndexPage, ArticlePage
from pages.publication import iso

PAGE = ("pk", "title", "url_path", "content_type__app_label", "content_type__model")
INDEX = (
    *(*PAGE, "path", "locale__language_code", "translation_key", "introduction", "seo_title", "search_description"),
    "last_published_at",
)
MENU_PAGES = 500


def _plain(text: str) -> str:
    return quoted(text or "")


# --- article indexes -------------------------------------------------------------------------------------------


def visible_indexes(shape: tuple[int, int]) -> QuerySet[Any]:
    pages: QuerySet[Any] = ArticleIndexPage._base_manager.filter(visible_page(shape)).order_by()
    return pages


INDEXES = Listing(
    visible_indexes,
    filters=(
        tree_filter("parent", "Stands directly under this page, by its id.", path="path", depth="depth"),
        tree_filter("descendant_of", "Stands under this page, however deep, by its id.", path="path"),
        Filter(
            parameters.text("locale", "Is written in this language, such as `en`.", high=100),
            lambda: Q(locale__language_code=Slot("locale", CharField())),
            lambda value, site: {"locale": value},
        ),
    ),
    orders=(Order("tree", "path", 5), Order("id", "pk", 0, int)),
    default="tree",
)
INDEX_BY_ID = StatementTable(
    lambda *shape: visible_indexes(shape).filter(pk=Slot("pk", BigIntegerField())).values_list(*INDEX)
)


def index_texts(site: Site, rows: list[Row]) -> list[str]:
    """An `ArticleIndex` each."""
    stored = [references.dump(rich_text.publish(row[8] or "")) for row in rows]
    relations = Relations(site, {name for text in stored for name in references.names(text)})
    return [
        f'{page_text(row[:5], site)[:-1]},"locale":"{row[6]}","translation_key":"{uuid_text(row[7])}",'
        f'"seo":{{"title":{_plain(row[9] or row[1])},"description":{_plain(row[10])}}},'
        f'"introduction":{relations.fill(text)}}}'
        for row, text in zip(rows, stored, strict=True)
    ]


class IndexList(ContentView):
    parameters = (SITE, *INDEXES.parameters)
    operation = {
        "operationId": "listArticleIndexes",
        "summary": "Article indexes: the shelves that articles stand on, in the order of the tree",
        "tags": ["tree"],
        "list_of": "ArticleIndex",
    }

    def get(self, query: Query, **path: Any) -> Answer:
        page = INDEXES.read(query.values, site=query.site, identity="indexes", columns=INDEX)
        return list_answer(query, page, index_texts(query.site, list(page.rows)), "indexes", "page")


class IndexDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readArticleIndex",
        "summary": "One article index; its articles are `articles/?parent=` its id",
        "tags": ["tree"],
        "answer": ref("ArticleIndex"),
    }

    def get(self, query: Query, **path: Any) -> Answer:
        rows = INDEX_BY_ID(*query.site.shape).rows(query.site.slots, pk=path["id"])
        if not rows:
            raise not_found()
        text = index_texts(query.site, rows)[0]
        return Answer(lambda: text, tags=[f"page-{path['id']}"])


# --- navigation ------------------------------------------------------------------------------------------------


def _menu(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(visible_page((shape[0], shape[1])), show_in_menus=True)
    return pages.order_by("path").values_list(*PAGE, "path", "locale__language_code")


MENU = StatementTable(_menu)


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

    def get(self, query: Query, **path: Any) -> Answer:
        site, locale = query.site, query["locale"] or query.site.locale
        rows = [row for row in MENU(*site.shape).rows(site.slots, limit=MENU_PAGES) if row[6] == locale]
        text = f'{{"locale":{quoted(locale)},"items":{menu_text(site, rows)}}}'
        return Answer(lambda: text, tags=["navigation", *(f"page-{row[0]}" for row in rows)])


# --- sitemap ---------------------------------------------------------------------------------------------------


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

    def get(self, query: Query, **path: Any) -> Answer:
        site = query.site
        columns = ("pk", "url_path", "locale__language_code", "last_published_at")
        page = SITEMAP.read(query.values, site=site, identity="sitemap", columns=columns)
        items = [
            f'{{"id":{pk},"path":{quoted(site.path_of(url_path))},"url":{quoted(site.url + site.path_of(url_path))},'
            f'"locale":"{locale}","updated_at":{quoted(iso(moment(updated))) if updated else "null"}}}'
            for pk, url_path, locale, updated in page.rows
        ]
        return list_answer(query, page, items, "sitemap")


# --- redirects -------------------------------------------------------------------------------------------------


def visible_redirects(shape: tuple[int, int]) -> QuerySet[Any]:
    """Of the site, or of all sites; leading elsewhere, or to a page that readers may see."""
    elsewhere = Q(redirect_page__isnull=True) & ~Q(redirect_link="")
    here = Q(site__isnull=True) | Q(site_id=Slot("site_id", BigIntegerField()))
    rows: QuerySet[Any] = Redirect.objects.filter(here, elsewhere | visible_page(shape, "redirect_page__"))
    return rows.order_by()


REDIRECT = ("pk", "old_path", "is_permanent", "redirect_link", "redirect_page__url_path", "redirect_page_route_path")
REDIRECTS = Listing(
    visible_redirects, orders=(Order("path", "old_path", 1), Order("id", "pk", 0, int)), default="path", most=1000
)
REDIRECT_AT = StatementTable(
    lambda *shape: (
        visible_redirects(shape)
        .filter(old_path=Slot("old_path", CharField()))
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

    def get(self, query: Query, **path: Any) -> Answer:
        page = REDIRECTS.read(query.values, site=query.site, identity="redirects", columns=REDIRECT)
        return list_answer(query, page, [redirect_text(row, query.site) for row in page.rows], "redirects")


# --- what is at a path -----------------------------------------------------------------------------------------


def _at(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(
        visible_page((shape[0], shape[1])), slug=Slot("slug", CharField()), url_path=Slot("url_path", CharField())
    )
    return pages.order_by().values_list(*PAGE)


PAGE_AT = StatementTable(_at)


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

    def get(self, query: Query, **path: Any) -> Answer:
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
            return Answer(lambda: text, tags=["redirects"])
        if is_gone(query.all_sites, site, fitting):
            return Answer(lambda: '{"kind":"gone"}', tags=["paths"])
        raise not_found()


def page_answer(query: Query, row: Row) -> Answer:
    site, form = query.site, form_of(query)
    known, tags = "", [f"page-{row[0]}"]
    if row[4] == "articlepage" and (rows := BY_ID(site.shape, form.columns).rows(site.slots, pk=row[0])):
        articles = Articles.load(site, rows, form)
        known, tags = f',"article":{articles.text(rows[0])}', articles.tags()
    elif row[4] == "articleindexpage" and (rows := INDEX_BY_ID(*site.shape).rows(site.slots, pk=row[0])):
        known = f',"index":{index_texts(site, rows)[0]}'
    text = f'{{"kind":"page","page":{page_text(row, site)}{known}}}'
    return Answer(lambda: text, tags=tags)
