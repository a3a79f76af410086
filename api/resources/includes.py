"""`?include=`: objects that an article is related to, in full, one level deep.  A query or a few for a whole answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, QuerySet
from wagtail.models import Page

from api.json_schema import ID, LOCALE, STRING, define, record
from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    CompiledQuery,
    F,
    Placeholder,
    id_list,
    text_list,
    uuid_list,
    uuid_text,
)
from api.resources.references import PAGE_PROPERTIES, Relations, page_text
from api.resources.schools import SchoolRow, Schools, visible_schools
from api.visibility.rules import visible_page
from api.visibility.sites import Site
from pages import references
from pages.models import ArticleTopic

NAMES = ("schools", "images", "topics", "parent", "translations")


class TopicRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    slug: str
    name: str


class ParentRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    title: str
    url_path: str
    content_type__app_label: str
    content_type__model: str
    path: str


class TranslationRow(NamedTuple):
    """Its names are the columns."""

    pk: int
    title: str
    url_path: str
    content_type__app_label: str
    content_type__model: str
    translation_key: Any
    locale__language_code: str


@dataclass(frozen=True, slots=True)
class Member:
    """An article, as far as includes need to know it."""

    pk: int
    path: str
    translation_key: Any
    references: list[str]


@dataclass(slots=True)
class Included:
    """JSON members to add to each article, ``,"parent":{...}``, and names of what they are made of."""

    relations: Relations
    """Has all images of the articles, and whatever the schools refer to."""
    schools: Schools
    members: dict[int, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    def add(self, pk: int, name: str, text: str) -> None:
        self.members[pk] = f'{self.members.get(pk, "")},"{name}":{text}'


def _topics() -> QuerySet[Any, Any]:
    ids = Placeholder("ids", BigIntegerField())
    chosen: QuerySet[Any, Any] = ArticleTopic.objects.filter(AnyOf(F("content_object_id"), ids))
    return chosen.order_by("tag__name", "tag_id").values_list("content_object_id", "tag_id", "tag__slug", "tag__name")


def _schools() -> QuerySet[Any, Any]:
    return (
        visible_schools().filter(AnyOf(F("pk"), Placeholder("ids", BigIntegerField()))).values_list(*SchoolRow._fields)
    )


def _parents(*shape: int) -> QuerySet[Any, Any]:
    paths = AnyOf(F("path"), Placeholder("paths", CharField()), "text")
    chosen: QuerySet[Any, Any] = Page._base_manager.filter(paths, visible_page((shape[0], shape[1])))
    return chosen.order_by().values_list(*ParentRow._fields)


def _translations(*shape: int) -> QuerySet[Any, Any]:
    keys = AnyOf(F("translation_key"), Placeholder("keys", CharField()), "uuid")
    chosen: QuerySet[Any, Any] = Page._base_manager.filter(keys, visible_page((shape[0], shape[1])))
    return chosen.order_by("locale__language_code", "pk").values_list(*TranslationRow._fields)


TOPICS = CompiledQuery(_topics)
SCHOOLS = CompiledQuery(_schools)
PARENTS = CompiledQueries(_parents)
TRANSLATIONS = CompiledQueries(_translations)


TOPIC = define("Topic", record("What articles are about.", {"id": ID, "slug": STRING, "name": STRING}))
TRANSLATION = define("Translation", record("The same page in another language.", {"locale": LOCALE, **PAGE_PROPERTIES}))


def topic_text(row: TopicRow) -> str:
    """A `Topic`."""
    return f'{{"id":{row.pk},"slug":{quoted(row.slug)},"name":{quoted(row.name)}}}'


def _add_topics(site: Site, articles: Sequence[Member], included: Included) -> None:
    found: dict[int, list[str]] = {}
    for article_id, *columns in TOPICS.rows(ids=id_list(article.pk for article in articles)):
        topic = TopicRow(*columns)
        found.setdefault(article_id, []).append(topic_text(topic))
        included.tags.append(f"topic-{topic.pk}")
    for article in articles:
        included.add(article.pk, "topics", f"[{','.join(found.get(article.pk, []))}]")


def _add_schools(site: Site, articles: Sequence[Member], included: Included) -> None:
    schools = included.schools
    texts = dict(zip([row.pk for row in schools.rows], schools.texts(), strict=True))
    for article in articles:
        listed = references.ids(article.references, "school")
        included.add(article.pk, "schools", f"[{','.join(texts[pk] for pk in listed if pk in texts)}]")


def _add_images(site: Site, articles: Sequence[Member], included: Included) -> None:
    texts = included.relations.images
    for article in articles:
        shown = references.ids(article.references, "picture", "image")
        included.add(article.pk, "images", f"[{','.join(texts[pk] for pk in shown if pk in texts)}]")


def _add_parent(site: Site, articles: Sequence[Member], included: Included) -> None:
    paths = {article.path[: -Page.steplen] for article in articles}
    found = starmap(ParentRow, PARENTS(*site.shape).rows(site.slots, paths=text_list(paths)))
    rows = {row.path: row for row in found}
    for article in articles:
        row = rows.get(article.path[: -Page.steplen])
        included.add(article.pk, "parent", page_text(row, site) if row else "null")
        included.tags += [f"page-{row.pk}"] if row else []


def _add_translations(site: Site, articles: Sequence[Member], included: Included) -> None:
    keys = [article.translation_key for article in articles]
    found: dict[str, list[tuple[int, str]]] = {}
    for row in starmap(TranslationRow, TRANSLATIONS(*site.shape).rows(site.slots, keys=uuid_list(keys))):
        text = f'{{"locale":"{row.locale__language_code}",{page_text(row, site)[1:]}'
        found.setdefault(uuid_text(row.translation_key), []).append((row.pk, text))
        included.tags.append(f"page-{row.pk}")
    for article in articles:
        others = [text for pk, text in found.get(uuid_text(article.translation_key), []) if pk != article.pk]
        included.add(article.pk, "translations", f"[{','.join(others)}]")


ADD: dict[str, Callable[[Site, Sequence[Member], Included], None]] = {
    "schools": _add_schools,
    "images": _add_images,
    "topics": _add_topics,
    "parent": _add_parent,
    "translations": _add_translations,
}


def listed_schools(articles: Sequence[Member], wanted: Sequence[str]) -> list[SchoolRow]:
    """Those that are to be included.  Asked first, so that what they refer to is loaded with everything else."""
    if "schools" not in wanted:
        return []
    ids = {pk for article in articles for pk in references.ids(article.references, "school")}
    return list(starmap(SchoolRow, SCHOOLS.rows(ids=id_list(sorted(ids))))) if ids else []


def include(
    site: Site, articles: Sequence[Member], wanted: Sequence[str], relations: Relations, schools: Schools
) -> Included:
    included = Included(relations, schools)
    if articles:
        for name in wanted:
            ADD[name](site, articles, included)
    return included
