"""Search: articles that have some words, best first, each with an excerpt."""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet

from api import cursors, parameters
from api.answers import Answer
from api.articles import NARROW, PK, Articles, Form, visible_articles
from api.cursors import Cursor
from api.listings import CURSOR, DEFAULT_LIMIT, Page
from api.search import excerpt, search
from api.sites import Site
from api.statements import AnyOf, F, Slot, Statement, StatementTable, id_list
from api.views.base import SITE, ContentView, Query
from api.views.lists import list_text, page_links
from pages.models import PublishedText

MAX_RESULTS = 50
SEARCH = parameters.text(
    "q", "Words that an article must have, all of them; words in double quotes as a phrase.", high=200, required=True
)
LOCALE = parameters.text("locale", "The language of the articles, such as `en`.", high=100)
LIMIT = parameters.integer("limit", "How many items at most.", high=MAX_RESULTS, default=DEFAULT_LIMIT)
TOTAL = parameters.flag("total", "Count the hits, as far as they are ranked (500).")


def _hits(shape: tuple[int, int], columns: tuple[str, ...], in_locale: bool) -> QuerySet[Any, Any]:
    chosen = visible_articles(shape).filter(AnyOf(F("page_id"), Slot("ids", BigIntegerField())))
    if in_locale:
        chosen = chosen.filter(Q(page__locale__language_code=Slot("locale", CharField())))
    return chosen.values_list(*columns)


def _words() -> QuerySet[Any, Any]:
    return PublishedText.objects.filter(AnyOf(F("page_id"), Slot("ids", BigIntegerField()))).values_list(
        "page_id", "words"
    )


HITS = StatementTable(_hits)
WORDS = Statement(_words)


def visible_hits(site: Site, text: str, locale: str | None) -> list[int]:
    """Ids of what readers may see, best first."""
    ids = search(text)
    statement = HITS(site.shape, ("page_id",), locale is not None)
    visible = {row[0] for row in statement.rows(site.slots, ids=id_list(ids), locale=locale)} if ids else set()
    return [pk for pk in ids if pk in visible]


class Search(ContentView):
    parameters = (SITE, SEARCH, LOCALE, LIMIT, CURSOR, TOTAL)
    operation = {
        "operationId": "searchArticles",
        "summary": "Articles that have some words, best first",
        "tags": ["articles"],
        "list_of": "SearchResult",
    }

    def get(self, query: Query, **path: Any) -> Answer:
        site = query.site
        identity = f"search\0{query['q']}\0{query['locale']}\0{query.values['site']}"
        ids = visible_hits(site, query["q"], query["locale"])
        page = page_of(ids, query, identity)
        shown = [row[0] for row in page.rows]
        rows = {row[PK]: row for row in HITS(site.shape, NARROW, False).rows(site.slots, ids=id_list(shown))}
        articles = Articles.load(site, [rows[pk] for pk in shown if pk in rows], Form(body="none"))
        words: dict[int, str] = {pk: text for pk, text in WORDS.rows(ids=id_list(shown))}  # noqa: C416 -- typed so
        items = [
            f'{{"article":{articles.text(row)},"excerpt":{quoted(excerpt(words.get(row[PK], ""), query["q"]))}}}'
            for row in articles.rows
        ]
        text = list_text(items, page)
        return Answer(lambda: text, links=page_links(query, page), tags=["articles", *articles.tags()])


def page_of(ids: list[int], query: Query, identity: str) -> Page:
    """The hits behind (or before) the one that the cursor names; from its old place, where it is none any more."""
    limit = query["limit"]
    start = 0
    if query["cursor"] is not None:
        cursor = cursors.read(query["cursor"], identity, [int, int])
        place, pk = cursor.key
        found = ids.index(pk) if pk in ids else min(place, len(ids))
        start = max(0, found - limit) if cursor.backward else found + (pk in ids)
    shown = ids[start : start + limit]
    end = start + len(shown)

    def write(place: int, *, backward: bool) -> str:
        return cursors.write(Cursor((place, ids[place]), backward), identity)

    return Page(
        rows=[(pk,) for pk in shown],
        limit=limit,
        next=write(end - 1, backward=False) if shown and end < len(ids) else None,
        previous=write(start, backward=True) if shown and start > 0 else None,
        total=len(ids) if query["total"] else None,
    )
