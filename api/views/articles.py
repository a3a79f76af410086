"""Articles: list, one by id, one by path."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet

from api import parameters
from api.answers import Answer
from api.article_list import ARTICLES
from api.articles import NARROW, UPDATED, WIDE, Articles, visible_articles
from api.openapi.references import ref
from api.problems import not_found
from api.sites import Site
from api.statements import Slot, StatementTable, moment
from api.views.base import SITE, ContentView, Query
from api.views.lists import list_text, page_links

LOCALE = parameters.text("locale", "The language, where a path exists in several.", high=100)
PATH = parameters.text(
    "path", "The path of the page on its site, such as `/guides/nursing/`.", high=2000, required=True
)


def _one(shape: tuple[int, int], columns: tuple[str, ...]) -> QuerySet[Any, Any]:
    return visible_articles(shape).filter(page_id=Slot("pk", BigIntegerField())).values_list(*columns)


def _at_path(shape: tuple[int, int], columns: tuple[str, ...]) -> QuerySet[Any, Any]:
    return visible_articles(shape).filter(page__url_path=Slot("url_path", CharField())).values_list(*columns)


BY_ID = StatementTable(_one)
BY_PATH = StatementTable(_at_path)


def article_answer(query: Query, table: StatementTable, **slots: Any) -> Answer:
    """One article with its body, which is read from the database only where the client does not have it."""
    site = query.site
    rows = table(site.shape, NARROW if query.conditional else WIDE).rows(site.slots, **slots)
    if not rows:
        raise not_found()
    articles = Articles.load(site, rows)

    def render() -> str:
        full = table(site.shape, WIDE).rows(site.slots, **slots) if query.conditional else rows
        if not full:
            raise not_found()
        return articles.text(full[0], body=True)

    return Answer(render, articles.versions(), last_modified=moment(rows[0][UPDATED]), tags=articles.tags())


class ArticleList(ContentView):
    parameters = (
        SITE,
        *ARTICLES.parameters,
        parameters.choice("body", "Whether each article comes with its body.", ("html", "none"), "none"),
    )
    operation = {
        "operationId": "listArticles",
        "summary": "Articles",
        "tags": ["articles"],
        "list_of": "Article",
    }

    def get(self, query: Query, **path: Any) -> Answer:
        return article_list(query, "articles", {})


def article_list(query: Query, identity: str, fixed: dict[str, Any]) -> Answer:
    """`fixed`: filters that the route sets."""
    site, body = query.site, query["body"] == "html"
    columns = WIDE if body else NARROW
    page = ARTICLES.read({**query.values, **fixed}, site=site, identity=identity, columns=columns)
    articles = Articles.load(site, page.rows)

    def render() -> str:
        return list_text([articles.text(row, body=body) for row in page.rows], page)

    return Answer(
        render,
        f"{articles.versions()}\0{page.text()}",
        links=page_links(query, page),
        tags=["articles", *articles.tags()],
    )


class ArticleDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readArticle",
        "summary": "One article, by its id",
        "tags": ["articles"],
        "answer": ref("Article"),
    }

    def get(self, query: Query, **path: Any) -> Answer:
        return article_answer(query, BY_ID, pk=path["id"])


class ArticleByPath(ContentView):
    parameters = (SITE, PATH, LOCALE)
    operation = {
        "operationId": "readArticleByPath",
        "summary": "One article, by its path",
        "tags": ["articles"],
        "answer": ref("Article"),
    }

    def get(self, query: Query, **path: Any) -> Answer:
        url_path = article_url_path(query.site, query["path"], query["locale"])
        return article_answer(query, BY_PATH, url_path=url_path)


def article_url_path(site: Site, path: str, locale: str | None) -> str:
    for code, url_path in site.tree_paths_of(path):
        if locale in {None, code}:
            return url_path
    raise not_found()
