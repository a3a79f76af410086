"""What may be asked of lists of articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, Exists, IntegerField, OuterRef, Q, QuerySet
from wagtail.models import Page

from api.http import parameters
from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    CompiledQuery,
    F,
    InSubtree,
    Placeholder,
    id_list,
    moment_value,
)
from api.resources.articles import ArticleRow, readable_articles
from api.resources.listing import Filter, Listing, Order
from api.visibility.rules import visible_page, visible_school
from api.visibility.sites import Site
from pages.models import ArticleTopic, PublishedListing

NOWHERE = "!"
"""No page has this tree path."""


def _date_filters(field: str, what: str) -> list[Filter]:
    operators = (("gte", "at or after"), ("gt", "after"), ("lte", "at or before"), ("lt", "before"))
    return [_date_filter(f"{field}__{operator}", f"{what} {words} this moment.") for operator, words in operators]


def _date_filter(name: str, description: str) -> Filter:
    return Filter(
        parameters.moment(name, description),
        lambda: Q(**{name: Placeholder(name, DateTimeField())}),
        lambda value, site: {name: moment_value(value)},
    )


def _same(name: str) -> Callable[[Any, Site], dict[str, Any]]:
    return lambda value, site: {name: value}


ANY_LOCALE = "*"


def _asked_locale(values: Mapping[str, Any], site: Site) -> str | None:
    """The language of the site, unless the request names one, all, or certain pages."""
    asked: str | None = values.get("locale")
    if asked is not None:
        return None if asked == ANY_LOCALE else asked
    return None if any(values.get(name) for name in ("id__in", "parent", "descendant_of")) else site.locale


def _listings() -> QuerySet[PublishedListing]:
    """Of a school that readers may see; one that they may not see is in no list for them."""
    return PublishedListing.objects.filter(
        visible_school("school__"), school_id=Placeholder("school", BigIntegerField())
    )


def _topic_rows() -> QuerySet[Any]:
    rows: QuerySet[Any] = ArticleTopic.objects.filter(tag__slug=Placeholder("topic", CharField())).order_by()
    return rows


def _visible_path(*shape: int) -> QuerySet[Any, Any]:
    pages: QuerySet[Any, Any] = Page._base_manager.filter(
        visible_page((shape[0], shape[1])), pk=Placeholder("pk", BigIntegerField())
    )
    return pages.order_by().values_list("path", "depth")


VISIBLE_PATH = CompiledQueries(_visible_path)


def below(prefix: str) -> Callable[[Any, Site], Mapping[str, Any]]:
    """Slots for the pages below a page that readers may see; below any other page they find nothing."""

    def bind(pk: int, site: Site) -> Mapping[str, Any]:
        rows = VISIBLE_PATH(*site.shape).rows(site.slots, pk=pk)
        path, depth = rows[0] if rows else (NOWHERE, 0)
        return {f"{prefix}_low": path, f"{prefix}_high": f"{path}~", f"{prefix}_depth": depth + 1}

    return bind


def _pages_below(prefix: str) -> QuerySet[Any, Any]:
    low, high = Placeholder(f"{prefix}_low", CharField()), Placeholder(f"{prefix}_high", CharField())
    pages: QuerySet[Any, Any] = Page._base_manager.filter(path__gt=low, path__lt=high)
    return pages.order_by().values_list("pk")


def tree_filter(name: str, description: str, *, path: str, depth: str | None = None) -> Filter:
    """`path` leads to the tree path of the rows; with `depth`, only children."""

    def level() -> Q:
        return Q(**{depth: Placeholder(f"{name}_depth", IntegerField())}) if depth else Q()

    low, high = Placeholder(f"{name}_low", CharField()), Placeholder(f"{name}_high", CharField())
    return Filter(
        parameters.integer(name, description),
        lambda: Q(Q(InSubtree(F(path), low)), level(), ~Q(**{path: low})),
        below(name),
        few=lambda: Q(level(), **{f"{path}__gt": low, f"{path}__lt": high}),
        probe=CompiledQuery(lambda: _pages_below(name)),
    )


FILTERS = (
    Filter(
        parameters.integer("school", "Lists this school, by its id."),
        lambda: Q(Exists(_listings().filter(page_id=OuterRef("page_id")))),
        _same("school"),
        few=lambda: Q(page_id__in=_listings().values("page_id")),
        probe=CompiledQuery(lambda: _listings().values_list("pk")),
    ),
    Filter(
        parameters.text("topic", "Has this topic, by its slug.", high=100),
        lambda: Q(Exists(_topic_rows().filter(content_object_id=OuterRef("page_id")))),
        _same("topic"),
        few=lambda: Q(page_id__in=_topic_rows().values("content_object_id")),
        probe=CompiledQuery(lambda: _topic_rows().values_list("pk")),
    ),
    tree_filter("parent", "Stands directly under this page, by its id.", path="page__path", depth="page__depth"),
    tree_filter("descendant_of", "Stands under this page, however deep, by its id.", path="page__path"),
    Filter(
        parameters.text(
            "locale",
            "Is written in this language, such as `en`; `*`: in any.  Without it, articles in the language of the site "
            "are answered, or, where `id__in`, `parent` or `descendant_of` says which, those.",
            high=100,
        ),
        lambda: Q(page__locale__language_code=Placeholder("locale", CharField())),
        _same("locale"),
        value_of=_asked_locale,
    ),
    Filter(
        parameters.text("slug", "Has this slug.  Slugs are unique among the pages of one parent only.", high=255),
        lambda: Q(page__slug=Placeholder("slug", CharField())),
        _same("slug"),
    ),
    Filter(
        parameters.ids("id__in", "Has one of these ids."),
        lambda: Q(AnyOf(F("page_id"), Placeholder("id__in", BigIntegerField()))),
        lambda value, site: {"id__in": id_list(value)},
    ),
    *_date_filters("published_at", "Was first published"),
    *_date_filters("updated_at", "Was last published"),
)

ARTICLES = Listing(
    readable_articles,
    ArticleRow,
    filters=FILTERS,
    orders=(
        Order("published_at", "published_at", output_field=DateTimeField()),
        Order("updated_at", "updated_at", output_field=DateTimeField()),
        Order("title", "sort_title"),
        Order("tree", "page__path"),
        Order("id", "page_id", int),
    ),
    default="-published_at",
)
