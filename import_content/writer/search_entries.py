"""Search entries in the database backends, as `Index.add_items` writes them.

Wagtail's own way averages the title lengths of the whole index after each call; here the average is read once and
carried on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.models import Count, Model, Sum
from django.db.models.functions import Length
from django.utils.encoding import force_str
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.conf import get_app_config
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.utils import get_content_type_pk
from wagtail.search.backends import get_search_backends

from import_content.writer.text_vectors import Vectors


@dataclass(frozen=True, slots=True)
class Entry:
    """What one object has to say, by the model's search fields in their order (see `SearchedFields`)."""

    object_id: str
    title: tuple[str, ...]
    autocomplete: tuple[str, ...]
    body: tuple[str, ...]


class SearchedFields:
    """Which fields of a model are searched, in which column of the index."""

    def __init__(self, model: type[Model]) -> None:
        fields = model.get_search_fields()  # type: ignore[attr-defined]  # it is `Indexed`
        searched = [field for field in fields if isinstance(field, SearchField)]
        self.title = [field for field in searched if field.field_name == "title"]
        self.body = [field for field in searched if field.field_name != "title"]
        self.autocomplete = [field for field in fields if isinstance(field, AutocompleteField)]
        self.related = [field for field in fields if isinstance(field, RelatedFields)]

    def entry(self, instance: Model) -> Entry:
        """What a new object says; nothing is related to it yet."""
        groups = ([_text(field.get_value(instance)) for field in group] for group in self._columns)
        title, autocomplete, body = groups
        return Entry(str(instance.pk), tuple(title), tuple(autocomplete), tuple(body))

    @property
    def _columns(self) -> tuple[list[Any], list[Any], list[Any]]:
        return self.title, self.autocomplete, self.body


def _text(value: Any) -> str:
    """As the indexers of the database backends make text of values."""
    return ", ".join(map(_text, value)) if isinstance(value, list) else force_str(value)


def database_backends() -> list[BaseSearchBackend]:
    """The backends that keep their index in the site's own database."""
    return [backend for backend in get_search_backends(with_auto_update=True) if _is_database(backend)]


def other_backends() -> list[BaseSearchBackend]:
    return [backend for backend in get_search_backends(with_auto_update=True) if not _is_database(backend)]


def _is_database(backend: BaseSearchBackend) -> bool:
    return type(backend).__module__.startswith("modelsearch.backends.database.")


