"""Images of published articles and schools: list, and one by its id."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from api.http import parameters
from api.http.pagination import list_representation
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    F,
    Placeholder,
    id_list,
)
from api.resources.articles import visible_articles
from api.resources.images import IMAGE, image_texts
from api.resources.listing import Filter, Listing, Order
from api.resources.schools import visible_schools
from api.visibility.rules import visible_file


def visible_images(shape: tuple[int, int]) -> QuerySet[Any]:
    """Those in a public collection that an article or a school uses which readers may see."""
    uses = ReferenceIndex.objects.filter(
        to_content_type__app_label=get_image_model()._meta.app_label,
        to_content_type__model=get_image_model()._meta.model_name,
        to_object_id=Cast(OuterRef("pk"), CharField()),
    )
    articles = visible_articles(shape).annotate(key=Cast("page_id", CharField())).filter(key=OuterRef("object_id"))
    schools = visible_schools().annotate(key=Cast("pk", CharField())).filter(key=OuterRef("object_id"))
    used = Q(Exists(articles), content_type__model="articlepage") | Q(Exists(schools), content_type__model="school")
    images: QuerySet[Any] = get_image_model().objects.filter(visible_file(), Exists(uses.filter(used)))
    return images.order_by()


class ImageIdRow(NamedTuple):
    """Its name is the column."""

    pk: int


IMAGES = Listing(
    visible_images,
    ImageIdRow,
    filters=(
        Filter(
            parameters.ids("id__in", "Has one of these ids."),
            lambda: Q(AnyOf(F("pk"), Placeholder("id__in", BigIntegerField()))),
            lambda value, site: {"id__in": id_list(value)},
        ),
    ),
    orders=(Order("id", "pk", int),),
    default="id",
)
IMAGE_BY_ID = CompiledQueries(
    lambda *shape: visible_images(shape).filter(pk=Placeholder("pk", BigIntegerField())).values_list("pk")
)


class ImageList(ContentView):
    parameters = (SITE, *IMAGES.parameters)
    operation = {
        "operationId": "listImages",
        "summary": "Images of published articles and schools",
        "tags": ["images"],
        "list_of": "Image",
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        page = IMAGES.read(query.values, site=query.site, identity="images")
        texts = image_texts([row.pk for row in page.rows])
        shown = [row.pk for row in page.rows if row.pk in texts]
        return list_representation(
            query, page, [texts[pk] for pk in shown], ["images", *(f"image-{pk}" for pk in shown)]
        )


class ImageDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readImage",
        "summary": "One image, by its id",
        "tags": ["images"],
        "answer": IMAGE,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        rows = IMAGE_BY_ID(*query.site.shape).rows(query.site.slots, pk=path["id"])
        texts = image_texts([path["id"]]) if rows else {}
        if not texts:
            raise not_found()
        return Representation(lambda: texts[path["id"]], tags=[f"image-{path['id']}"])
