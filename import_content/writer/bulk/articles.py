"""What can be made of an article without the database: before any lock is taken, and in any process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Model
from wagtail.models import ReferenceIndex

from import_content.article_content import (
    MAX_LINE,
    ArticleContent,
    RawBlock,
    bind_schools,
    listed,
)
from import_content.writer.bulk import raw_blocks
from import_content.writer.bulk.json_template import JsonTemplate, public_template, stream_template
from pages.blocks import BODY
from pages.models import School
from pages.names import normalise_name
from pages.publication import PublicTexts
from pages.search.text import Mention


class Reference(NamedTuple):
    """A row of the reference index."""

    model: type[Model]
    pk: str
    model_path: str
    content_path: str
    content_path_hash: str
    """Hexadecimal digits of the UUID."""


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """The texts of an article's rows, with gaps for the ids of schools that have no record yet."""

    title: str
    introduction: str
    printed: tuple[str, ...]
    """Names of those schools, one spelling each."""
    names: tuple[str, ...]
    """The same normalised: the order of the gaps."""
    records: frozenset[int]
    """Ids of schools that it lists by id."""
    searched: Mapping[str, str]
    """What search sees of each field."""
    body: JsonTemplate[int]
    """Raw stream data as Wagtail stores it."""
    canonical: JsonTemplate[int]
    """The same with sorted keys, for the fingerprint of the page's state."""
    references: tuple[Reference, ...]
    public: PublicTexts | None
    """None for an article that does not become public."""
    public_body: JsonTemplate[int] | None

    def bind(self, schools: Mapping[str, int]) -> BoundArticle:
        """With records for the schools; `schools` maps normalised names.  Raises `KeyError` for one that is missing."""
        ids = [str(schools[name]) for name in self.names]
        public = self.public
        if public is not None and self.public_body is not None:
            words = replace(public.words, mentions=tuple(_bound(public.words.mentions, ids)))
            public = replace(public, body=self.public_body.fill(ids), words=words)
        return BoundArticle(
            body=self.body.fill(ids),
            canonical=self.canonical.fill(ids),
            references=tuple(dict.fromkeys(_filled(self.references, ids))),
            public=public,
        )


@dataclass(frozen=True, slots=True)
class BoundArticle:
    """Texts in which every listed school is a record."""

    body: str
    canonical: str
    references: tuple[Reference, ...]
    public: PublicTexts | None


def prepare(content: ArticleContent, *, live: bool) -> PreparedArticle:
    """Raises `ValidationError` for a title that a page cannot have."""
    if not content.title.strip() or len(content.title) > MAX_LINE:
        raise ValidationError({"title": f"A title has 1 to {MAX_LINE} characters."})
    schools = [entry["value"]["school"] for block in content.body for entry in listed(block)]
    printed = content.school_names()
    names = tuple(map(normalise_name, printed))
    body = bind_schools(content.body, {name: -number for number, name in enumerate(names, start=1)})
    public = PublicTexts.of(content.title, content.introduction, body) if live else None
    return PreparedArticle(
        title=content.title,
        introduction=content.introduction,
        printed=tuple(printed),
        names=names,
        records=frozenset(school for school in schools if isinstance(school, int)),
        searched={
            "title": content.title,
            "introduction": raw_blocks.text_for_indexing(content.introduction),
            "body": ", ".join(raw_blocks.searchable(BODY, content.body)),
        },
        body=stream_template(json.dumps(body)),
        canonical=stream_template(json.dumps(body, sort_keys=True)),
        references=tuple(_references(content.introduction, body)),
        public=replace(public, body="") if public else None,
        public_body=public_template(public.body) if public else None,
    )


def _references(introduction: str, body: Sequence[RawBlock]) -> Iterator[Reference]:
    for field, found in (
        ("introduction", raw_blocks.rich_text_references(introduction)),
        ("body", raw_blocks.references(BODY, body)),
    ):
        for model, pk, path, content in found:
            content_path = f"{field}.{content}"
            hashed = ReferenceIndex._get_content_path_hash(content_path)
            yield Reference(model, pk, f"{field}.{path}", content_path, hashed.hex)


def _bound(mentions: Iterable[Mention], ids: Sequence[str]) -> Iterator[Mention]:
    for name, text in mentions:
        kind, _, pk = name.partition(":")
        yield (f"{kind}:{ids[-int(pk) - 1]}" if pk.startswith("-") else name), text


def _filled(references: Sequence[Reference], ids: Sequence[str]) -> Iterator[Reference]:
    for reference in references:
        is_gap = reference.model is School and reference.pk.startswith("-")
        yield reference._replace(pk=ids[-int(reference.pk) - 1]) if is_gap else reference
