"""Lets the ledger name the record that took the place of merged schools, so that an import of the same sources again
finds nothing new, and an undo restores listings of records that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast
from django.dispatch import receiver

from import_content.models import ImportConflict, ImportItem, SourceRecord
from pages.signals import schools_merged

BATCH_SIZE = 200

COLUMNS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (SourceRecord, ("base",)),
    (ImportItem, ("before",)),
    (ImportConflict, ("base", "ours", "theirs")),
)
"""Where the ledger keeps contents of articles, or parts of them."""


@receiver(schools_merged)
def rewrite_ledger(replaced_by: Mapping[int, int], **kwargs: Any) -> None:
    """One pass over each table, and an update for each batch of rows that name a school that is gone."""
    for model, columns in COLUMNS:
        rows: list[Any] = []
        for row in _rows_naming(model, columns, replaced_by):
            for column in columns:
                setattr(row, column, with_records_replaced(getattr(row, column), replaced_by))
            rows.append(row)
        model._default_manager.bulk_update(rows, columns, batch_size=BATCH_SIZE)
    _rewrite_choices(replaced_by)


def _rewrite_choices(replaced_by: Mapping[int, int]) -> None:
    """Conflicts about which school an entry lists: their values are the bare ids."""
    conflicts = list(ImportConflict.objects.filter(path__endswith="/school"))
    for conflict in conflicts:
        for name in ("base", "ours", "theirs"):
            value = getattr(conflict, name)
            if isinstance(value, int):
                setattr(conflict, name, replaced_by.get(value, value))
    ImportConflict.objects.bulk_update(conflicts, ["base", "ours", "theirs"], batch_size=BATCH_SIZE)


def _rows_naming(model: type[Model], columns: tuple[str, ...], replaced_by: Mapping[int, int]) -> Iterator[Any]:
    """Rows whose text holds one of the ids behind a colon: those that name it, and a few others."""
    condition = Q()
    for column in columns:
        for pk in replaced_by:
            condition |= Q(**{f"{column}_text__contains": f": {pk}"}) | Q(**{f"{column}_text__contains": f":{pk}"})
    texts = {f"{column}_text": Cast(column, TextField()) for column in columns}
    rows: Any = model._default_manager.annotate(**texts).filter(condition).order_by("pk")
    yield from rows.iterator(chunk_size=BATCH_SIZE)


def with_records_replaced(value: Any, replaced_by: Mapping[int, int]) -> Any:
    """JSON of the ledger in which entries of listings (``{"school": 3}``) and meanings of names
    (``{"names": {"riverbend college": 3}}``) lead to other records."""
    if isinstance(value, list):
        return [with_records_replaced(item, replaced_by) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _replaced(key, item, replaced_by) for key, item in value.items()}


def _replaced(key: str, value: Any, replaced_by: Mapping[int, int]) -> Any:
    if key == "school" and isinstance(value, int):
        return replaced_by.get(value, value)
    if key == "names" and isinstance(value, dict):
        return {name: replaced_by.get(pk, pk) for name, pk in value.items()}
    return with_records_replaced(value, replaced_by)
