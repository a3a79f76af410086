"""Topics: list, and one by its slug."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.utils.text import slugify

from api.http.pagination import list_representation
from api.http.problems import not_found
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.queries.compiled import (
    CompiledQueries,
    Placeholder,
)
from api.resources.includes import TOPIC, TopicRow, topic_text
from api.resources.listing import Listing, Order, name_filter
from api.visibility.rules import visible_page
from pages.models import ArticleTopic, Topic


def visible_topics(shape: tuple[int, int]) -> QuerySet[Topic]:
    """Those that an article has which readers may see."""
    uses = ArticleTopic.objects.filter(visible_page(shape, "content_object__page_ptr__"), tag_id=OuterRef("pk"))
    topics: QuerySet[Topic] = Topic.objects.filter(Exists(uses)).order_by()
    return topics


TOPICS = Listing(
    visible_topics,
    TopicRow,
    filters=(
        name_filter(
            "Has these parts of words in its name, in any order.",
            "slug",  # the name in lower case, in any script and on any database
            lambda text: slugify(text, allow_unicode=True).replace("-", " "),
        ),
    ),
    orders=(Order("name", "name"), Order("id", "pk", int)),
    default="name",
)
TOPIC_BY_SLUG = CompiledQueries(
    lambda *shape: visible_topics(shape).filter(slug=Placeholder("slug", CharField())).values_list(*TopicRow._fields)
)


class TopicList(ContentView):
    parameters = (SITE, *TOPICS.parameters)
    operation = {"operationId": "listTopics", "summary": "Topics of articles", "tags": ["topics"], "list_of": "Topic"}

    def represent(self, query: Query, **path: Any) -> Representation:
        page = TOPICS.read(query.values, site=query.site, identity="topics")
        tags = ["topics", *(f"topic-{row.pk}" for row in page.rows)]
        return list_representation(query, page, [topic_text(row) for row in page.rows], tags)


class TopicDetail(ContentView):
    parameters = (SITE,)
    operation = {
        "operationId": "readTopic",
        "summary": "One topic, by its slug; its articles are `articles/?topic=` the slug",
        "tags": ["topics"],
        "answer": TOPIC,
    }

    def represent(self, query: Query, **path: Any) -> Representation:
        rows = TOPIC_BY_SLUG(*query.site.shape).rows(query.site.slots, slug=path["slug"])
        if not rows:
            raise not_found()
        topic = TopicRow(*rows[0])
        return Representation(lambda: topic_text(topic), tags=[f"topic-{topic.pk}"])
