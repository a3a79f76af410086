"""`?include=`: objects that an article is related to, in full, one level deep.  A query or a few for a whole answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet
from wagtail.models import Page

from api.queries.compiled import (
    AnyOf,
    CompiledQueries,
    CompiledQuery,
    F,
    Placeholder,
    Row,
    id_list,
    text_list,
    uuid_list,
    uuid_text,
)
from api.resources.references import Relations, page_text
from api.resources.schools import COLUMNS as SCHOOL_COLUMNS
from api.resources.schools import Schools, visible_schools
from api.visibility.rules import visible_page
from api.visibility.sites import Site
from pages import references
from pages.models import ArticleTopic

NAMES = ("schools", "images", "topics", "parent", "translations")
PAGE_COLUMNS = ("pk", "title", "url_path", "content_type__app_label", "content_type__model")


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
    return visible_schools().filter(AnyOf(F("pk"), Placeholder("ids", BigIntegerField()))).values_list(*SCHOOL_COLUMNS)


def _parents(*shape: int) -> QuerySet[Any, Any]:
    paths = AnyOf(F("path"), Placeholder("paths", CharField()), "text")
    chosen: QuerySet[Any, Any] = Page._base_manager.filter(paths, visible_page((shape[0], shape[1])))
    return chosen.order_by().values_list(*PAGE_COLUMNS, "path")


def _translations(*shape: int) -> QuerySet[Any, Any]:
    keys = AnyOf(F("translation_key"), Placeholder("keys", CharField()), "uuid")
    chosen: QuerySet[Any, Any] = Page._base_manager.filter(keys, visible_page((shape[0], shape[1])))
    return chosen.order_by("locale__language_code", "pk").values_list(
        *PAGE_COLUMNS, "translation_key", "locale__language_code"
    )


TOPICS = CompiledQuery(_topics)
SCHOOLS = CompiledQuery(_schools)
PARENTS = CompiledQueries(_parents)
TRANSLATIONS = CompiledQueries(_translations)


def topic_text(pk: int, slug: str, name: str) -> str:
    """A `Topic`."""
    return f'{{"id":{pk},"slug":{quoted(slug)},"name":{quoted(name)}}}'


def _add_topics(site: Site, articles: Sequence[Member], included: Included) -> None:
    found: dict[int, list[str]] = {}
    for article, *topic in TOPICS.rows(ids=id_list(article.pk for article in articles)):
        found.setdefault(article, []).append(topic_text(*topic))
        included.tags.append(f"topic-{topic[0]}")
    for article in articles:
        included.add(article.pk, "topics", f"[{','.join(found.get(article.pk, []))}]")


def _add_schools(site: Site, articles: Sequence[Member], included: Included) -> None:
    schools = included.schools
    texts = dict(zip([row[0] for row in schools.rows], schools.texts(), strict=True))
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
    rows = {row[5]: row[:5] for row in PARENTS(*site.shape).rows(site.slots, paths=text_list(paths))}
    for article in articles:
        row = rows.get(article.path[: -Page.steplen])
        included.add(article.pk, "parent", page_text(row, site) if row else "null")
        included.tags += [f"page-{row[0]}"] if row else []


def _add_translations(site: Site, articles: Sequence[Member], included: Included) -> None:
    keys = [article.translation_key for article in articles]
    found: dict[str, list[tuple[int, str]]] = {}
    for row in TRANSLATIONS(*site.shape).rows(site.slots, keys=uuid_list(keys)):
        text = f'{{"locale":"{row[6]}",{page_text(row[:5], site)[1:]}'
        found.setdefault(uuid_text(row[5]), []).append((row[0], text))
        included.tags.append(f"page-{row[0]}")
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


def listed_schools(articles: Sequence[Member], wanted: Sequence[str]) -> list[Row]:
    """Those that are to be included.  Asked first, so that what they refer to is loaded with everything else."""
    if "schools" not in wanted:
        return []
    ids = {pk for article in articles for pk in references.ids(article.references, "school")}
    return SCHOOLS.rows(ids=id_list(sorted(ids))) if ids else []


def include(
    site: Site, articles: Sequence[Member], wanted: Sequence[str], relations: Relations, schools: Schools
) -> Included:
    included = Included(relations, schools)
    if articles:
        for name in wanted:
            ADD[name](site, articles, included)
    return included
