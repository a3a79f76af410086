"""Articles as readers get them: rows in, JSON text out.

An article's text is put together from what was stored at publication and what belongs to others now; nothing is
parsed unless a reader may not see a school or an image in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import BigIntegerField, QuerySet

from api.relations import Relations
from api.sites import Site
from api.statements import AnyOf, F, Slot, Statement, id_list, uuid_text
from api.visibility import visible_page
from pages.models import ArticleTopic, PublishedArticle

NARROW = (
    *("page_id", "published_at", "updated_at", "page__url_path", "page__slug", "page__translation_key"),
    *("page__locale__language_code", "digest", "references", "head", "introduction"),
)
WIDE = (*NARROW, "body")
(PK, PUBLISHED, UPDATED, URL_PATH, SLUG, TRANSLATION_KEY, LOCALE, DIGEST, REFERENCES, HEAD, INTRODUCTION, BODY) = range(
    12
)


def visible_articles(shape: tuple[int, int]) -> QuerySet[PublishedArticle]:
    """The public forms of articles that readers of a site of this shape may see."""
    return PublishedArticle.objects.filter(visible_page(shape, "page__")).order_by()


def _topics() -> QuerySet[Any, Any]:
    chosen: QuerySet[Any, Any] = ArticleTopic.objects.filter(
        AnyOf(F("content_object_id"), Slot("ids", BigIntegerField()))
    )
    return chosen.order_by("tag__name", "tag_id").values_list("content_object_id", "tag__slug", "tag__name")


TOPICS = Statement(_topics)


@dataclass(frozen=True, slots=True)
class Articles:
    """Some articles and all that is needed to write them down."""

    site: Site
    rows: Sequence[Any]
    relations: Relations
    topics: dict[int, str]

    @classmethod
    def load(cls, site: Site, rows: Sequence[Any]) -> Articles:
        names = {name for row in rows for name in row[REFERENCES].split()}
        return cls(site, rows, Relations(site, names), _topics_of([row[PK] for row in rows]))

    def versions(self) -> str:
        """Differs whenever the text of one of them does, and needs no body to be read."""
        return "\0".join(
            f"{self.start(row)}{row[DIGEST]}{self.relations.version(row[REFERENCES].split())}" for row in self.rows
        )

    def start(self, row: Any) -> str:
        """What the page's own row and its topics say."""
        path = self.site.path_of(row[URL_PATH])
        return (
            f'{{"id":{row[PK]},"type":"article","locale":"{row[LOCALE]}",'
            f'"translation_key":"{uuid_text(row[TRANSLATION_KEY])}","slug":{quoted(row[SLUG])},'
            f'"path":{quoted(path)},"url":{quoted(self.site.url + path)},"topics":[{self.topics.get(row[PK], "")}],'
        )

    def text(self, row: Any, *, body: bool) -> str:
        head = self.relations.fill(row[HEAD])
        introduction = self.relations.fill(row[INTRODUCTION])
        end = f',"body":{self.relations.fill_body(row[BODY])}}}' if body else "}"
        return f'{self.start(row)}{head[1:-1]},"introduction":{introduction}{end}'

    def tags(self) -> list[str]:
        """Names of all objects that the texts were made of."""
        kinds = {"href-page": "page", "url": "page", "picture": "image", "href-document": "document"}
        named = (name.partition(":") for name in sorted(self.relations.names))
        others = dict.fromkeys(f"{kinds.get(kind, kind)}-{pk}" for kind, _, pk in named)
        return [*(f"article-{row[PK]}" for row in self.rows), *others]


def _topics_of(ids: Sequence[int]) -> dict[int, str]:
    """Topics of each article: the inside of a JSON array of `TopicReference`s."""
    found: dict[int, str] = {}
    if ids:
        for pk, slug, name in TOPICS.rows(ids=id_list(ids)):
            text = f'{{"slug":{quoted(slug)},"name":{quoted(name)}}}'
            found[pk] = f"{found[pk]},{text}" if pk in found else text
    return found
