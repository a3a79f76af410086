"""What a row shows, as one short text that the database computes: digests, and the facts of objects it refers to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, F, Func, Q, QuerySet, Subquery, TextField, Value, When

from api.queries.compiled import JsonRow, Placeholder

DIGEST_LENGTH = 32
SITE = Placeholder("site_fingerprint", TextField())
"""What an answer takes from its site: host name, roots."""


class Digest(Func):
    """32 hex digits of the SHA-256 of a text."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **extra: Any) -> tuple[str, Any]:
        if connection.vendor == "postgresql":
            hashed = "encode(sha256(convert_to((%(expressions)s)::text, 'UTF8')), 'hex')"
        else:
            hashed = "SHA256(%(expressions)s)"  # Django gives this function to every connection
        return super().as_sql(compiler, connection, template=f"substr({hashed}, 1, {DIGEST_LENGTH})")


class Gathered(Subquery):
    """The column ``fact`` of all rows of an ordered queryset as one text; nulls are left out without a trace."""

    output_field = TextField()

    def as_sql(
        self, compiler: Any, connection: BaseDatabaseWrapper, template: str | None = None, **extra: Any
    ) -> tuple[str, Any]:
        if connection.vendor == "postgresql":
            template = "array_to_string(ARRAY(%(subquery)s), chr(10))"
        else:
            template = "(SELECT group_concat(fact, char(10)) FROM (%(subquery)s))"
        return super().as_sql(compiler, connection, template=template, **extra)


class NamedIn(Func):
    """The id in ``pk`` stands in ``references`` (see `pages.references`) behind one of these kinds."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, pk: Any, references: Any, kinds: Sequence[str]) -> None:
        super().__init__(pk, references)
        self.kinds = ", ".join(f"'{kind}'" for kind in kinds)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **extra: Any) -> tuple[str, Any]:
        pk, pk_values = compiler.compile(self.get_source_expressions()[0])
        names, values = compiler.compile(self.get_source_expressions()[1])
        if connection.vendor == "postgresql":
            written = (
                f"{pk} = ANY(ARRAY(SELECT split_part(name, ':', 2)::bigint"  # noqa: S608 -- compiled parts
                f" FROM unnest(string_to_array({names}, ' ')) AS name"
                f" WHERE split_part(name, ':', 1) IN ({self.kinds})))"
            )
        else:
            written = (
                f"{pk} IN (SELECT CAST(substr(value, instr(value, ':') + 1) AS INTEGER)"  # noqa: S608 -- compiled parts
                f""" FROM json_each('["' || replace({names}, ' ', '","') || '"]')"""
                f" WHERE substr(value, 1, instr(value, ':') - 1) IN ({self.kinds}))"
            )
        return written, (*pk_values, *values)


def facts(rows: QuerySet[Any], *columns: Any) -> Gathered:
    """These columns of visible rows, by id."""
    return Gathered(rows.order_by("pk").annotate(fact=JsonRow(*columns)).values("fact"))


def where_said(field: str, texts: Sequence[str], gathered: Any) -> Case:
    """`gathered` only where a field has one of the texts: most rows refer to nothing of the kind."""
    said = Q()
    for text in texts:
        said |= Q(**{f"{field}__contains": text})
    return Case(When(said, then=gathered), default=Value(None), output_field=TextField())


def revision(rows: QuerySet[Any], own: Sequence[str], *others: Any) -> QuerySet[Any]:
    """`rows` with ``own_digest`` and ``rev_digest``: of their own columns, and of these and all that others add."""
    own_text = JsonRow(*(F(name) for name in own), SITE)
    all_text = JsonRow(*(F(name) for name in own), SITE, *others) if others else own_text
    annotated: QuerySet[Any] = rows.annotate(own_digest=Digest(own_text), rev_digest=Digest(all_text))
    return annotated
