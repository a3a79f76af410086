"""A page of search results: hits that readers of a site may see, best first.

The index knows nothing of visibility; its hits are ids.  They go through the rule of `api.visibility.rules` and the
filters before they are counted, shown or passed over.

Where the index could not rank all hits (see `api.search.hits`), the filters and the site are asked first: when no more
than `hits.max_ranked` articles pass them, all hits among those are ranked, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, QuerySet, TextField, Value, When
from django.db.models.functions import Greatest, StrIndex
from django.db.models.lookups import GreaterThan

from api.http import cursors
from api.http.cursors import Cursor
from api.http.pagination import ResultPage
from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    F,
    Placeholder,
    id_list,
)
from api.resources.article_filters import FILTERS
from api.resources.articles import visible_articles
from api.search import hits
from api.search.hits import Hit
from api.search.query import SearchQuery, understand
from api.search.related_hits import CONDITIONAL_KINDS, rechecked
from api.visibility.rules import in_site
from api.visibility.sites import Site
from pages.models import PublishedArticle

SEARCH_FILTERS = {
    entry.parameter.name: entry
    for entry in FILTERS
    if entry.parameter.name in {"locale", "school", "topic", "descendant_of"}
}
"""Those that a front end puts beside a search box; each costs queries, of which an answer has a limited number."""


def _filtered(shape: tuple[int, int], active: tuple[str, ...]) -> QuerySet[Any, Any]:
    """Ids that pass the filters and stand in the site; whether readers may see them is asked of hits only."""
    conditions = [(SEARCH_FILTERS[name].few or SEARCH_FILTERS[name].condition)() for name in active]
    return PublishedArticle.objects.filter(in_site("page__", *shape), *conditions).order_by().values_list("pk")


def _visible(shape: tuple[int, int], active: tuple[str, ...]) -> QuerySet[Any, Any]:
    """Ids, and what each refers to where words that it is found by may depend on that."""
    conditions = [SEARCH_FILTERS[name].condition() for name in active]
    ids = Placeholder("hits", BigIntegerField())
    names = [StrIndex("references", Value(f"{kind}:")) for kind in CONDITIONAL_KINDS]
    is_conditional = GreaterThan(Greatest(*names), Value(0))
    shows = Case(When(is_conditional, then=F("references")), default=Value(""), output_field=TextField())
    return visible_articles(shape).filter(AnyOf(F("page_id"), ids), *conditions).values_list("pk", shows)


FILTERED = CompiledQueries(_filtered)
VISIBLE = CompiledQueries(_visible)


class HitRow(NamedTuple):
    """A result: the id of an article."""

    page_id: int


@dataclass(frozen=True)
class Search:
    """What is searched for, and among which articles."""

    site: Site
    text: str
    filters: dict[str, Any]
    """Values of `SEARCH_FILTERS`; None: does not narrow."""

    @property
    def query(self) -> SearchQuery:
        return understand(self.text)

    @property
    def identity(self) -> str:
        """What a cursor belongs to."""
        return "\0".join(["search", self.site.key, self.text, repr(sorted(self.filters.items()))])

    def hits(self) -> list[Hit]:
        """All that are ranked and that readers may see, best first.  At most twelve queries, and those of filters."""
        query = self.query
        if not query.phrases:
            return []
        values = {name: entry.value(self.filters, self.site) for name, entry in SEARCH_FILTERS.items()}
        active = tuple(name for name, value in values.items() if value is not None)
        bound: dict[str, Any] = dict(self.site.slots)
        for name in active:
            bound.update(SEARCH_FILTERS[name].bind(values[name], self.site))
        ranked = self._ranked(query, active, bound)
        if not ranked:
            return []
        rows = VISIBLE(self.site.shape, active).rows(bound, hits=id_list(-hit[1] for hit in ranked))
        return rechecked(query, ranked, dict(rows), self.site)

    def _ranked(self, query: SearchQuery, active: tuple[str, ...], bound: dict[str, Any]) -> Sequence[Hit]:
        found = hits.find(query)
        if found.complete:
            return found.best_first
        most = hits.max_ranked(query)
        few = FILTERED(self.site.shape, active).rows(bound, limit=most + 1)
        if len(few) > most:
            return found.best_first
        return hits.find(query, within=[pk for (pk,) in few]).best_first

    def page(self, *, limit: int, cursor: str | None, total: bool) -> ResultPage[HitRow]:
        """Raises `Problem` for a cursor of another search."""
        start = None if cursor is None else cursors.read(cursor, self.identity, [int, int])
        found = self.hits()
        before, behind = _around(found, start)
        if start is not None and start.backward:
            shown, more_before, more_behind = before[-limit:], len(before) > limit, bool(before)
        else:
            shown, more_before, more_behind = behind[:limit], start is not None, len(behind) > limit

        first = len(before) - len(shown) if start is not None and start.backward else len(found) - len(behind)

        def write(place: int, *, backward: bool) -> str:
            return cursors.write(Cursor((place, -found[place][1]), backward), self.identity)

        return ResultPage(
            rows=[HitRow(-hit[1]) for hit in shown],
            limit=limit,
            next=write(first + len(shown) - 1, backward=False) if shown and more_behind else None,
            previous=write(first, backward=True) if shown and more_before else None,
            total=len(found) if total else None,
        )


def _around(found: Sequence[Hit], start: Cursor | None) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """What stands before and behind the cursor's article.

    A cursor holds the article and its place among what readers may see, and no score: a score is made of the words of
    all articles, and whoever collects scores would learn of words in those that are hidden.  The place counts where the
    article is found no longer.
    """
    if start is None:
        return [], found
    place, pk = start.key
    now = next((number for number, hit in enumerate(found) if hit[1] == -pk), None)
    return (found[:place], found[place:]) if now is None else (found[:now], found[now + 1 :])
