"""Wagtail's search in the admin, with its backend for the site's own database.

On SQLite, Wagtail's backend asks the index for all hits again to tell the relevance of each one: 5,000 hits take 20 s.
Here all are asked for once, and the relevance of each is looked up among them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, FloatField, Func, QuerySet, Subquery
from modelsearch.backends import database
from modelsearch.backends.base import BaseSearchBackend
from modelsearch.query import MatchAll, Not


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802 -- the name that is looked for
    """The backend of the database's kind."""
    backend: BaseSearchBackend = database.SearchBackend(params)
    if connection.vendor == "sqlite" and database.USE_SQLITE_FTS:
        backend.query_compiler_class, backend.autocomplete_query_compiler_class = _compilers()
    return backend


class Score(Func):
    """The second column of the row whose first is the text of a key: of a subquery and the key."""

    output_field = FloatField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        rows, key = self.get_source_expressions()
        rows_sql, rows_params = compiler.compile(rows)
        key_sql, key_params = compiler.compile(key)
        sql = (
            f"(WITH scored (id, score) AS MATERIALIZED {rows_sql}"  # noqa: S608 -- compiled SQL
            f" SELECT score FROM scored WHERE id = CAST({key_sql} AS TEXT) LIMIT 1)"
        )
        return sql, (*rows_params, *key_params)


@cache
def _compilers() -> tuple[type, type]:
    """To be called with SQLite only: others have no such index."""
    from modelsearch.backends.database.sqlite import sqlite
    from modelsearch.utils import get_descendants_content_types_pks

    class ByIndex(sqlite.SQLiteSearchQueryCompiler):
        order_by_relevance: bool

        def search(self, config: Any, start: int, stop: int, score_field: str | None = None) -> QuerySet[Any]:
            ordered = self.order_by_relevance
            query = sqlite.normalize(self.query)
            if isinstance(query, MatchAll | Not) or (score_field is None and not ordered):
                return super().search(config, start, stop, score_field)  # type: ignore[no-any-return]
            self.order_by_relevance = False
            found: QuerySet[Any] = super().search(config, None, None)
            self.order_by_relevance = ordered
            match = sqlite.MatchExpression(
                self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(query, config=config)
            )
            kinds = get_descendants_content_types_pks(self.queryset.model)
            hits = (
                sqlite.SQLiteFTSIndexEntry.objects.filter(match, index_entry__content_type__in=kinds)
                .annotate(score=self._build_rank_expression(self.get_search_vectors(), config))
                .values_list("index_entry__object_id", "score")
            )
            name = score_field or "_score"
            found = found.annotate(**{name: Score(Subquery(hits), F("pk"))})
            if ordered:
                found = found.order_by(name, "-pk")
            return found[start:stop]

    class CompletedByIndex(ByIndex, sqlite.SQLiteAutocompleteQueryCompiler):
        pass

    return ByIndex, CompletedByIndex
