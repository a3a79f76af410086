"""Articles that are unlike each other: every block, drafts, equal titles, odd characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from import_content.article_content import ArticleContent, content_of
from import_content.document import SourceFields
from import_content.parsing import parse
from import_content.writer import NewArticle
from tests.benchmarks.contents import source

LISTING = "Schools to Know\n\n{}\n"
DRAFT = """Winter Term Notes

These notes are not finished.

What Is Missing

Dates, fees and the name of the person who knows.
"""
TABLE_ID = "0a3d0a5e-0000-5000-8000-00000000000a"


def block(kind: str, value: dict[str, Any], number: int) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": f"0a3d0a5e-0000-5000-8000-{number:012d}"}


def entry(name: str, description: str, number: int) -> dict[str, Any]:
    return {
        "type": "item",
        "value": {"school": name, "description": description},
        "id": f"0b3d0a5e-0000-5000-8000-{number:012d}",
    }


def every_block() -> ArticleContent:
    """All that an import can make, written out."""
    return ArticleContent(
        title="Café & “Quotes” — Ünïcödé <tags>",
        introduction="<p>Fish &amp; chips &lt;hot&gt;</p><ul><li>One\u00a0two</li><li>Three</li></ul>",
        body=(
            block("call_to_action", {"text": "Compare <now>", "page": None, "url": ""}, 1),
            block("section", {"heading": "A & B", "level": "3", "text": "", "anchor": "a-b"}, 2),
            block("text", {"text": "<p>Loose text with \U0001f41d and \u2028 inside.</p><ol><li>x</li></ol>"}, 3),
            block(
                "school_listing",
                {
                    "schools": [
                        entry("Heron Point College", "<p>By the lake.</p>", 1),
                        entry("Órbita Institute", "", 2),
                        entry("heron point  college", "<p>Again, in other letters.</p>", 3),
                    ]
                },
                4,
            ),
            block(
                "table",
                {
                    "columns": [{"type": "text", "heading": "Term"}, {"type": "text", "heading": ""}],
                    "rows": [{"values": ["Spring", "12 & 3"]}, {"values": ["", "4"]}],
                    "caption": "",
                },
                5,
            ),
        ),
    )


FIELDS = SourceFields(
    slug="a-slug-of-its-own",
    description="What “search engines” show & tell.",
    published_at=datetime(2019, 5, 4, 9, 30, 15, tzinfo=UTC),
)


def bare(title: str, introduction: str = "") -> ArticleContent:
    return ArticleContent(title=title, introduction=introduction, body=())


def varied() -> Iterator[NewArticle]:
    yield NewArticle("every block.txt", every_block(), live=True)
    yield NewArticle("draft.txt", content_of("draft.txt", parse(source("draft.txt", DRAFT)).document), live=False)
    yield NewArticle("draft with schools.txt", every_block(), live=False)
    yield NewArticle("same 1.txt", bare("The Same Title"), live=True)
    yield NewArticle("same 2.txt", bare("The Same Title", "<p>Second.</p>"), live=True)
    yield NewArticle("same 3.txt", bare("The same title!"), live=False)
    yield NewArticle("numbered.txt", bare("The Same Title 2"), live=True)
    yield NewArticle("fields.txt", replace(bare("Fields"), fields=FIELDS), live=True)
    yield NewArticle("fields of a draft.txt", replace(bare("Fields"), fields=FIELDS), live=False)
    yield NewArticle("signs.txt", bare("???"), live=True)
    yield NewArticle("long.txt", bare("Long " * 50 + "title"), live=True)
