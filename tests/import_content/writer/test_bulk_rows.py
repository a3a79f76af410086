"""The bulk way leaves the database as Wagtail's own methods leave it."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import override_settings
from wagtail.log_actions import LogContext

from import_content import log_actions as audit
from import_content.writer import NewArticle
from import_content.writer.bulk import BulkWriter, updates
from import_content.writer.ordinary import OrdinaryWriter
from tests.benchmarks.contents import new_articles
from tests.import_content.writer.articles import varied
from tests.import_content.writer.changes import Edited
from tests.import_content.writer.dump import dump
from tests.import_content.writer.tree import new_site

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


def updated_by(writer: OrdinaryWriter | BulkWriter, size: int, media: Path) -> dict[str, list[str]]:
    """Updates of articles that editors have been at, in batches of `size`."""
    with override_settings(MEDIA_ROOT=media / type(writer).__name__):
        return _updated_by(writer, size)


def _updated_by(writer: OrdinaryWriter | BulkWriter, size: int) -> dict[str, list[str]]:
    cache.clear()  # Wagtail remembers there which renditions an image has
    edited = Edited()
    changes = edited.prepare()
    context = LogContext(user=edited.user)
    context.uuid = RUN
    with context:
        for start in range(0, len(changes), size):
            written = writer.update(changes[start : start + size], user=edited.user)
            assert [each.key for each in written] == [each.key for each in changes[start : start + size]]
    return dump()


def difference(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> str:
    lines: list[str] = []
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


def unpublished_by(writer: OrdinaryWriter | BulkWriter, media: Path) -> dict[str, list[str]]:
    with override_settings(MEDIA_ROOT=media / type(writer).__name__):
        cache.clear()
        edited = Edited()
        OrdinaryWriter().update(edited.prepare(), user=edited.user)
        context = LogContext(user=edited.user)
        context.uuid = RUN
        keys = {pk: f"source {number}.txt" for number, pk in enumerate(edited.ids)}
        with context:
            writer.unpublish(keys, audit.PRUNE, user=edited.user)
        return dump()


def test_both_ways_leave_the_same_rows_after_articles_were_unpublished(tmp_path: Path) -> None:
    theirs = unpublished_by(OrdinaryWriter(), tmp_path)
    with mock.patch.object(OrdinaryWriter, "unpublish", side_effect=AssertionError("unpublished one by one")):
        ours = unpublished_by(BulkWriter(), tmp_path)
    assert difference(ours, theirs) == ""
    assert "pages_publishedarticle" not in ours


def deleted_by(writer: OrdinaryWriter | BulkWriter, media: Path) -> dict[str, list[str]]:
    """Deletion of articles in every state that editors may leave them in; one that another refers to among them."""
    with override_settings(MEDIA_ROOT=media / type(writer).__name__):
        cache.clear()
        edited = Edited()
        OrdinaryWriter().update(edited.prepare(), user=edited.user)
        context = LogContext(user=edited.user)
        context.uuid = RUN
        with context:
            writer.delete({pk: f"source {number}.txt" for number, pk in enumerate(edited.ids[:-2])}, user=edited.user)
        return dump()


def test_both_ways_leave_the_same_rows_after_deletions(tmp_path: Path) -> None:
    theirs = deleted_by(OrdinaryWriter(), tmp_path)
    with mock.patch.object(OrdinaryWriter, "delete", side_effect=AssertionError("deleted one by one")):
        ours = deleted_by(BulkWriter(), tmp_path)
    assert difference(ours, theirs) == ""
    assert len(ours["pages_articlepage"]) == 2


@pytest.mark.parametrize("size", [16, 5])
def test_both_ways_leave_the_same_rows_after_updates_and_merges(size: int, tmp_path: Path) -> None:
    theirs = updated_by(OrdinaryWriter(), size, tmp_path)
    with mock.patch.object(updates, "_ordinarily", side_effect=AssertionError("written one by one")):
        ours = updated_by(BulkWriter(), size, tmp_path)
    assert difference(ours, theirs) == ""