class SearchEntries:
    """Writes the entries of many objects; one per run, because it carries on the average length of titles and what the
    server made of words."""

    def __init__(self, *, using: str) -> None:
        self._using = using
        self._titles: tuple[int, int] | None = None
        self._vectors: Vectors | None = None

    def insert(self, model: type[Model], entries: Sequence[Entry]) -> None:
        """For new objects."""
        self._write(model, entries, replacing=False)

    def replace(self, model: type[Model], entries: Sequence[Entry]) -> None:
        """For objects that have entries already, or should have."""
        self._write(model, entries, replacing=True)

    def _write(self, model: type[Model], entries: Sequence[Entry], *, replacing: bool) -> None:
        backends = database_backends()
        if not entries or not backends:
            return
        if self._titles is None and SearchedFields(model).title:
            self._titles = self._measure()
        former = self._lengths(model, entries) if replacing else {}
        if connections[self._using].vendor == "postgresql":
            self._write_vectors(model, entries, backends[0], former)
        else:
            self._write_texts(model, entries, former)

    def _lengths(self, model: type[Model], entries: Sequence[Entry]) -> dict[str, int]:
        """Object id to the length of the title, of the entries that are there."""
        there = (
            _index_entry()
            ._default_manager.using(self._using)
            .filter(content_type=get_content_type_pk(model), object_id__in=[entry.object_id for entry in entries])
        )
        return dict(there.values_list("object_id", Length("title")))

    def _measure(self) -> tuple[int, int]:
        """Number and total length of the titles in the index: characters, or words on PostgreSQL."""
        measured = (
            _index_entry()
            ._default_manager.using(self._using)
            .annotate(length=Length("title"))
            .filter(length__gt=0)
            .aggregate(Count("pk"), Sum("length"))
        )
        return measured["pk__count"], measured["length__sum"] or 0

    def _write_texts(self, model: type[Model], entries: Sequence[Entry], former: Mapping[str, int]) -> None:
        """As Wagtail has it, an entry that is there keeps the weight of its title on SQLite."""
        connection = connections[self._using]
        count, total = self._titles or (0, 0)
        kind = get_content_type_pk(model)
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        for entry in entries:
            texts = title, _, _ = " ".join(entry.title), " ".join(entry.autocomplete), " ".join(entry.body)
            old = former.get(entry.object_id, 0)
            count, total = count + bool(title) - bool(old), total + len(title) - old
            if entry.object_id in former:
                changed.append((*texts, kind, entry.object_id))
            else:
                new.append((*texts, kind, entry.object_id, total / count / len(title) if title else 1.0))
        self._titles = count, total
        table = connection.ops.quote_name(_index_entry()._meta.db_table)
        insert = f"INSERT INTO {table} (title, autocomplete, body, content_type_id, object_id, title_norm)"
        update = f"UPDATE {table} SET title = %s, autocomplete = %s, body = %s"  # noqa: S608 -- our own table
        with connection.cursor() as cursor:
            if new:
                cursor.executemany(f"{insert} VALUES (%s, %s, %s, %s, %s, %s)", new)
            if changed:
                cursor.executemany(f"{update} WHERE content_type_id = %s AND object_id = %s", changed)

    def _write_vectors(
        self,
        model: type[Model],
        entries: Sequence[Entry],
        backend: BaseSearchBackend,
        former: Mapping[str, int],
    ) -> None:
        from modelsearch.backends.database.postgres.weights import get_weight  # needs psycopg

        fields = SearchedFields(model)
        columns = {
            "title": ([get_weight(field.boost) for field in fields.title], backend.config),
            "autocomplete": (["D"] * len(fields.autocomplete), backend.autocomplete_config),
            "body": ([get_weight(field.boost) for field in fields.body], backend.config),
        }
        names: list[str] = []
        arrays: list[list[str | None]] = []
        vectors: dict[str, str] = {}
        for column, (weights, config) in columns.items():
            names += [f"{column}_{number}" for number in range(len(weights))]
            arrays += [[getattr(entry, column)[i].strip() for entry in entries] for i in range(len(weights))]
            vectors[column] = _vector(column, weights, config)
        if fields.body:
            bodies = arrays[-len(fields.body) :]
            written = self._bodies(backend.config, columns["body"][0], bodies)
            for array in bodies:
                array[:] = [text if vector is None else None for text, vector in zip(array, written, strict=True)]
            names.append("body_vector")
            arrays.append(written)
            vectors["body"] = f"CASE WHEN body_vector IS NULL THEN {vectors['body']} ELSE body_vector::tsvector END"
        texts = [
            [" ".join(text for text in map(str.strip, getattr(entry, column)) if text) for entry in entries]
            for column in ("title", "body")
        ]
        count, total = self._titles or (0, 0)
        connection = connections[self._using]
        table = connection.ops.quote_name(_index_entry()._meta.db_table)
        unnested = ", ".join(["%s::text[]"] * (len(arrays) + 3))
        ids = [entry.object_id for entry in entries]
        lengths_before = [former.get(entry.object_id, 0) for entry in entries]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH entry AS (
                    SELECT number, object_id, title_text, body_text, former, {vectors["title"]} AS title,
                           {vectors["autocomplete"]} AS autocomplete, {vectors["body"]} AS body
                    FROM unnest({unnested}, %s::int[]) WITH ORDINALITY
                         AS given (object_id, title_text, body_text, {", ".join(names)}, former, number)
                )
                INSERT INTO {table} (content_type_id, object_id, title, autocomplete, body, title_text, body_text,
                                     title_norm)
                SELECT %s, object_id, title, autocomplete, body, title_text, body_text,
                       CASE WHEN length(title) = 0 THEN 1.0 ELSE
                            (%s + sum(length(title) - former) OVER before)::float8
                            / (%s + sum((length(title) > 0)::int - (former > 0)::int) OVER before)
                            / length(title) END
                FROM entry WINDOW before AS (ORDER BY number)
                ON CONFLICT (content_type_id, object_id) DO UPDATE SET
                    title = EXCLUDED.title, title_norm = EXCLUDED.title_norm, autocomplete = EXCLUDED.autocomplete,
                    body = EXCLUDED.body, title_text = EXCLUDED.title_text, body_text = EXCLUDED.body_text
                RETURNING length(title)
                """,  # noqa: S608 -- names and weights are ours, texts are parameters
                [ids, *texts, *arrays, lengths_before, get_content_type_pk(model), total, count],
            )
            lengths = [row[0] for row in cursor.fetchall()]
        before = [length for length in former.values() if length]
        after = [length for length in lengths if length]
        self._titles = count + len(after) - len(before), total + sum(after) - sum(before)

    def _bodies(
        self, config: str | None, weights: Sequence[str], texts: Sequence[Sequence[str | None]]
    ) -> list[str | None]:
        """Vectors of the longest column, by entry; `texts` by field.  None: the server makes it."""
        if self._vectors is None:
            self._vectors = Vectors(config, connections[self._using])
        vectors = self._vectors
        vectors.meet(text for array in texts for text in array if text)
        return [
            vectors.write([(text or "", weight) for text, weight in zip(entry, weights, strict=True)])
            for entry in zip(*texts, strict=True)
        ]


def _vector(column: str, weights: Sequence[str], config: str | None) -> str:
    """SQL for the weighted vector of texts named ``column_0``, ``column_1`` ..."""
    prefix = "'{}'::regconfig, ".format(config.replace("'", "''")) if config else ""
    terms = [f"setweight(to_tsvector({prefix}{column}_{i}), '{weight}')" for i, weight in enumerate(weights)]
    return " || ".join(terms) or "''::tsvector"


def index_elsewhere(model: type[Model], pks: Collection[int], *, using: str) -> None:
    """Tell the backends that keep their index outside the database, once the transaction has committed."""
    if pks and other_backends():
        transaction.on_commit(lambda: _add_elsewhere(model, pks), using=using)


def _add_elsewhere(model: type[Model], pks: Collection[int]) -> None:
    for backend in other_backends():
        backend.add_bulk(model, model._default_manager.filter(pk__in=pks))


def _index_entry() -> type[Model]:
    model: type[Model] = get_app_config().get_model("IndexEntry", require_ready=False)
    return model
