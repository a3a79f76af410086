"""Articles as readers get them: rows in, JSON text out.

An article's text is put together from what was stored at publication and what belongs to others now; nothing is
parsed unless a reader may not see a school or an image in it, or asks for another form of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextField

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
from api.resources.references import SCHOOL, Relations
from api.resources.schools import Schools, names_of, stored_texts
from api.visibility.rules import visible_page, visible_school
from api.visibility.sites import Site, SitesText
from pages.blocks import body_markdown, body_text
from pages.models import PublishedArticle, PublishedListing, School

VERSION = (
    *("page_id", "published_at", "updated_at", "page__url_path", "page__slug", "page__translation_key"),
    *("page__locale__language_code", "page__path", "digest", "references", "listed", "sites"),
)
"""All that decides what the text is; enough to know whether a client has it already."""
NARROW = (*VERSION, "head", "introduction")
WIDE = (*NARROW, "body")
PK, PUBLISHED, UPDATED, URL_PATH, SLUG, TRANSLATION_KEY, LOCALE, PATH = range(8)
DIGEST, REFERENCES, LISTED, SITES, HEAD, INTRODUCTION, BODY = range(8, 15)
FIELDS = (
    *("id", "type", "locale", "translation_key", "slug", "path", "url", "title", "seo", "lead_image", "published_at"),
    *("updated_at", "introduction", "body", "body_markdown", "body_text", "schools", "images", "topics", "parent"),
    "translations",
)
ALWAYS = ("id", "type")
BODIES = ("html", "markdown", "text", "none")


def visible_articles(shape: tuple[int, int]) -> QuerySet[PublishedArticle]:
    """The public forms of articles that readers of a site of this shape may see."""
    return PublishedArticle.objects.filter(visible_page(shape, "page__")).order_by()


def readable_articles(shape: tuple[int, int]) -> QuerySet[PublishedArticle]:
    """The same, with what an answer needs beside them: the schools that each lists and that readers may see, and the
    sites.  One statement for all of it: between a request and its answer, most time goes to asking the database."""
    school = School.objects.filter(visible_school(), pk=OuterRef("school_id")).order_by()
    listings = PublishedListing.objects.filter(page_id=OuterRef("page_id")).order_by()
    # A subquery in a subquery: of a join, PostgreSQL believes that it is best begun with all schools.
    schools = listings.values(rows=JsonRows(Subquery(school.values(row=JsonRow(*SCHOOL)))))
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
    rows: Sequence[Any]
    form: Form
    relations: Relations
    included: Included
    starts: dict[int, str]
    """What each page's own row says."""

    @classmethod
    def load(cls, site: Site, rows: Sequence[Any], form: Form) -> Articles:
        mentioned = {row[PK]: row[REFERENCES].split() for row in rows}
        names = {name for named in mentioned.values() for name in named}
        members = [Member(row[PK], row[PATH], row[TRANSLATION_KEY], mentioned[row[PK]]) for row in rows]
        listed = listed_schools(members, form.include)
        stored = stored_texts(listed)
        schools = {school[0]: school for school in rows_of(row[LISTED] for row in rows)}
        relations = Relations(site, names | names_of(stored), schools.values())
        included = include(site, members, form.include, relations, Schools(listed, stored, relations))
        return cls(site, rows, form, relations, included, {row[PK]: _start(row, site) for row in rows})

    def versions(self) -> str:
        """Differs whenever the text of one of them does, and needs no body to be read."""
        return "\0".join(
            f"{self.starts[row[PK]]}{row[DIGEST]}{self.relations.version(row[REFERENCES].split())}"
            f"{self.included.members.get(row[PK], '')}"
            for row in self.rows
        )

    def text(self, row: Any) -> str:
        head = self.relations.fill(row[HEAD])
        introduction = self.relations.fill(row[INTRODUCTION])
        end = f"{self._body(row)}{self.included.members.get(row[PK], '')}}}"
        return self._sparse(f'{self.starts[row[PK]]}{head[1:-1]},"introduction":{introduction}{end}')

    def _body(self, row: Any) -> str:
        if self.form.body == "none":
            return ""
        body = self.relations.fill_body(row[BODY])
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
        return list(dict.fromkeys([*(f"page-{row[PK]}" for row in self.rows), *others]))


def _start(row: Any, site: Site) -> str:
    path = quoted(site.path_of(row[URL_PATH]))
    return (
        f'{{"id":{row[PK]},"type":"article","locale":"{row[LOCALE]}",'
        f'"translation_key":"{uuid_text(row[TRANSLATION_KEY])}","slug":{quoted(row[SLUG])},'
        f'"path":{path},"url":{quoted(site.url)[:-1]}{path[1:]},'
    )
