"""Re-imports of many changed sources at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from import_content import service
from import_content.models import ImportItem, Outcome, SourceRecord
from import_content.options import ImportOptions
from import_content.planning.plan import PlanItem
from import_content.writer import Writer
from import_content.writer.bulk import BulkWriter
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticleIndexPage, ArticlePage
from tests.import_content.editing import edit, words
from tests.import_content.imports import articles, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(article_index: ArticleIndexPage) -> ArticleIndexPage:
    return article_index


def change(paths: list[Path], old: str = "patient people", new: str = "people of patience") -> None:
    for path in paths:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


def imported_again(folder: Path, index: ArticleIndexPage, writer: Writer | None = None) -> dict[str, Outcome]:
    options = ImportOptions(parent=index, publish=True, workers=1)
    decisions = list(service.plan([str(folder)], options))
    return {result.planned.key: result.outcome for result in service.apply(decisions, options, writer=writer)}


def page_of(path: Path) -> ArticlePage:
    page = SourceRecord.objects.get(key=path.name).page
    assert page is not None
    return page


def queries_of_a_change(folder: Path, index: ArticleIndexPage, number: int) -> list[str]:
    """Of writing `number` updates; planning them not counted."""
    decisions, options = plan_of_changes(folder, index, number)
    with (
        mock.patch("import_content.database.pacing.FIRST_BATCH_SIZE", number),
        CaptureQueriesContext(connection) as captured,
    ):
        done = service.apply(decisions, options, writer=BulkWriter())
        assert {result.outcome for result in done} == {Outcome.UPDATED}
    return [query["sql"] for query in captured.captured_queries]


def plan_of_changes(folder: Path, index: ArticleIndexPage, number: int) -> tuple[list[PlanItem], ImportOptions]:
    paths = articles(folder, number)
    run(folder, publish=True, workers=1, collection=folder.name)
    change(paths)
    options = ImportOptions(parent=index, publish=True, workers=1, collection=folder.name)
    return list(service.plan([str(folder)], options)), options


def test_five_and_forty_updates_cost_the_same_number_of_queries(index: ArticleIndexPage, tmp_path: Path) -> None:
    queries_of_a_change(tmp_path / "first", index, 1)  # what a process asks but once is remembered after that
    few = queries_of_a_change(tmp_path / "few", index, 5)
    many = queries_of_a_change(tmp_path / "many", index, 40)
    assert len(many) == len(few), "\n".join(sql[:200] for sql in many)
    assert len(few) <= 75


def test_planning_five_and_forty_changes_costs_the_same_number_of_queries(
    index: ArticleIndexPage, tmp_path: Path
) -> None:
    def queries(folder: Path, number: int) -> int:
        _, options = plan_of_changes(folder, index, number)
        with CaptureQueriesContext(connection) as captured:
            assert len(list(service.plan([str(folder)], options))) == number
        return len(captured)

    assert queries(tmp_path / "few", 5) == queries(tmp_path / "many", 40)


@pytest.mark.parametrize("writer", [BulkWriter, OrdinaryWriter])
def test_one_page_that_cannot_be_written_costs_the_others_nothing(
    index: ArticleIndexPage, tmp_path: Path, writer: Any
) -> None:
    paths = articles(tmp_path, 9)
    run(tmp_path, publish=True, workers=1)
    bad = page_of(paths[4])
    twin = page_of(paths[5])
    ArticlePage.objects.filter(pk=bad.pk).update(slug=twin.slug)  # the database itself does not forbid it
    ArticlePage.objects.filter(pk=twin.pk).update(slug="elsewhere", url_path=f"{index.url_path}elsewhere/")
    ArticlePage.objects.filter(pk=page_of(paths[6]).pk).update(slug=twin.slug)
    change(paths)

    outcomes = imported_again(tmp_path, index, writer())

    failed = {paths[4].name, paths[6].name}
    assert {key for key, outcome in outcomes.items() if outcome is Outcome.FAILED} == failed
    assert {key for key, outcome in outcomes.items() if outcome is Outcome.UPDATED} == {
        path.name for path in paths if path.name not in failed
    }
    assert "people of patience" in page_of(paths[5]).introduction
    assert "patient people" in ArticlePage.objects.get(pk=bad.pk).introduction
    assert "slug" in ImportItem.objects.get(key=paths[4].name, outcome=Outcome.FAILED).message
    assert imported_again(tmp_path, index)[paths[0].name] is Outcome.UNCHANGED


def test_an_article_that_an_alias_mirrors_is_written_with_its_alias(index: ArticleIndexPage, tmp_path: Path) -> None:
    paths = articles(tmp_path, 3)
    run(tmp_path, publish=True, workers=1)
    alias = page_of(paths[1]).create_alias(parent=index, update_slug="a-mirror")
    change(paths)

    assert set(imported_again(tmp_path, index).values()) == {Outcome.UPDATED}

    assert "people of patience" in ArticlePage.objects.get(pk=alias.pk).introduction
    assert "people of patience" in page_of(paths[1]).introduction


def test_merges_conflicts_and_updates_are_told_apart_in_one_batch(index: ArticleIndexPage, tmp_path: Path) -> None:
    paths = articles(tmp_path, 4)
    run(tmp_path, publish=True, workers=1)
    edit(page_of(paths[1]), words("clean every wheel", "oil every wheel"))
    edit(page_of(paths[2]), words("best bought used", "best bought new"))
    edit(page_of(paths[3]), words("clean every wheel", "oil every wheel"), publish=False)
    change(paths, "best bought used", "best borrowed")

    outcomes = imported_again(tmp_path, index)

    assert [outcomes[path.name] for path in paths] == [
        Outcome.UPDATED,
        Outcome.MERGED,
        Outcome.CONFLICT,
        Outcome.MERGED,
    ]
    assert "oil every wheel" in str(page_of(paths[1]).body.get_prep_value())
    assert "best bought new" in str(page_of(paths[2]).body.get_prep_value())
    draft = page_of(paths[3])
    assert draft.has_unpublished_changes
    assert "clean every wheel" in str(draft.body.get_prep_value())
    assert "oil every wheel" in str(draft.get_latest_revision_as_object().body.get_prep_value())
    assert set(imported_again(tmp_path, index).values()) == {Outcome.UNCHANGED}


def test_a_draft_without_any_revision_is_updated(index: ArticleIndexPage, tmp_path: Path) -> None:
    path = write(tmp_path, "one.txt")
    run(path, workers=1)
    page = page_of(path)
    ArticlePage.objects.filter(pk=page.pk).update(latest_revision=None, latest_revision_created_at=None)
    page.revisions.all().delete()
    change([path])

    assert run(path, workers=1)[0] == 0
    assert "people of patience" in page_of(path).get_latest_revision_as_object().introduction
