"""Querysets that are written once and run many times.

Building and compiling a queryset costs several times what a small query takes to run.  The rules of this API are
querysets all the same (one rule, one place); a `CompiledQuery` compiles such a queryset when it is first needed and
keeps the SQL.  What differs between two runs is a `Placeholder` in the queryset, filled when it is run.
`api.queries.execution` runs them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet, TextField

from api.queries.execution import Row, reading_connection, run
from pages.visibility import InSubtree


class _Ref(str):
    """Where a value goes in the parameters of compiled SQL."""

    __slots__ = ()


class Placeholder(Expression):
    """A value that is known when the statement is run."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return "%s", [_Ref(self.name)]


class _Condition(Func):
    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **extra: Any) -> tuple[str, Any]:
        sql, params = self.parts(compiler)
        return self.write(sql, connection.vendor), tuple(params)

    def write(self, sql: list[str], vendor: str) -> str:
        """The condition, from the SQL of its parts."""
        raise NotImplementedError

    def parts(self, compiler: Any) -> tuple[list[str], list[Any]]:
        sql: list[str] = []
        params: list[Any] = []
        for expression in self.get_source_expressions():
            part, values = compiler.compile(expression)
            sql.append(part)
            params.extend(values)
        return sql, params


class AnyOf(_Condition):
    """``column`` is one of the values in a slot filled with `id_list`, `text_list` or `uuid_list`."""

    def __init__(self, column: Any, values: Any, kind: str = "bigint") -> None:
        super().__init__(column, values)
        self.kind = kind

    def write(self, sql: list[str], vendor: str) -> str:
        column, values = sql
        if vendor == "postgresql":
            return f"{column} = ANY({values}::{self.kind}[])"
        return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 -- compiled parts


class KeysetAfter(_Condition):
    """``(key, pk)`` comes after the slots in ascending (`>`) or descending (`<`) order."""

    def __init__(self, columns: Sequence[Any], values: Sequence[Any], *, descending: bool) -> None:
        super().__init__(*columns, *values)
        self.half = len(columns)
        self.sign = "<" if descending else ">"

    def write(self, sql: list[str], vendor: str) -> str:
        left, right = ", ".join(sql[: self.half]), ", ".join(sql[self.half :])
        return f"({left}) {self.sign} ({right})"


class JsonRow(Func):
    """These columns as a JSON array."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **extra: Any) -> tuple[str, Any]:
        function = "json_build_array" if connection.vendor == "postgresql" else "json_array"
        return super().as_sql(compiler, connection, function=function)


class JsonRows(Func):
    """All values of a column of `JsonRow`s in one JSON text, for `rows_of`: null where there are none."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *args: Any, **extra: Any) -> tuple[str, Any]:
        postgresql = connection.vendor == "postgresql"
        template = "json_agg(%(expressions)s)::text" if postgresql else "json_group_array(json(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template)


def rows_of(texts: Iterable[str | None]) -> list[list[Any]]:
    """All that `JsonRows` gathered in several texts; values that were null are left out."""
    gathered: list[list[list[Any] | None]] = json.loads(f"[{','.join(filter(None, texts))}]")
    return [row for rows in gathered for row in rows if row is not None]


def _literal(text: str, params: Iterable[Any], vendor: str) -> tuple[str, tuple[str, ...]]:
    """Compiled SQL with its constants written out, so that a plan made once can rely on them."""
    names: list[str] = []
    pieces = text.split("%s")
    written = [pieces[0]]
    for param, piece in zip(params, pieces[1:], strict=True):
        if isinstance(param, _Ref):
            names.append(str(param))
            written += ["%s", piece]
        else:
            written += [_constant(param, vendor), piece]
    return "".join(written), tuple(names)


_PLAIN_TEXT = re.compile(r"[\w/?:-]*")


def _constant(value: Any, vendor: str) -> str:
    """A constant of this package's own querysets; nothing that a request says is one."""
    if isinstance(value, bool):
        return str(value).upper() if vendor == "postgresql" else str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and _PLAIN_TEXT.fullmatch(value):
        return f"'{value}'"
    raise TypeError(f"no constant of a statement: {value!r}")


class CompiledQuery:
    """A compiled queryset.  The queryset's last call must be `values_list`."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self.build = build
        self.compiled: dict[str, tuple[str, tuple[str, ...]]] = {}

    def sql(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str, ...]]:
        """The SQL with a ``%s`` for each slot, and the slots' names."""
        found = self.compiled.get(connection.vendor)
        if found is None:
            text, params = self.build().query.get_compiler(connection=connection).as_sql()
            found = self.compiled[connection.vendor] = _literal(text, params, connection.vendor)
        return found

    def rows(self, slots: Mapping[str, Any] | None = None, *, limit: int | None = None, **more: Any) -> list[Row]:
        """Rows as the driver gives them: see `moment` for dates and `uuid_text` for UUIDs."""
        connection = reading_connection()
        text, names = self.sql(connection)
        if limit is not None:
            text = f"{text} LIMIT {int(limit)}"
        bound = {**slots, **more} if slots else more
        return run(connection, text, [bound[name] for name in names])


class CompiledCount(CompiledQuery):
    """Counts the rows of a queryset."""

    def sql(self, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str, ...]]:
        text, names = super().sql(connection)
        return f"SELECT COUNT(*) FROM ({text}) counted", names  # noqa: S608 -- compiled SQL


class CompiledQueries:
    """Statements that differ in shape, each compiled the first time its shape is asked for."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], kind: type[CompiledQuery] = CompiledQuery) -> None:
        self.build = build
        self.kind = kind
        self.statements: dict[tuple[Any, ...], CompiledQuery] = {}

    def __call__(self, *shape: Any) -> CompiledQuery:
        statement = self.statements.get(shape)
        if statement is None:
            statement = self.statements[shape] = self.kind(lambda: self.build(*shape))
        return statement


def id_list(ids: Iterable[int]) -> Any:
    """The value of a slot that `AnyOf` reads."""
    numbers = list(ids)
    return numbers if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else json.dumps(numbers)


def text_list(texts: Iterable[str]) -> Any:
    values = list(texts)
    return values if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else json.dumps(values)


def uuid_list(keys: Iterable[Any]) -> Any:
    """Of keys as they came in rows."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return list(keys)
    return json.dumps([str(key).replace("-", "") for key in keys])


def moment_value(moment: datetime) -> Any:
    """The value of a slot that a date is compared with."""
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(moment)


def moment(value: datetime) -> datetime:
    """A date from a row: drivers differ in whether they know that it is UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def uuid_text(value: Any) -> str:
    text = str(value)
    return text if "-" in text else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def by_id(rows: Iterable[Row]) -> Mapping[int, Row]:
    return {row[0]: row for row in rows}


__all__ = [
    "AnyOf",
    "CompiledCount",
    "CompiledQueries",
    "CompiledQuery",
    "F",
    "InSubtree",
    "JsonRow",
    "JsonRows",
    "KeysetAfter",
    "Placeholder",
    "Row",
    "by_id",
    "id_list",
    "moment",
    "moment_value",
    "rows_of",
    "text_list",
    "uuid_list",
    "uuid_text",
]
