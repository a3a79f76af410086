"""Writes many rows of one model at once: new ones, every column in its final state, or columns of some that exist.

No signals, no `save`: the caller answers for what those would have done.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model


class Table:
    """The own table of `model`.  `varying` names the attributes that rows give, in their order; every other column
    takes the value that `prototype` has, an instance of the model or of one that extends it."""

    def __init__(self, model: type[Model], prototype: Model, varying: Sequence[str], *, using: str) -> None:
        self.connection = connections[using]
        self.name = model._meta.db_table
        fields = {field.attname: field for field in model._meta.local_concrete_fields}
        constant = [
            field
            for name, field in fields.items()
            if name not in varying and not (field.primary_key and getattr(prototype, name) is None)
        ]
        self.columns = [str(fields[name].column) for name in varying] + [str(field.column) for field in constant]
        self._constants = tuple(self._prepared(field, prototype) for field in constant)

    def insert(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Rows hold what the database takes: see `Values`.  COPY on PostgreSQL, one prepared statement elsewhere."""
        quote = self.connection.ops.quote_name
        table, columns = quote(self.name), ", ".join(quote(column) for column in self.columns)
        whole = [row + self._constants for row in rows]  # now: what asks the database would wait for COPY for ever
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in whole:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self.columns))
                cursor.executemany(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 -- names of our own tables
                    whole,
                )

    def _prepared(self, field: Field[Any, Any], prototype: Model) -> Any:
        return field.get_db_prep_save(field.pre_save(prototype, add=True), self.connection)


def update(instances: Sequence[Model], names: Sequence[str], *, model: type[Model], using: str) -> None:
    """Write these attributes of many instances into the own table of `model`, which they are of or extend.  One query.

    Unlike `bulk_update`, it costs the same per row however many there are.
    """
    if not instances:
        return
    connection = connections[using]
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), model._meta.pk
    by_name = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = [by_name[name] for name in names]
    columns = [quote(str(field.column)) for field in fields]
    rows = [
        [field.get_db_prep_save(field.pre_save(instance, add=False), connection) for field in (*fields, key)]
        for instance in instances
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            assigned = ", ".join(f"{column} = given.{column}" for column in columns)
            arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in (*fields, key))
            cursor.execute(
                f"UPDATE {table} SET {assigned} FROM unnest({arrays}) AS given ({', '.join(columns)}, key_)"  # noqa: S608 -- names of our own tables
                f" WHERE {table}.{quote(str(key.column))} = given.key_",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            assigned = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(
                f"UPDATE {table} SET {assigned} WHERE {quote(str(key.column))} = %s",  # noqa: S608 -- names of our own tables
                rows,
            )


class Values:
    """Python values as one database's driver takes them in a row.  JSON goes as text on every database."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._native_uuid = connection.features.has_native_uuid_field

    def uuid(self, value: uuid.UUID) -> Any:
        return value if self._native_uuid else value.hex

    def moment(self, value: datetime.datetime) -> Any:
        return self._connection.ops.adapt_datetimefield_value(value)


def reserve_ids(model: type[Model], count: int, *, using: str) -> list[int]:
    """The next `count` primary keys of `model`, which nobody else will get.

    SQLite must be inside a transaction that holds the write lock; the rows inserted then move its counter on.
    """
    connection = connections[using]
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        last = int(row[0]) if row else 0
    return list(range(last + 1, last + 1 + count))
