"""Schools: list, one by id, one by slug, and the articles that list one."""

from __future__ import annotations

from itertools import starmap
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet

from api.endpoints.articles import LIST_FORM, article_list
from api.http import parameters
from api.http.pagination import list_representation
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.queries.compiled import (
    AnyOf,
    CompiledQuery,
    F,
    Placeholder,
    id_list,
    moment,
)
from api.resources.article_filters import ARTICLES
from api.resources.listing import Filter, Listing, Order, name_filter
from api.resources.schools import (
    SCHOOL,
    SchoolRow,
    Schools,
    visible_schools,
)
from pages.names import normalise_name

SCHOOLS = Listing(
    visible_schools,
    SchoolRow,
    filters=(
        name_filter("Has these parts of words in its name, in any order.", "normalised_name", normalise_name),
        Filter(
            parameters.text("slug", "Has this slug, which is unique in its language.", high=255),
            lambda: Q(slug=Placeholder("slug", CharField())),
            lambda value, site: {"slug": value},
        ),
        Filter(
            parameters.text("locale", "Is described in this language, such as `en`.", high=100),
            lambda: Q(locale__language_code=Placeholder("locale", CharField())),
            lambda value, site: {"locale": value},
        ),
        Filter(
            parameters.ids("id__in", "Has one of these ids."),
            lambda: Q(AnyOf(F("pk"), Placeholder("id__in", BigIntegerField()))),
            lambda value, site: {"id__in": id_list(value)},
        ),
    ),
    orders=(Order("name", "normalised_name"), Order("id", "pk", int)),
    default="name",
)


def _one() -> QuerySet[Any, Any]:
    return visible_schools().filter(pk=Placeholder("pk", BigIntegerField())).values_list(*SchoolRow._fields)


BY_ID = CompiledQuery(_one)


class SchoolList(ContentView):
    parameters = (SITE, *SCHOOLS.parameters)
    operation = {"operationId": "listSchools", "summary": "Schools", "tags": ["schools"], "list_of": "School"}

    def represent(self, query: Query, **path: Any) -> Representation:
        page = SCHOOLS.read(query.values, site=query.site, identity="schools")
        schools = Schools.load(query.site, page.rows)
        return list_representation(query, page, schools.texts(), ["schools", *schools.tags()])


class SchoolDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readSchool",
        "summary": "One school, by its id",
        "tags": ["schools"],
        "answer": SCHOOL,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        rows = list(starmap(SchoolRow, BY_ID.rows(pk=path["id"])))
        if not rows:
            raise not_found()
        schools = Schools.load(query.site, rows)
        text = schools.texts()[0]
        updated = rows[0].last_published_at
        return Representation(lambda: text, last_modified=moment(updated) if updated else None, tags=schools.tags())


class SchoolArticles(ContentView):
    parameters = (
        SITE,
        *(parameter for parameter in ARTICLES.parameters if parameter.name != "school"),
        *LIST_FORM,
    )
    operation = {
        "operationId": "listArticlesOfSchool",
        "summary": "Articles that list a school",
        "tags": ["schools"],
        "list_of": "ArticleSummary",
        "partial_list_of": "PartialArticle",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        if not BY_ID.rows(pk=path["id"]):
            raise not_found()
        return article_list(query, f"schools/{path['id']}/articles", {"school": path["id"]})
