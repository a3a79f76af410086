"""Article indexes: list, and one by its id."""

from __future__ import annotations

from collections.abc import Sequence
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Q, QuerySet

from api.http import parameters
from api.http.pagination import list_representation
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import LOCALE, STRING, UUID, const, define, record
from api.queries.compiled import CompiledQueries, Placeholder, uuid_text
from api.resources.article_filters import tree_filter
from api.resources.listing import Filter, Listing, Order
from api.resources.references import PAGE_PROPERTIES, Relations, page_text
from api.visibility.rules import visible_page
from api.visibility.sites import Site
from pages import references, rich_text
from pages.blocks.public import HTML
from pages.models import ArticleIndexPage


class IndexRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    title: str
    url_path: str
    content_type__app_label: str
    content_type__model: str
    path: str
    locale__language_code: str
    translation_key: Any
    introduction: str
    seo_title: str
    search_description: str


def _plain(text: str) -> str:
    return quoted(text or "")


ARTICLE_INDEX = define(
    "ArticleIndex",
    record(
        "A shelf: articles, and further shelves.",
        {
            **PAGE_PROPERTIES,
            "type": const("article_index"),
            "locale": LOCALE,
            "translation_key": UUID,
            "seo": record("What search engines are told.", {"title": STRING, "description": STRING}),
            "introduction": HTML,
        },
    ),
)


def visible_indexes(shape: tuple[int, int]) -> QuerySet[Any]:
    pages: QuerySet[Any] = ArticleIndexPage._base_manager.filter(visible_page(shape)).order_by()
    return pages


INDEXES = Listing(
    visible_indexes,
    IndexRow,
    filters=(
        tree_filter("parent", "Stands directly under this page, by its id.", path="path", depth="depth"),
        tree_filter("descendant_of", "Stands under this page, however deep, by its id.", path="path"),
        Filter(
            parameters.text("locale", "Is written in this language, such as `en`.", high=100),
            lambda: Q(locale__language_code=Placeholder("locale", CharField())),
            lambda value, site: {"locale": value},
        ),
    ),
    orders=(Order("tree", "path"), Order("id", "pk", int)),
    default="tree",
)
INDEX_BY_ID = CompiledQueries(
    lambda *shape: visible_indexes(shape).filter(pk=Placeholder("pk", BigIntegerField())).values_list(*IndexRow._fields)
)


def index_texts(site: Site, rows: Sequence[IndexRow]) -> tuple[list[str], list[str]]:
    """An `ArticleIndex` each, and the names of all objects that are in them.  The queries of `Relations`."""
    stored = [references.dump(rich_text.publish(row.introduction or "")) for row in rows]
    relations = Relations(site, {name for text in stored for name in references.names(text)})
    texts = [
        f'{page_text(row, site)[:-1]},"locale":"{row.locale__language_code}",'
        f'"translation_key":"{uuid_text(row.translation_key)}",'
        f'"seo":{{"title":{_plain(row.seo_title or row.title)},"description":{_plain(row.search_description)}}},'
        f'"introduction":{relations.fill(text)}}}'
        for row, text in zip(rows, stored, strict=True)
    ]
    return texts, [*(f"page-{row.pk}" for row in rows), *sorted(relations.tags)]


class IndexList(ContentView):
    parameters = (SITE, *INDEXES.parameters)
    operation = {
        "operationId": "listArticleIndexes",
        "summary": "Article indexes: the shelves that articles stand on, in the order of the tree",
        "tags": ["tree"],
        "list_of": "ArticleIndex",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        page = INDEXES.read(query.values, site=query.site, identity="indexes")
        texts, tags = index_texts(query.site, page.rows)
        return list_representation(query, page, texts, ["indexes", *tags])


class IndexDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readArticleIndex",
        "summary": "One article index; its articles are `articles/?parent=` its id",
        "tags": ["tree"],
        "answer": ARTICLE_INDEX,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        rows = INDEX_BY_ID(*query.site.shape).rows(query.site.slots, pk=path["id"])
        if not rows:
            raise not_found()
        texts, tags = index_texts(query.site, [IndexRow(*rows[0])])
        return Representation(lambda: texts[0], tags=tags)
