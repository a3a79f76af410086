"""Source texts and what tests do with them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from import_content.models import ImportBatch, SourceRecord

HANDED_OUT = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "imports"]}}
"""Tasks are taken and nobody works on them."""

ARTICLE = """\
Learning to Repair Clocks

Clock repair is a trade for patient people. Most repairers learn it at a bench beside somebody who has done it for years.

What You Will Do

You take movements apart, clean every wheel, and put them together again. A good repairer hears a fault before seeing it.

What It Costs

A course of one year costs about four thousand dollars. Tools come on top of that and are best bought used.

Schools That Teach Clock Repair

Gem City College Gem City College has taught watch and clock repair in Illinois for more than a century.
North Seattle College North Seattle College offers a certificate in watch technology with bench work from the first week.
Paris Junior College Paris Junior College in Texas teaches horology in evening classes.

Search Clock Repair Programs
"""


def write(folder: Path, name: str, text: str = ARTICLE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def articles(folder: Path, number: int) -> list[Path]:
    """Articles that differ in title, in one paragraph and in one school."""
    return [
        write(
            folder,
            f"article-{count:02}.txt",
            ARTICLE.replace("Learning to Repair Clocks", f"Learning to Repair Clocks, Part {count}")
            .replace("four thousand", f"{count + 1} thousand")
            .replace("Paris Junior College", f"Paris Junior College {chr(65 + count % 5)}"),
        )
        for count in range(number)
    ]


def run(*sources: Any, **options: Any) -> tuple[int, str]:
    """The command's exit code and what it printed."""
    out = StringIO()
    try:
        call_command("import_content", *map(str, sources), stdout=out, **options)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def hand_out(*sources: Any, **options: Any) -> list[ImportBatch]:
    """EnqueuedImport without a worker."""
    with override_settings(TASKS=HANDED_OUT):
        run(*sources, enqueue=True, **options)
    return list(ImportBatch.objects.order_by("number"))


def imported() -> dict[str, Any]:
    """What imports made, in the words of people; nothing that depends on ids, times or the order of workers."""
    return {
        record.key: (
            record.root,
            record.source_hash,
            record.page and (record.page.title, record.page.slug, record.page.live, len(record.page.body)),
            sorted(entry["school"].name for block in record.page.body for entry in block.value.get("schools", ()))
            if record.page
            else None,
        )
        for record in SourceRecord.objects.select_related("page")
    }


def rows() -> dict[str, list[Any]]:
    """Every row of every table, to see whether anything at all was written."""
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if table != "django_session"]
        return {table: _content(cursor, table) for table in tables}


def _content(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- the table's name comes from the database itself
    return sorted(map(repr, cursor.fetchall()))
