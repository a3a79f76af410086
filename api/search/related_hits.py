"""Hits by related words, asked about once more: what an article shows of others may have been hidden since its words
were written (an expiry, a restriction, a row that was changed by other means), or be hidden in the requested site.

Such an article counts as if its related words had been written for what readers of the site may see now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from wagtail.images import get_image_model
from wagtail.models import Page

from api.queries.compiled import AnyOf, CompiledQueries, CompiledQuery, F, Placeholder, id_list
from api.queries.execution import reading_connection
from api.search.hits import TITLE_BONUS, Hit
from api.search.query import SearchQuery, for_fts5, for_tsquery
from api.visibility.rules import hideable_school, visible_file, visible_page, visible_school
from api.visibility.sites import Site
from pages import references
from pages.models import PublishedArticle, PublishedListing, PublishedText, School
from pages.search.index import CONFIGURATION, FTS_TOKENIZER
from pages.search.related import names_seen
from pages.search.text import Words, mentions_of, own_words
from pages.search.words import fold

CONDITIONAL_KINDS = ("page", "image")
"""References on whose visibility words may depend; besides schools."""
_CONDITIONAL = tuple(f"{kind}:" for kind in CONDITIONAL_KINDS)
IDS = AnyOf(F("pk"), Placeholder("ids", BigIntegerField()))


def _pages(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(IDS, visible_page((shape[0], shape[1])))
    return pages.order_by().values_list("pk")


def _images() -> QuerySet[Any, Any]:
    images: QuerySet[Any, Any] = get_image_model().objects.filter(IDS, visible_file())
    return images.order_by().values_list("pk")


def _hidden_listings() -> QuerySet[Any, Any]:
    rows = PublishedListing.objects.filter(hideable_school("school__"), ~visible_school("school__"))
    return rows.order_by().values_list("page_id")


VISIBLE_PAGES = CompiledQueries(_pages)
VISIBLE_IMAGES = CompiledQuery(_images)
HIDDEN_LISTINGS = CompiledQuery(_hidden_listings)
"""Articles that list a school which readers may not see."""


def rechecked(query: SearchQuery, ranked: Sequence[Hit], seen: Mapping[int, str], site: Site) -> list[Hit]:
    """The hits among `seen`, best first; `seen` has the conditional references of each article.  One query, and a few
    more where something is hidden that one of them refers to."""
    hidden = _hidden(seen, site)
    doubtful = {pk for pk, names in seen.items() if hidden and not hidden.isdisjoint(names.split())}
    doubtful |= {pk for (pk,) in HIDDEN_LISTINGS.rows() if pk in seen}
    hits = [hit for hit in ranked if -hit[1] in seen]
    stale = _stale(doubtful, hidden) if doubtful else {}
    if not stale:
        return hits
    now = dict(_matching(query, stale))
    kept = [hit for hit in hits if -hit[1] not in stale]
    for score, pk in hits:
        if -pk in now:
            ranked_now = now[-pk]
            kept.append((score if ranked_now is None else ranked_now, pk))
    return sorted(kept)


def _hidden(seen: Mapping[int, str], site: Site) -> set[str]:
    """Of all conditional references, those to what readers of the site may not see.  A query for each kind."""
    names = {name for found in seen.values() for name in found.split() if name.startswith(_CONDITIONAL)}
    if not names:
        return set()
    shown = set()
    for kind, visible in (("page", VISIBLE_PAGES(*site.shape)), ("image", VISIBLE_IMAGES)):
        if ids := references.ids(names, kind):
            shown |= {f"{kind}:{pk}" for (pk,) in visible.rows(site.slots, ids=id_list(ids))}
    return names - shown


def _stale(doubtful: Collection[int], hidden: set[str]) -> dict[int, Words]:
    """Those whose words were written with something that is hidden now, with the words that they should have."""
    rows = list(PublishedText.objects.filter(page__in=doubtful).values_list("page_id", "shown"))
    schools = references.ids((name for _, shown in rows for name in shown.split()), "school")
    visible = School.objects.filter(visible_school(), pk__in=schools).order_by().values_list("pk", flat=True)
    unseen = hidden | {f"school:{pk}" for pk in set(schools) - set(visible)}
    stale = [pk for pk, shown in rows if not unseen.isdisjoint(shown.split())]
    if not stale:
        return {}
    bodies = dict(PublishedArticle.objects.filter(page__in=stale).values_list("page_id", "body"))
    texts = PublishedText.objects.filter(page__in=stale).values_list("page_id", "title", "headings", "text")
    own = {
        pk: own_words(title, headings, text, mentions_of(references.load(bodies[pk])))
        for pk, title, headings, text in texts
        if pk in bodies
    }
    names = {name: words for name, words in names_seen(own.values()).items() if name not in unseen}
    return {pk: words.with_related(names) for pk, words in own.items()}


def _matching(query: SearchQuery, texts: Mapping[int, Words]) -> list[tuple[int, float | None]]:
    """Those that the query hits, with their scores; None: as they were ranked before."""
    rows = [(pk, words.title, words.headings, words.text, words.related) for pk, words in texts.items()]
    connection = reading_connection()
    if connection.vendor == "postgresql":
        folded = [(pk, *map(fold, columns)) for pk, *columns in rows]
        with connection.cursor() as cursor:
            cursor.execute(_RANKED, [for_tsquery(query), TITLE_BONUS, *map(list, zip(*folded, strict=True))])
            found: list[tuple[int, float | None]] = cursor.fetchall()
            return found
    with sqlite3.connect(":memory:") as memory:
        memory.execute(f"CREATE VIRTUAL TABLE words USING fts5(title, headings, text, related, {FTS_TOKENIZER})")
        memory.executemany("INSERT INTO words (rowid, title, headings, text, related) VALUES (?, ?, ?, ?, ?)", rows)
        hits = memory.execute("SELECT rowid FROM words WHERE words MATCH ?", [for_fts5(query)]).fetchall()
    memory.close()
    return [(pk, None) for (pk,) in hits]


_RANKED = f"""
WITH asked AS (SELECT to_tsquery('{CONFIGURATION}', %s) AS query, %s::double precision AS bonus), given AS (
  SELECT id, to_tsvector('{CONFIGURATION}', title) AS in_title,
         setweight(to_tsvector('{CONFIGURATION}', title), 'A')
         || setweight(to_tsvector('{CONFIGURATION}', headings), 'B')
         || to_tsvector('{CONFIGURATION}', text) || setweight(to_tsvector('{CONFIGURATION}', related), 'C') AS vector
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS t (id, title, headings, text, related))
SELECT id, -ts_rank('{{0.05, 0.1, 0.4, 1.0}}', vector, query, 1)::double precision
           - CASE WHEN in_title @@ query THEN bonus ELSE 0 END
FROM given, asked WHERE vector @@ query
"""  # noqa: S608 -- constants
