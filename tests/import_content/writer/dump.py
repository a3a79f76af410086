"""Everything that a database holds, in a form that two ways to the same rows can be compared by."""

from __future__ import annotations

import json
import re
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import DateTimeField, FloatField, Model

from pages.models import ArticlePage, School

_KEPT_IDS = {"wagtailcore_page", "wagtailcore_revision", "pages_school", "auth_user"}
"""Tables whose ids others point to.  Ids of other tables only tell the order of insertion."""
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
_LOG_RUN = re.compile(r'"uuid": "[^"]*"')
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:?\d\d)")


_JOURNAL = ("api_journalmark", "api_journalentry", "api_journalstate", "api_journalsum")
"""What changed, in how many steps: made of the other tables, as soon as somebody asks."""
_RUNS = ("import_content_importrun", "import_content_importitem")


def dump(*, runs: bool = True) -> dict[str, list[str]]:
    """Table name to its rows, sorted.  Times, translation keys and what is made of times are replaced by words.

    Without `runs`, nothing tells in which run of an import a row was written; nor how sure the parser was, which
    depends on the schools it knew when the run began.
    """
    keys = {
        str(key) for model in (ArticlePage, School) for key in model.objects.values_list("translation_key", flat=True)
    }
    left_out = {*_JOURNAL, *(() if runs else _RUNS)}
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table not in left_out]
    tables = {model._meta.db_table: sorted(_rows(model, keys)) for model in models}
    if not runs:
        for name in ("wagtailcore_pagelogentry", "wagtailcore_modellogentry"):
            tables[name] = sorted(_LOG_RUN.sub('"uuid": "a run"', row) for row in tables[name])
        records = tables["import_content_sourcerecord"]
        tables["import_content_sourcerecord"] = [json.dumps(json.loads(row) | {"provenance": "any"}) for row in records]
        versions = tables["import_content_sourceversion"]
        tables["import_content_sourceversion"] = [json.dumps(json.loads(row) | {"run": "any"}) for row in versions]
    if connection.vendor == "sqlite":
        tables["full text"] = _sql(
            "SELECT entry.object_id, entry.content_type_id, text.title, text.autocomplete, text.body"
            " FROM wagtailsearch_indexentry entry LEFT JOIN wagtailsearch_indexentry_fts text ON text.rowid = entry.id"
        )
    else:
        tables["vectors"] = _sql(
            "SELECT object_id, content_type_id, title::text, autocomplete::text, body::text"
            " FROM wagtailsearch_indexentry"
        )
    return {name: rows for name, rows in tables.items() if rows}


def _sql(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(repr(row) for row in cursor.fetchall())


def _rows(model: type[Model], keys: set[str]) -> list[str]:
    if model._meta.proxy or not model._meta.managed or model._meta.db_table.endswith("_fts"):
        return []
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not field.primary_key or field.is_relation or model._meta.db_table in _KEPT_IDS
    ]
    raw = connection.ops.quote_name
    columns = ", ".join(_column(raw(str(field.column)), field) for field in fields) or "1"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {raw(model._meta.db_table)}")  # noqa: S608 -- our own tables
        return [
            json.dumps(
                {field.name: _plain(value, field, keys) for field, value in zip(fields, row, strict=bool(fields))}
            )
            for row in cursor.fetchall()
        ]


def _column(name: str, field: Any) -> str:
    """JSON as the text that is stored."""
    return f"{name}::text" if connection.vendor == "postgresql" and field.get_internal_type() == "JSONField" else name


def _plain(value: Any, field: Any, keys: set[str]) -> Any:
    if value is None:
        return None
    if isinstance(field, DateTimeField):
        return "a time"
    if isinstance(field, FloatField):
        return round(float(value), 9)
    if field.name in {"digest", "page_state"}:  # of text that holds a time
        return "a digest"
    text = _TIME.sub("a time", str(value))
    return _UUID.sub(lambda match: "a key" if _dashed(match[0]) in keys else match[0], text)


def _dashed(key: str) -> str:
    bare = key.replace("-", "")
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))
