"""The reference index of articles whose content is replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.db import connections
from django.db.models import ForeignKey, Model
from wagtail.models import ReferenceIndex

from import_content.writer.bulk.articles import Reference
from import_content.writer.bulk.content_types import article_type, page_type
from pages.models import ArticlePage
from pages.tables import Table, Values

Row: TypeAlias = tuple[str, int, str, str, str]
"""Page, content type and id of the object referred to, model path, content path."""

_FOREIGN_KEYS: list[Any] = [
    field
    for field in ArticlePage._meta.concrete_fields
    if isinstance(field, ForeignKey)
    and not field.remote_field.parent_link
    and not getattr(field, "wagtail_reference_index_ignore", False)
    and not getattr(field.related_model, "wagtail_reference_index_ignore", False)
]
_REFERRING = {"introduction", "body", *(field.name for field in _FOREIGN_KEYS)}
"""Fields whose references are written here; those of topics change with the topics' own rows alone."""


def present(
    references: Iterable[Iterable[Reference]], known: Mapping[type[Model], Iterable[int]] | None = None
) -> dict[type[Model], set[str]]:
    """Which of the objects referred to exist.  A query for each kind of object, but for those that are `known` to."""
    there = {model: set(map(str, pks)) for model, pks in (known or {}).items()}
    wanted: dict[type[Model], set[str]] = {}
    for some in references:
        for reference in some:
            if reference.pk not in there.get(reference.model, ()):
                wanted.setdefault(reference.model, set()).add(reference.pk)
    for model, pks in wanted.items():
        found = model._default_manager.filter(pk__in=pks).values_list("pk", flat=True)
        there.setdefault(model, set()).update(map(str, found))
    return there


def replace_references(articles: Mapping[ArticlePage, Sequence[Reference]], *, using: str) -> None:
    """Insert what is new, delete what is gone; what stays keeps its row.  Three queries however many articles."""
    rows = {row for page, references in articles.items() for row in _rows(page, references)}
    there = ReferenceIndex.objects.using(using).filter(
        base_content_type=page_type(), object_id__in=[str(page.pk) for page in articles]
    )
    former: dict[Row, tuple[int, int]] = {
        (page, kind, pk, path, content): (number, of_type)
        for page, kind, pk, path, content, number, of_type in there.values_list(*_KEY_COLUMNS, "pk", "content_type_id")
        if path.partition(".")[0] in _REFERRING
    }
    key, hashed = Values(connections[using]).uuid, ReferenceIndex._get_content_path_hash
    _insert(((*row, key(hashed(row[-1]))) for row in sorted(rows - former.keys())), using)
    known = {article_type().pk, page_type().pk}
    gone = [number for row, (number, of_type) in former.items() if row not in rows and of_type in known]
    if gone:
        ReferenceIndex.objects.using(using).filter(pk__in=gone)._raw_delete(using)  # nothing refers to these rows


def _rows(page: ArticlePage, references: Sequence[Reference]) -> Iterable[Row]:
    kind = ReferenceIndex._get_base_content_type
    for field in _FOREIGN_KEYS:
        value = field.value_from_object(page)
        if value is not None:
            yield str(page.pk), kind(field.related_model).pk, str(value), field.name, field.name
    for found in references:
        yield str(page.pk), kind(found.model).pk, found.pk, found.model_path, found.content_path


def insert_references(
    references: Iterable[tuple[str, Reference]], there: Mapping[type[Model], Collection[str]], *, using: str
) -> None:
    """Those of new pages, which come as ids; what is not `there` (see `present`) is left out.  One statement."""
    types = {model: ReferenceIndex._get_base_content_type(model).pk for model in there}
    _insert(
        (
            (page, types[found.model], found.pk, found.model_path, found.content_path, found.content_path_hash)
            for page, found in references
            if found.pk in there[found.model]
        ),
        using,
    )


_KEY_COLUMNS = ("object_id", "to_content_type_id", "to_object_id", "model_path", "content_path")


def _insert(rows: Iterable[tuple[Any, ...]], using: str) -> None:
    blank = ReferenceIndex(content_type=article_type(), base_content_type=page_type())
    Table(ReferenceIndex, blank, (*_KEY_COLUMNS, "content_path_hash"), using=using).insert(rows)
