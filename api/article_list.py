"""What may be asked of lists of articles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, Exists, OuterRef, Q

from api import parameters
from api.articles import PUBLISHED, UPDATED, visible_articles
from api.listings import Filter, Listing, Order
from api.statements import AnyOf, F, Slot, id_list, moment_value
from api.visibility import visible_school
from pages.models import ArticleTopic, PublishedListing


def _date_filters(field: str, what: str) -> list[Filter]:
    operators = (("gte", "at or after"), ("gt", "after"), ("lte", "at or before"), ("lt", "before"))
    return [_date_filter(f"{field}__{operator}", f"{what} {words} this moment.") for operator, words in operators]


def _date_filter(name: str, description: str) -> Filter:
    return Filter(
        parameters.moment(name, description),
        lambda: Q(**{name: Slot(name, DateTimeField())}),
        lambda value: {name: moment_value(value)},
    )


def _lists_school() -> Q:
    """A school that readers may not see is in no list for them."""
    return Q(
        Exists(
            PublishedListing.objects.filter(
                visible_school("school__"), page_id=OuterRef("page_id"), school_id=Slot("school", BigIntegerField())
            )
        )
    )


def _has_topic() -> Q:
    return Q(
        Exists(ArticleTopic.objects.filter(content_object_id=OuterRef("page_id"), tag__slug=Slot("topic", CharField())))
    )


def _same(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {name: value}


FILTERS = (
    Filter(
        parameters.integer("school", "Lists this school, by its id."),
        _lists_school,
        _same("school"),
    ),
    Filter(parameters.text("topic", "Has this topic, by its slug.", high=100), _has_topic, _same("topic")),
    Filter(
        parameters.text("locale", "Is written in this language, such as `en`.", high=100),
        lambda: Q(page__locale__language_code=Slot("locale", CharField())),
        _same("locale"),
    ),
    Filter(
        parameters.text("slug", "Has this slug.  Slugs are unique among the pages of one parent only.", high=255),
        lambda: Q(page__slug=Slot("slug", CharField())),
        _same("slug"),
    ),
    Filter(
        parameters.ids("id__in", "Has one of these ids."),
        lambda: Q(AnyOf(F("page_id"), Slot("id__in", BigIntegerField()))),
        lambda value: {"id__in": id_list(value)},
    ),
    *_date_filters("published_at", "Was first published"),
    *_date_filters("updated_at", "Was last published"),
)

ARTICLES = Listing(
    visible_articles,
    filters=FILTERS,
    orders=(
        Order("published_at", "published_at", PUBLISHED, output_field=DateTimeField()),
        Order("updated_at", "updated_at", UPDATED, output_field=DateTimeField()),
        Order("id", "page_id", 0, int),
    ),
    default="-published_at",
    pk="page_id",
)
