"""Articles: list, one by id, one by path, one section, one as Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import starmap
from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet, TextField

from api.http import parameters
from api.http.negotiation import MarkdownText
from api.http.pagination import list_text, page_links
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import ID, STRING, array, define, record, ref
from api.paths.asked_paths import AskedPath
from api.queries.compiled import AnyOf, CompiledQueries, F, Placeholder, moment
from api.resources.article_filters import ARTICLES
from api.resources.articles import (
    ARTICLE,
    BODIES,
    FIELDS,
    PARTIAL_ARTICLE,
    VERSION,
    WIDE,
    ArticleRow,
    Articles,
    Form,
    readable_articles,
)
from api.resources.includes import NAMES
from api.visibility.sites import Site
from pages import markdown
from pages.blocks import body_markdown

PATH = parameters.text(
    "path",
    "The path of the page on its site, such as `/guides/nursing/` or `/es/guias/`; also percent-encoded, with a query "
    "string or a fragment, or as a full URL of the site.",
    high=2000,
    required=True,
)
INCLUDE = parameters.choices("include", "Related objects to add in full to each article.", NAMES)
FIELDS_PARAMETER = parameters.choices(
    "fields", "Only these fields of each article; `id` and `type` come always.", FIELDS
)


def body_parameter(default: str) -> parameters.Parameter:
    return parameters.choice(
        "body",
        "The body as typed blocks with HTML (`body`), as one string (`body_markdown`, `body_text`), or not at all.",
        BODIES,
        default,
    )


LIST_FORM = (body_parameter("none"), FIELDS_PARAMETER, INCLUDE)
DETAIL_FORM = (body_parameter("html"), FIELDS_PARAMETER, INCLUDE)


SECTION = define(
    "SectionOfArticle",
    record(
        "A section: its own block and those below it.", {"article": ID, "anchor": STRING, "blocks": array(ref("Block"))}
    ),
)


def form_of(query: Query) -> Form:
    return Form(query["body"], query["fields"], query["include"] or ())


def _one(shape: tuple[int, int], columns: tuple[str, ...]) -> QuerySet[Any, Any]:
    return readable_articles(shape).filter(page_id=Placeholder("pk", BigIntegerField())).values_list(*columns)


def _at_path(shape: tuple[int, int], columns: tuple[str, ...]) -> QuerySet[Any, Any]:
    by_index = AnyOf(F("page__slug"), Placeholder("slugs", CharField()), "text")
    at = AnyOf(F("page__url_path"), Placeholder("url_paths", TextField()), "text")
    return readable_articles(shape).filter(by_index, at).values_list(*columns)


BY_ID = CompiledQueries(_one)
BY_PATH = CompiledQueries(_at_path)


def article_answer(query: Query, table: CompiledQueries, slots: Callable[[Site], Mapping[str, Any]]) -> Representation:
    """One article, its texts read from the database only where the client does not have them.

    `slots` says which one; it depends on the site where a path is asked for.
    """
    site, form = query.likely_site, form_of(query)
    columns = VERSION if query.conditional else form.columns
    bound = {**site.slots, **slots(site)}
    rows = list(starmap(ArticleRow, table(site.shape, columns).rows(bound)))
    query.confirm([row.sites for row in rows])
    if not rows:
        raise not_found()
    articles = Articles.load(site, rows, form)

    def render() -> str:
        full = rows
        if columns != form.columns:
            full = list(starmap(ArticleRow, table(site.shape, form.columns).rows(bound)))
        if not full:
            raise not_found()
        return articles.text(full[0])

    return Representation(render, articles.versions(), last_modified=moment(rows[0].updated_at), tags=articles.tags)


def article_list(query: Query, identity: str, fixed: dict[str, Any]) -> Representation:
    """`fixed`: filters that the route sets."""
    site, form = query.likely_site, form_of(query)
    columns = VERSION if query.conditional else form.columns
    values = {**query.values, **fixed}
    page = ARTICLES.read(values, site=site, identity=identity, columns=columns)
    query.confirm([row.sites for row in page.rows[:1]])
    articles = Articles.load(site, page.rows, form)

    def render() -> str:
        full: Sequence[ArticleRow] = page.rows
        if columns != form.columns:
            full = ARTICLES.read(values, site=site, identity=identity, columns=form.columns).rows
        return list_text([articles.text(row) for row in full], page)

    return Representation(
        render,
        f"{articles.versions()}\0{page.text()}",
        links=page_links(query, page),
        tags=lambda: ["articles", *articles.tags()],
    )


class ArticleList(ContentView):
    parameters = (SITE, *ARTICLES.parameters, *LIST_FORM)
    operation = {
        "operationId": "listArticles",
        "summary": "Articles",
        "tags": ["articles"],
        "list_of": "ArticleSummary",
        "partial_list_of": "PartialArticle",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        return article_list(query, "articles", {})


class ArticleDetail(ContentView):
    parameters = (SITE, *DETAIL_FORM)
    operation = {
        "operationId": "readArticle",
        "summary": "One article, by its id",
        "tags": ["articles"],
        "answer": ARTICLE,
        "partial_answer": PARTIAL_ARTICLE,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        return article_answer(query, BY_ID, lambda site: {"pk": path["id"]})


class ArticleMarkdown(ContentView):
    parameters = (SITE,)
    renderer_classes = (MarkdownText,)
    operation = {
        "operationId": "readArticleAsMarkdown",
        "summary": "One article as Markdown",
        "tags": ["articles"],
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        return markdown_answer(query, path["id"])


def markdown_answer(query: Query, pk: int) -> Representation:
    site = query.site
    rows = list(starmap(ArticleRow, BY_ID(site.shape, WIDE).rows(site.slots, pk=pk)))
    if not rows:
        raise not_found()
    articles = Articles.load(site, rows, Form(body="markdown"))

    def render() -> str:
        fill = articles.relations
        title = json.loads(fill.fill(rows[0].head))["title"]
        introduction = markdown.from_html(json.loads(fill.fill(rows[0].introduction)))
        body = body_markdown(json.loads(fill.fill_body(rows[0].body)))
        return "\n\n".join(filter(None, (f"# {markdown.escape(title)}", introduction, body))) + "\n"

    return Representation(
        render,
        articles.versions(),
        media_type=f"{MarkdownText.media_type}; charset=utf-8",
        last_modified=moment(rows[0].updated_at),
        tags=articles.tags,
    )


class ArticleSection(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readSection",
        "summary": "One section of an article, by its anchor",
        "description": "The section's block and all that follow it, up to the next section of its level or above.",
        "tags": ["articles"],
        "answer": SECTION,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site = query.site
        rows = list(starmap(ArticleRow, BY_ID(site.shape, WIDE).rows(site.slots, pk=path["id"])))
        if not rows:
            raise not_found()
        articles = Articles.load(site, rows, Form())
        blocks = section_of(json.loads(articles.relations.fill_body(rows[0].body)), path["anchor"])
        text = json.dumps({"article": path["id"], "anchor": path["anchor"], "blocks": blocks}, ensure_ascii=False)
        return Representation(lambda: text, last_modified=moment(rows[0].updated_at), tags=articles.tags)


def section_of(blocks: list[dict[str, Any]], anchor: str) -> list[dict[str, Any]]:
    """Raises `Problem` (``not-found``)."""
    starts = [number for number, block in enumerate(blocks) if block["type"] == "section" and block["anchor"] == anchor]
    if not starts:
        raise not_found("The article has no section with this anchor.")
    start = starts[0]
    level = blocks[start]["level"]
    following = (
        number
        for number, block in enumerate(blocks[start + 1 :], start=start + 1)
        if block["type"] == "section" and block["level"] <= level
    )
    return blocks[start : next(following, len(blocks))]


class ArticleByPath(ContentView):
    parameters = (SITE, PATH, *DETAIL_FORM)
    operation = {
        "operationId": "readArticleByPath",
        "summary": "One article, by its path",
        "tags": ["articles"],
        "answer": ARTICLE,
        "partial_answer": PARTIAL_ARTICLE,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        return article_answer(query, BY_PATH, lambda site: AskedPath.of(query["path"], site).slots)
