"""The bulk way leaves the database as Wagtail's own methods leave it."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Sequence

import pytest
from wagtail.log_actions import LogContext

from import_content.writer import NewArticle
from import_content.writer.bulk import BulkWriter
from import_content.writer.ordinary import OrdinaryWriter
from tests.benchmarks.contents import new_articles
from tests.writer.articles import varied
from tests.writer.dump import dump
from tests.writer.tree import new_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RUN = uuid.UUID("5b0e6a4e-6a52-4b1f-9d0b-0c4d7c1f6a01")


def written_by(writer: OrdinaryWriter | BulkWriter, batches: Sequence[Sequence[NewArticle]]) -> dict[str, list[str]]:
    parent, user = new_site()
    context = LogContext(user=user)
    context.uuid = RUN
    with context:
        for batch in batches:
            writer.create(parent, batch, user=user)
    return dump()


def difference(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> str:
    lines = []
    for table in sorted(ours.keys() | theirs.keys()):
        lines += difflib.unified_diff(
            theirs.get(table, []), ours.get(table, []), f"{table} (Wagtail)", f"{table} (bulk)", lineterm="", n=0
        )
    return "\n".join(lines)


def test_both_ways_leave_the_same_rows_in_every_table() -> None:
    articles = [*new_articles(12), *varied()]
    batches = [articles[:5], articles[5:]]
    theirs = written_by(OrdinaryWriter(), batches)
    ours = written_by(BulkWriter(), batches)
    assert {table: len(rows) for table, rows in ours.items()} == {table: len(rows) for table, rows in theirs.items()}
    assert difference(ours, theirs) == ""
    assert len(ours["pages_articlepage"]) == len(articles)
