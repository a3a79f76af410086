"""Objects of the feed as JSON text: in full, as their detail routes answer them, or as other answers refer to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from api.endpoints.indexes import INDEX, index_texts, visible_indexes
from api.endpoints.redirects import REDIRECT, redirect_text, visible_redirects
from api.endpoints.topics import TOPIC, visible_topics
from api.queries.compiled import AnyOf, CompiledQueries, F, Placeholder, id_list
from api.resources.articles import WIDE, Articles, Form, readable_articles
from api.resources.images import image_texts
from api.resources.includes import topic_text
from api.resources.references import PAGES, page_text, school_text
from api.resources.schools import COLUMNS as SCHOOL
from api.resources.schools import Schools, visible_schools
from api.visibility.sites import Site

Texts = dict[int, str]


def _some(rows: Callable[[tuple[int, int]], QuerySet[Any]], pk: str, *columns: str) -> CompiledQueries:
    """Visible rows among ids."""

    def build(*shape: int) -> QuerySet[Any, Any]:
        chosen = rows((shape[0], shape[1])).filter(AnyOf(F(pk), Placeholder("ids", BigIntegerField())))
        return chosen.values_list(*columns)

    return CompiledQueries(build)


ARTICLES = _some(readable_articles, "page_id", *WIDE)
INDEXES = _some(visible_indexes, "pk", *INDEX)
SCHOOLS = _some(visible_schools, "pk", *SCHOOL)
TOPICS = _some(visible_topics, "pk", *TOPIC)
REDIRECTS = _some(visible_redirects, "pk", *REDIRECT)


def full_texts(site: Site, kind: str, ids: Collection[int]) -> Texts:
    """By id; those that readers may not see are left out.  A few queries, however many ids."""
    return _FULL[kind](site, ids) if ids else {}


def reference_texts(site: Site, kind: str, ids: Collection[int]) -> Texts:
    """The same, as `PageReference`s and `SchoolReference`s; objects of other kinds are short as they are."""
    return _SHORT.get(kind, _FULL[kind])(site, ids) if ids else {}


def _rows(table: CompiledQueries, site: Site, ids: Collection[int]) -> list[tuple[Any, ...]]:
    return table(*site.shape).rows(site.slots, ids=id_list(ids))


def _articles(site: Site, ids: Collection[int]) -> Texts:
    rows = _rows(ARTICLES, site, ids)
    articles = Articles.load(site, rows, Form())
    return {row[0]: articles.text(row) for row in rows}


def _indexes(site: Site, ids: Collection[int]) -> Texts:
    rows = _rows(INDEXES, site, ids)
    return dict(zip([row[0] for row in rows], index_texts(site, rows), strict=True))


def _schools(site: Site, ids: Collection[int]) -> Texts:
    rows = _rows(SCHOOLS, site, ids)
    return dict(zip([row[0] for row in rows], Schools.load(site, rows).texts(), strict=True))


def _topics(site: Site, ids: Collection[int]) -> Texts:
    return {row[0]: topic_text(*row) for row in _rows(TOPICS, site, ids)}


def _images(site: Site, ids: Collection[int]) -> Texts:
    return image_texts(ids)


def _redirects(site: Site, ids: Collection[int]) -> Texts:
    return {row[0]: redirect_text(row, site) for row in _rows(REDIRECTS, site, ids)}


def _sites(site: Site, ids: Collection[int]) -> Texts:
    locales = ",".join(quoted(root.locale) for root in site.roots)
    text = (
        f'{{"id":{site.pk},"type":"site","key":{quoted(site.key)},"name":{quoted(site.name)},'
        f'"url":{quoted(site.url)},"is_default":{"true" if site.is_default else "false"},'
        f'"locale":{quoted(site.locale)},"locales":[{locales}]}}'
    )
    return {site.pk: text}


def _pages(site: Site, ids: Collection[int]) -> Texts:
    return {row[0]: page_text(row, site) for row in _rows(PAGES, site, ids)}


def _named_schools(site: Site, ids: Collection[int]) -> Texts:
    return {row[0]: school_text(row) for row in _rows(SCHOOLS, site, ids)}


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
