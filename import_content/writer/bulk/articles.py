"""What can be made of an article before any lock is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from import_content.content import MAX_LINE, ArticleContent, RawBlock, bind_schools, listed
from import_content.writer import NewArticle
from import_content.writer.bulk import raw_blocks
from import_content.writer.bulk.raw_blocks import Reference
from pages.blocks import BODY
from pages.names import normalise_name


@dataclass(slots=True)
class Prepared:
    """An article, and the text that its rows share."""

    article: NewArticle
    searched: Mapping[str, str]
    """What search sees of each field."""
    names: tuple[str, ...]
    """Normalised names of the schools it lists."""
    records: frozenset[int]
    """Ids of schools that it lists by id."""
    bound: Bound | None = None

    def bind(self, schools: Mapping[str, int]) -> Bound:
        """The article with its schools' ids; what was bound before is used again where nothing changed."""
        ids = tuple(schools[name] for name in self.names)
        if self.bound is None or self.bound.schools != ids:
            self.bound = _bind(self.article.content, schools, ids)
        return self.bound


@dataclass(frozen=True, slots=True)
class Bound:
    """Content in which every listed school is a record."""

    schools: tuple[int, ...]
    body: list[RawBlock]
    body_json: str
    references: tuple[Reference, ...]


def prepare(article: NewArticle) -> Prepared:
    """Raises `ValidationError` for a title that a page cannot have."""
    content = article.content
    if not content.title.strip() or len(content.title) > MAX_LINE:
        raise ValidationError({"title": f"A title has 1 to {MAX_LINE} characters."})
    searched = {
        "title": content.title,
        "introduction": raw_blocks.text_for_indexing(content.introduction),
        "body": ", ".join(raw_blocks.searchable(BODY, content.body)),
    }
    schools = [entry["value"]["school"] for block in content.body for entry in listed(block)]
    return Prepared(
        article,
        searched,
        names=tuple(dict.fromkeys(normalise_name(school) for school in schools if isinstance(school, str))),
        records=frozenset(school for school in schools if isinstance(school, int)),
    )


def _bind(content: ArticleContent, schools: Mapping[str, int], ids: tuple[int, ...]) -> Bound:
    body = bind_schools(content.body, schools)
    return Bound(ids, body, json.dumps(body), tuple(_references(content.introduction, body)))


def _references(introduction: str, body: Sequence[RawBlock]) -> list[Reference]:
    found: list[Any] = [
        *_fields("introduction", raw_blocks.rich_text_references(introduction)),
        *_fields("body", raw_blocks.references(BODY, body)),
    ]
    return list(dict.fromkeys(found))


def _fields(field: str, references: Any) -> list[Reference]:
    return [(model, pk, f"{field}.{path}", f"{field}.{content}") for model, pk, path, content in references]
