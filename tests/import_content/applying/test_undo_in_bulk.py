"""Taking back what an import did to many pages; pruning and refusing many."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, ReferenceIndex

from import_content import service
from import_content.applying.undo_rules import UndoResult, judge
from import_content.models import ImportItem, ImportRun, Outcome
from import_content.planning.page_state import PageState
from pages.models import ArticleIndexPage, ArticlePage
from tests.import_content.imports import ARTICLE, articles, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(article_index: ArticleIndexPage) -> ArticleIndexPage:
    return article_index


@pytest.mark.parametrize("changed", [False, True], ids=["created", "updated"])
def test_an_undo_asks_the_database_no_more_often_for_many_pages(tmp_path: Path, changed: bool) -> None:
    counts = []
    articles(tmp_path / "kept", 5)
    run(tmp_path / "kept", publish=True)  # uses all the schools, so that none goes
    for number in (3, 9):
        folder = tmp_path / str(number)
        paths = articles(folder, number)
        run(folder, publish=True, collection=str(number))
        if changed:
            for path in paths:
                path.write_text(path.read_text().replace("patient people", "people of patience"))
            run(folder, collection=str(number))
        with (
            mock.patch("import_content.database.pacing.FIRST_BATCH_SIZE", number),
            CaptureQueriesContext(connection) as captured,
        ):
            results = list(service.undo(ImportRun.objects.latest("pk")))
        assert [result.outcome for result in results] == [Outcome.REVERSED] * number
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 4


def test_pages_of_a_run_that_refer_to_each_other_go_together(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"), publish=True)
    run(write(tmp_path, "second.txt", ARTICLE.replace("Repair Clocks", "Repair Watches")), publish=True)
    first, second = ArticlePage.objects.order_by("pk")
    ReferenceIndex.objects.create(
        content_type=ContentType.objects.get_for_model(ArticlePage),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=str(second.pk),
        to_content_type=ContentType.objects.get_for_model(Page),
        to_object_id=str(first.pk),
        model_path="introduction",
        content_path="introduction",
        content_path_hash=ReferenceIndex._get_content_path_hash("introduction"),
    )
    one, other = ImportItem.objects.filter(outcome=Outcome.CREATED).order_by("pk")
    alone = judge([one], None)[one.pk]
    assert isinstance(alone, UndoResult)
    assert (alone.outcome, alone.message) == (Outcome.BLOCKED, "1 other object refers to it")
    assert all(isinstance(found, PageState) for found in judge([other, one], None).values())


def queries_of_a_run(folder: Path, **options: Any) -> int:
    with (
        mock.patch("import_content.database.pacing.FIRST_BATCH_SIZE", 20),
        CaptureQueriesContext(connection) as captured,
    ):
        run(folder, **options)
    return len(captured)


def test_a_prune_asks_the_database_no_more_often_for_many_pages(tmp_path: Path) -> None:
    counts = []
    for number in (3, 9):
        folder = tmp_path / str(number)
        paths = articles(folder, number + 1)
        run(folder, publish=True, collection=str(number))
        for path in paths[1:]:
            path.unlink()
        counts.append(queries_of_a_run(folder, collection=str(number), prune="unpublish", prune_limit=1.0))
    assert ArticlePage.objects.live().count() == 2
    assert counts[1] <= counts[0]


def test_refusals_ask_the_database_no_more_often_for_many_pages(tmp_path: Path) -> None:
    counts = []
    for number in (3, 9):
        folder = tmp_path / str(number)
        paths = articles(folder, number)
        run(folder, publish=True, collection=str(number))
        ArticlePage.objects.update(locked=True)
        for path in paths:
            path.write_text(path.read_text().replace("patient people", "people of patience"))
        counts.append(queries_of_a_run(folder, collection=str(number)))
        again = queries_of_a_run(folder, collection=str(number))
        assert again < counts[-1]
    assert ImportItem.objects.filter(outcome=Outcome.PROPOSED, code="locked").count() == 12
    assert counts[1] <= counts[0]
