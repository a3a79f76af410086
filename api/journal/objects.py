"""Objects of the feed as JSON text: in full, as their detail routes answer them, or as other answers refer to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any, Generic, TypeVar

from django.db.models import BigIntegerField, QuerySet

from api.endpoints.indexes import IndexRow, index_texts, visible_indexes
from api.endpoints.topics import visible_topics
from api.paths.public_redirects import RedirectRow, public_redirects, redirect_text
from api.queries.compiled import AnyOf, CompiledQueries, F, Placeholder, id_list
from api.resources.articles import ArticleRow, Articles, Form, readable_articles
from api.resources.images import image_texts
from api.resources.includes import TopicRow, topic_text
from api.resources.references import PAGES, PageRow, SchoolReferenceRow, page_text, school_text
from api.resources.schools import SchoolRow, Schools, visible_schools
from api.visibility.sites import Site

Texts = dict[int, str]


RowT = TypeVar("RowT", bound=tuple[Any, ...])


@dataclass(frozen=True, slots=True)
class Chosen(Generic[RowT]):
    """Visible rows of a kind among ids."""

    row: Callable[..., RowT]
    queries: CompiledQueries

    @classmethod
    def of(cls, visible: Callable[[tuple[int, int]], QuerySet[Any]], row: Any) -> Chosen[RowT]:
        def build(*shape: int) -> QuerySet[Any, Any]:
            among = AnyOf(F(row._fields[0]), Placeholder("ids", BigIntegerField()))
            return visible((shape[0], shape[1])).filter(among).values_list(*row._fields)

        return cls(row, CompiledQueries(build))

    def read(self, site: Site, ids: Collection[int]) -> list[RowT]:
        """One query."""
        return list(starmap(self.row, self.queries(*site.shape).rows(site.slots, ids=id_list(ids))))


ARTICLES: Chosen[ArticleRow] = Chosen.of(readable_articles, ArticleRow)
INDEXES: Chosen[IndexRow] = Chosen.of(visible_indexes, IndexRow)
SCHOOLS: Chosen[SchoolRow] = Chosen.of(visible_schools, SchoolRow)
TOPICS: Chosen[TopicRow] = Chosen.of(visible_topics, TopicRow)
REDIRECTS: Chosen[RedirectRow] = Chosen.of(public_redirects, RedirectRow)


def full_texts(site: Site, kind: str, ids: Collection[int]) -> Texts:
    """By id; those that readers may not see are left out.  A few queries, however many ids."""
    return _FULL[kind](site, ids) if ids else {}


def reference_texts(site: Site, kind: str, ids: Collection[int]) -> Texts:
    """The same, as `PageReference`s and `SchoolReference`s; objects of other kinds are short as they are."""
    return _SHORT.get(kind, _FULL[kind])(site, ids) if ids else {}


def _articles(site: Site, ids: Collection[int]) -> Texts:
    rows = ARTICLES.read(site, ids)
    articles = Articles.load(site, rows, Form())
    return {row.page_id: articles.text(row) for row in rows}


def _indexes(site: Site, ids: Collection[int]) -> Texts:
    rows = INDEXES.read(site, ids)
    return dict(zip([row.pk for row in rows], index_texts(site, rows)[0], strict=True))


def _schools(site: Site, ids: Collection[int]) -> Texts:
    rows = SCHOOLS.read(site, ids)
    return dict(zip([row.pk for row in rows], Schools.load(site, rows).texts(), strict=True))


def _topics(site: Site, ids: Collection[int]) -> Texts:
    return {row.pk: topic_text(row) for row in TOPICS.read(site, ids)}


def _images(site: Site, ids: Collection[int]) -> Texts:
    return image_texts(ids)


def _redirects(site: Site, ids: Collection[int]) -> Texts:
    return {row.pk: redirect_text(row, site) for row in REDIRECTS.read(site, ids)}


def _sites(site: Site, ids: Collection[int]) -> Texts:
    locales = ",".join(quoted(root.locale) for root in site.roots)
    text = (
        f'{{"id":{site.pk},"type":"site","key":{quoted(site.key)},"name":{quoted(site.name)},'
        f'"url":{quoted(site.url)},"is_default":{"true" if site.is_default else "false"},'
        f'"locale":{quoted(site.locale)},"locales":[{locales}]}}'
    )
    return {site.pk: text}


def _pages(site: Site, ids: Collection[int]) -> Texts:
    rows = starmap(PageRow, PAGES(*site.shape).rows(site.slots, ids=id_list(ids)))
    return {row.pk: page_text(row, site) for row in rows}


def _named_schools(site: Site, ids: Collection[int]) -> Texts:
    names = SchoolReferenceRow._fields
    rows = (SchoolReferenceRow(*(getattr(row, name) for name in names)) for row in SCHOOLS.read(site, ids))
    return {row.pk: school_text(row) for row in rows}


_FULL: dict[str, Callable[[Site, Collection[int]], Texts]] = {
    "article": _articles,
    "index": _indexes,
    "school": _schools,
    "topic": _topics,
    "image": _images,
    "redirect": _redirects,
    "site": _sites,
}
_SHORT: dict[str, Callable[[Site, Collection[int]], Texts]] = {
    "article": _pages,
    "index": _pages,
    "school": _named_schools,
}
