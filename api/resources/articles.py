"""Articles as readers get them: rows in, JSON text out.

An article's text is put together from what was stored at publication and what belongs to others now; nothing is
parsed unless a reader may not see a school or an image in it, or asks for another form of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery, TextField

from api.json_schema import (
    BOOLEAN,
    DATE,
    ID,
    LOCALE,
    OPTIONAL_URL,
    PATH,
    STRING,
    URL,
    UUID,
    Json,
    array,
    const,
    define,
    nullable,
    record,
    ref,
)
from api.queries.compiled import (
    JsonRow,
    JsonRows,
    rows_of,
    uuid_text,
)
from api.resources.includes import (
    Included,
    Member,
    include,
    listed_schools,
)
from api.resources.references import Relations, SchoolReferenceRow
from api.resources.schools import Schools, names_of, stored_texts
from api.visibility.rules import visible_page, visible_school
from api.visibility.sites import Site, SitesText
from pages.blocks import body_markdown, body_text
from pages.blocks.public import HTML
from pages.models import PublishedArticle, PublishedListing, School


class ArticleRow(NamedTuple):
    """A row of `readable_articles`; its names are the columns.  How many of them are read depends on what is wanted."""

    page_id: int
    published_at: datetime
    updated_at: datetime
    page__url_path: str
    page__slug: str
    page__translation_key: Any
    page__locale__language_code: str
    page__path: str
    sort_title: str
    page__alias_of_id: int | None
    page__alias_of__path: str | None
    page__alias_of__url_path: str | None
    digest: str
    references: str
    listed: str | None
    sites: str
    head: str = ""
    introduction: str = ""
    body: str = ""


_COLUMNS = ArticleRow._fields
VERSION = _COLUMNS[: _COLUMNS.index("head")]
"""All that decides what the text is; enough to know whether a client has it already."""
NARROW = _COLUMNS[: _COLUMNS.index("body")]
WIDE = _COLUMNS
FIELDS = (
    *("id", "type", "locale", "translation_key", "slug", "path", "url", "alias_of", "title", "seo", "lead_image"),
    *(
        "published_at",
        "updated_at",
        "introduction",
        "body",
        "body_markdown",
        "body_text",
        "schools",
        "images",
        "topics",
        "parent",
    ),
    "translations",
)
ALWAYS = ("id", "type")
BODIES = ("html", "markdown", "text", "none")


SEO = define(
    "Seo",
    record(
        "What search engines are told.",
        {
            "title": STRING,
            "description": STRING,
            "canonical_url": OPTIONAL_URL | {"description": "Where the text is at home, if elsewhere."},
            "noindex": BOOLEAN,
        },
    ),
)
_FIELD_SCHEMAS: dict[str, Json] = {
    "id": ID | {"description": "Never changes and is never given to another page."},
    "type": const("article"),
    "locale": LOCALE,
    "translation_key": UUID | {"description": "Shared by all translations of the article."},
    "slug": STRING,
    "path": PATH,
    "url": URL,
    "alias_of": nullable(ID)
    | {"description": "The article that this one repeats at another path; its URL is the `canonical_url`."},
    "title": STRING,
    "seo": SEO,
    "lead_image": nullable(ref("Image")),
    "published_at": DATE | {"description": "When it was first published."},
    "updated_at": DATE | {"description": "When it was last published."},
    "introduction": HTML,
    "body": array(ref("Block")),
    "body_markdown": STRING | {"description": "With `body=markdown`: CommonMark with tables."},
    "body_text": STRING | {"description": "With `body=text`."},
    "schools": array(ref("School")) | {"description": "With `include=schools`."},
    "images": array(ref("Image")) | {"description": "With `include=images`."},
    "topics": array(ref("Topic")) | {"description": "With `include=topics`."},
    "parent": nullable(ref("PageReference")) | {"description": "With `include=parent`."},
    "translations": array(ref("Translation")) | {"description": "With `include=translations`."},
}
_ON_REQUEST = ("body", "body_markdown", "body_text", "schools", "images", "topics", "parent", "translations")
ARTICLE_SUMMARY = define(
    "ArticleSummary",
    record(
        "A published article as lists show it; its body and related objects where they were asked for.",
        _FIELD_SCHEMAS,
        optional=_ON_REQUEST,
    ),
)
ARTICLE = define(
    "Article",
    record(
        "A published article with its body; related objects where they were asked for.",
        _FIELD_SCHEMAS,
        optional=_ON_REQUEST[1:],
    ),
)
PARTIAL_ARTICLE = define(
    "PartialArticle",
    record(
        "An article of which only some fields were asked for (`fields`), or its body in another form (`body`).",
        _FIELD_SCHEMAS,
        optional=tuple(name for name in FIELDS if name not in ALWAYS),
    ),
)


def visible_articles(shape: tuple[int, int]) -> QuerySet[PublishedArticle]:
    """The public forms of articles that readers of a site of this shape may see."""
    return PublishedArticle.objects.filter(visible_page(shape, "page__")).order_by()


def readable_articles(shape: tuple[int, int]) -> QuerySet[PublishedArticle]:
    """The same, with what an answer needs beside them: the schools that each lists and that readers may see, and the
    sites.  One statement for all of it: between a request and its answer, most time goes to asking the database."""
    school = School.objects.filter(visible_school(), pk=OuterRef("school_id")).order_by()
    listings = PublishedListing.objects.filter(page_id=OuterRef("page_id")).order_by()
    # A subquery in a subquery: of a join, PostgreSQL believes that it is best begun with all schools.
    schools = listings.values(rows=JsonRows(Subquery(school.values(row=JsonRow(*SchoolReferenceRow._fields)))))
    return visible_articles(shape).annotate(listed=Subquery(schools, TextField()), sites=SitesText())


@dataclass(frozen=True, slots=True)
class Form:
    """How much of each article is wanted, and in which form."""

    body: str = "html"
    fields: tuple[str, ...] | None = None
    include: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return NARROW if self.body == "none" else WIDE


@dataclass(frozen=True, slots=True)
class Articles:
    """Some articles and all that is needed to write them down."""

    site: Site
    rows: Sequence[ArticleRow]
    form: Form
    relations: Relations
    included: Included
    starts: dict[int, str]
    """What each page's own row says."""

    @classmethod
    def load(cls, site: Site, rows: Sequence[ArticleRow], form: Form) -> Articles:
        mentioned = {row.page_id: row.references.split() for row in rows}
        names = {name for named in mentioned.values() for name in named}
        members = [
            Member(row.page_id, row.page__path, row.page__translation_key, mentioned[row.page_id]) for row in rows
        ]
        listed = listed_schools(members, form.include)
        stored = stored_texts(listed)
        schools = {row.pk: row for row in starmap(SchoolReferenceRow, rows_of(row.listed for row in rows))}
        full_links = form.body == "markdown"  # Markdown is read away from the site
        relations = Relations(site, names | names_of(stored), schools.values(), full_links=full_links)
        included = include(site, members, form.include, relations, Schools(listed, stored, relations))
        return cls(site, rows, form, relations, included, {row.page_id: _start(row, site) for row in rows})

    def versions(self) -> str:
        """Differs whenever the text of one of them does, and needs no body to be read."""
        return "\0".join(
            f"{self.starts[row.page_id]}{_source_path(row, self.site)}{row.digest}"
            f"{self.relations.version(row.references.split())}"
            f"{self.included.members.get(row.page_id, '')}"
            for row in self.rows
        )

    def text(self, row: ArticleRow) -> str:
        head = _with_canonical(self.relations.fill(row.head), row, self.site)
        introduction = self.relations.fill(row.introduction)
        end = f"{self._body(row)}{self.included.members.get(row.page_id, '')}}}"
        return self._sparse(f'{self.starts[row.page_id]}{head[1:-1]},"introduction":{introduction}{end}')

    def _body(self, row: ArticleRow) -> str:
        if self.form.body == "none":
            return ""
        body = self.relations.fill_body(row.body)
        if self.form.body == "html":
            return f',"body":{body}'
        write = body_markdown if self.form.body == "markdown" else body_text
        return f',"body_{self.form.body}":{quoted(write(json.loads(body)))}'

    def _sparse(self, text: str) -> str:
        if self.form.fields is None:
            return text
        wanted = {*self.form.fields, *ALWAYS}
        return json.dumps({name: value for name, value in json.loads(text).items() if name in wanted})

    def tags(self) -> list[str]:
        """Names of all objects that are in the texts, each once: the articles, what they refer to, what is included."""
        others = [*sorted(self.relations.tags), *self.included.tags]
        return list(dict.fromkeys([*(f"page-{row.page_id}" for row in self.rows), *others]))


def _source_path(row: ArticleRow, site: Site) -> str | None:
    """Of the article that this one is an alias of, where it stands in the same site.  That readers may see it, the rule
    for the alias has asked."""
    source, url_path = row.page__alias_of__path, row.page__alias_of__url_path
    return site.path_of(url_path) if source and url_path and site.holds(source) else None


_NO_CANONICAL = '"canonical_url":null'
"""In JSON text of a head: within a string, its quotes would be escaped."""


def _with_canonical(head: str, row: ArticleRow, site: Site) -> str:
    source = _source_path(row, site)
    return head if source is None else head.replace(_NO_CANONICAL, f'"canonical_url":{quoted(site.url + source)}', 1)


def _start(row: ArticleRow, site: Site) -> str:
    path = quoted(site.path_of(row.page__url_path))
    source = _source_path(row, site)
    alias_of = "null" if source is None else f"{row.page__alias_of_id}"
    return (
        f'{{"id":{row.page_id},"type":"article","locale":"{row.page__locale__language_code}",'
        f'"translation_key":"{uuid_text(row.page__translation_key)}","slug":{quoted(row.page__slug)},'
        f'"path":{path},"url":{quoted(site.url)[:-1]}{path[1:]},"alias_of":{alias_of},'
    )
