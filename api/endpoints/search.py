"""Search: articles that have some words, best first, each with an excerpt."""

from __future__ import annotations

from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from api.endpoints.articles import FIELDS_PARAMETER, INCLUDE
from api.http import parameters
from api.http.pagination import list_text, page_links
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.json_schema import STRING, Json, define, record
from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    F,
    Placeholder,
    id_list,
)
from api.resources.articles import (
    ARTICLE_SUMMARY,
    NARROW,
    PARTIAL_ARTICLE,
    ArticleRow,
    Articles,
    Form,
    readable_articles,
)
from api.resources.listing import CURSOR, DEFAULT_LIMIT
from api.search.excerpts import excerpt, highlighted, read
from api.search.hits import MAX_RANKED_HITS
from api.search.marks import marked_texts
from api.search.query import MAX_LENGTH, MAX_WORDS
from api.search.results import SEARCH_FILTERS, Search

MAX_RESULTS = 50
QUERY = parameters.text(
    "q",
    "Words that an article must have, all of them, in any form; words in double quotes as a phrase. The last word "
    "stands for all that begin so, unless a space or a quote follows it. Articles are also found by the schools that "
    "they list, the pages that they call to and the captions of their images. "
    f"The first {MAX_WORDS} words count.",
    high=MAX_LENGTH,
    required=True,
)
LIMIT = parameters.integer("limit", "How many items at most.", high=MAX_RESULTS, default=DEFAULT_LIMIT)
TOTAL = parameters.flag(
    "total",
    f"Count the hits.  Of more than {MAX_RANKED_HITS} (fewer for three words or more), only the newest are ranked "
    "and counted.",
)


FORM = (FIELDS_PARAMETER, INCLUDE)


def _define_result(name: str, article: Json) -> None:
    shown = {"contentMediaType": "text/html"}
    properties = {
        "article": article,
        "title": STRING | shown | {"description": "Escaped text, the words in `<mark>`."},
        "excerpt": STRING
        | shown
        | {"description": "The part with most of the words: escaped text, the words in `<mark>`."},
    }
    define(name, record("An article that has the words.", properties))


_define_result("SearchResult", ARTICLE_SUMMARY)
_define_result("PartialSearchResult", PARTIAL_ARTICLE)


def _rows(shape: tuple[int, int]) -> QuerySet[Any, Any]:
    chosen = readable_articles(shape).filter(AnyOf(F("page_id"), Placeholder("ids", BigIntegerField())))
    return chosen.values_list(*NARROW)


ROWS = CompiledQueries(_rows)


class SearchArticles(ContentView):
    parameters = (SITE, QUERY, *(entry.parameter for entry in SEARCH_FILTERS.values()), LIMIT, CURSOR, TOTAL, *FORM)
    operation = {
        "operationId": "searchArticles",
        "summary": "Articles that have some words, best first",
        "description": (
            "Articles with all of the words in the title come first; among them, and among the others, the more "
            "relevant.  Excerpts show where the words stand."
        ),
        "tags": ["articles"],
        "list_of": "SearchResult",
        "partial_list_of": "PartialSearchResult",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        site = query.site
        search = Search(site, query["q"], {name: query[name] for name in SEARCH_FILTERS})
        page = search.page(limit=query["limit"], cursor=query["cursor"], total=query["total"])
        shown = [row.page_id for row in page.rows]
        found = starmap(ArticleRow, ROWS(site.shape).rows(site.slots, ids=id_list(shown)) if shown else ())
        rows = {row.page_id: row for row in found}
        form = Form("none", query["fields"], query["include"] or ())
        articles = Articles.load(site, [rows[pk] for pk in shown if pk in rows], form)

        def render() -> str:
            marked = marked_texts(search.query, shown)
            items = []
            for row in articles.rows:
                title, text = marked.get(row.page_id, ("", ""))
                items.append(
                    f'{{"article":{articles.text(row)},"title":{quoted(highlighted(read(title)))},'
                    f'"excerpt":{quoted(excerpt(read(text)))}}}'
                )
            return list_text(items, page)

        return Representation(
            render,
            f"{articles.versions()}\0{page.text()}",
            links=page_links(query, page),
            tags=lambda: ["articles", *articles.tags()],
        )
