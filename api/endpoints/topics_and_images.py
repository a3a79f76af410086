"""Topics and images."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.images import get_image_model
from wagtail.models import ReferenceIndex

from api.endpoints.lists import list_answer
from api.http import parameters
from api.http.problems import not_found
from api.http.responses import Answer
from api.http.view import SITE, ContentView, Query
from api.openapi.references import ref
from api.queries.compiled import (
    AnyOf,
    F,
    Slot,
    StatementTable,
    id_list,
)
from api.resources.articles import visible_articles
from api.resources.images import COLUMNS as IMAGE_COLUMNS
from api.resources.images import image_texts
from api.resources.includes import topic_text
from api.resources.listing import Filter, Listing, Order
from api.resources.schools import visible_schools
from api.visibility.rules import visible_file, visible_page
from pages.models import ArticleTopic, Topic

TOPIC = ("pk", "slug", "name")


def visible_topics(shape: tuple[int, int]) -> QuerySet[Topic]:
    """Those that an article has which readers may see."""
    uses = ArticleTopic.objects.filter(visible_page(shape, "content_object__page_ptr__"), tag_id=OuterRef("pk"))
    topics: QuerySet[Topic] = Topic.objects.filter(Exists(uses)).order_by()
    return topics


TOPICS = Listing(visible_topics, orders=(Order("name", "name", 2), Order("id", "pk", 0, int)), default="name")
TOPIC_BY_SLUG = StatementTable(
    lambda *shape: visible_topics(shape).filter(slug=Slot("slug", CharField())).values_list(*TOPIC)
)


class TopicList(ContentView):
    parameters = (SITE, *TOPICS.parameters)
    operation = {"operationId": "listTopics", "summary": "Topics of articles", "tags": ["topics"], "list_of": "Topic"}

    def get(self, query: Query, **path: Any) -> Answer:
        page = TOPICS.read(query.values, site=query.site, identity="topics", columns=TOPIC)
        return list_answer(query, page, [topic_text(*row) for row in page.rows], "topics", "topic")


class TopicDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readTopic",
        "summary": "One topic, by its slug; its articles are `articles/?topic=` the slug",
        "tags": ["topics"],
        "answer": ref("Topic"),
    }

    def get(self, query: Query, **path: Any) -> Answer:
        rows = TOPIC_BY_SLUG(*query.site.shape).rows(query.site.slots, slug=path["slug"])
        if not rows:
            raise not_found()
        return Answer(lambda: topic_text(*rows[0]), tags=[f"topic-{rows[0][0]}"])


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


IMAGES = Listing(
    visible_images,
    filters=(
        Filter(
            parameters.ids("id__in", "Has one of these ids."),
            lambda: Q(AnyOf(F("pk"), Slot("id__in", BigIntegerField()))),
            lambda value, site: {"id__in": id_list(value)},
        ),
    ),
    orders=(Order("id", "pk", 0, int),),
    default="id",
)
IMAGE_BY_ID = StatementTable(
    lambda *shape: visible_images(shape).filter(pk=Slot("pk", BigIntegerField())).values_list("pk")
)


class ImageList(ContentView):
    parameters = (SITE, *IMAGES.parameters)
    operation = {
        "operationId": "listImages",
        "summary": "Images of published articles and schools",
        "tags": ["images"],
        "list_of": "Image",
    }

    def get(self, query: Query, **path: Any) -> Answer:
        page = IMAGES.read(query.values, site=query.site, identity="images", columns=IMAGE_COLUMNS[:1])
        texts = image_texts([row[0] for row in page.rows])
        return list_answer(query, page, [texts[row[0]] for row in page.rows if row[0] in texts], "images", "image")


class ImageDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readImage",
        "summary": "One image, by its id",
        "tags": ["images"],
        "answer": ref("Image"),
    }

    def get(self, query: Query, **path: Any) -> Answer:
        rows = IMAGE_BY_ID(*query.site.shape).rows(query.site.slots, pk=path["id"])
        texts = image_texts([path["id"]]) if rows else {}
        if not texts:
            raise not_found()
        return Answer(lambda: texts[path["id"]], tags=[f"image-{path['id']}"])
