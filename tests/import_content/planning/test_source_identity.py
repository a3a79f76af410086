"""The same source under another path stays the same source, and a copy makes no second page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from import_content.models import ImportItem, SourceRecord
from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_index
from tests.import_content.editing import edit, text_of
from tests.import_content.imports import ARTICLE, imported, rows, run, write

pytestmark = pytest.mark.django_db

IN_PLACE_AND_BY_WORKERS = pytest.mark.parametrize("how", [{}, {"enqueue": True}], ids=["in place", "by workers"])


@pytest.fixture(autouse=True)
def index(db: None) -> ArticleIndexPage:
    return make_index()


@pytest.fixture
def page(tmp_path: Path) -> ArticlePage:
    write(tmp_path / "in", "2024/sail.txt")
    run(tmp_path / "in", publish=True)
    return ArticlePage.objects.get()


def keys() -> list[str]:
    return list(SourceRecord.objects.values_list("key", flat=True))


@IN_PLACE_AND_BY_WORKERS
def test_a_moved_source_keeps_its_page_and_that_is_said(
    page: ArticlePage, tmp_path: Path, how: dict[str, bool]
) -> None:
    edit(page, introduction="<p>Mine.</p>")
    (tmp_path / "in" / "2025").mkdir()
    (tmp_path / "in" / "2024" / "sail.txt").rename(tmp_path / "in" / "2025" / "sailing.txt")
    code, out = run(tmp_path / "in", publish=True, **how)

    assert (code, keys()) == (0, ["2025/sailing.txt"])
    assert "followed    2025/sailing.txt: has the text of 2024/sail.txt, which is gone: taken as moved" in out
    assert "its source is gone" not in out
    assert ArticlePage.objects.get().introduction == "<p>Mine.</p>"
    assert ImportItem.objects.filter(outcome="followed", page=page, key="2025/sailing.txt").count() == 1


def test_after_a_move_the_source_goes_on_as_before(page: ArticlePage, tmp_path: Path) -> None:
    moved = tmp_path / "in" / "sail.txt"
    (tmp_path / "in" / "2024" / "sail.txt").rename(moved)
    run(tmp_path / "in")
    before = rows()
    assert "1 unchanged" in run(tmp_path / "in")[1]
    assert rows() == before

    write(tmp_path / "in", "sail.txt", ARTICLE.replace("four thousand", "five thousand"))
    assert "updated     sail.txt" in run(tmp_path / "in")[1]
    assert ArticlePage.objects.count() == 1


def test_a_move_and_a_pruning_in_one_run_unpublish_nothing(page: ArticlePage, tmp_path: Path) -> None:
    (tmp_path / "in" / "2024" / "sail.txt").rename(tmp_path / "in" / "sail.txt")
    code, _ = run(tmp_path / "in", prune="unpublish", prune_limit=1.0)

    assert (code, ArticlePage.objects.get().live) == (0, True)


@IN_PLACE_AND_BY_WORKERS
def test_a_renaming_in_case_only_is_a_move(page: ArticlePage, tmp_path: Path, how: dict[str, bool]) -> None:
    (tmp_path / "in" / "2024" / "sail.txt").rename(tmp_path / "in" / "2024" / "Sail.TXT")
    code, _ = run(tmp_path / "in", **how)

    assert (code, keys(), ArticlePage.objects.count()) == (0, ["2024/Sail.TXT"], 1)


def test_a_dry_run_says_that_a_source_has_moved_and_writes_nothing(page: ArticlePage, tmp_path: Path) -> None:
    (tmp_path / "in" / "2024" / "sail.txt").rename(tmp_path / "in" / "sail.txt")
    before = rows()
    code, out = run(tmp_path / "in", dry_run=True)

    assert (code, rows()) == (0, before)
    assert "1 source: 1 followed (nothing was written)" in out


def test_a_saved_plan_follows_a_move(page: ArticlePage, tmp_path: Path) -> None:
    (tmp_path / "in" / "2024" / "sail.txt").rename(tmp_path / "in" / "sail.txt")
    run(tmp_path / "in", plan=tmp_path / "plan.json")
    code, _ = run(apply=tmp_path / "plan.json")

    assert (code, keys()) == (0, ["sail.txt"])


@pytest.mark.parametrize(
    ("first", "second"), [("in", "in/2024"), ("in/2024", "in"), ("in", "in/2024/sail.txt"), ("in/2024/sail.txt", "in")]
)
@IN_PLACE_AND_BY_WORKERS
def test_a_file_named_by_another_folder_is_the_same_source(
    tmp_path: Path, first: str, second: str, how: dict[str, bool]
) -> None:
    write(tmp_path / "in", "2024/sail.txt")
    run(tmp_path / first, publish=True)
    before = imported()
    code, out = run(tmp_path / second, **how)
    assert (code, imported()) == (0, before)
    assert "1 source: 1 unchanged" in out

    write(tmp_path / "in", "2024/sail.txt", ARTICLE.replace("four thousand", "five thousand"))
    code, out = run(tmp_path / second, **how)
    assert (code, keys(), ArticlePage.objects.count()) == (0, list(before), 1)
    assert "five thousand" in text_of(ArticlePage.objects.get()), out


@IN_PLACE_AND_BY_WORKERS
def test_a_copy_beside_its_source_makes_no_second_page(page: ArticlePage, tmp_path: Path, how: dict[str, bool]) -> None:
    shutil.copy(tmp_path / "in" / "2024" / "sail.txt", tmp_path / "in" / "2024" / "sail - Copy.txt")
    code, out = run(tmp_path / "in", **how)

    assert (code, ArticlePage.objects.count()) == (3, 1)
    assert "refused     2024/sail - Copy.txt: has the text of 2024/sail.txt; --allow-copies imports it too" in out


def test_of_two_new_sources_with_one_text_one_makes_a_page(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    write(tmp_path, "b.txt")
    code, out = run(tmp_path)

    assert (code, keys()) == (3, ["a.txt"])
    assert "refused     b.txt: has the text of a.txt" in out


def test_a_copy_that_is_wanted_is_imported(page: ArticlePage, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "in" / "2024" / "sail.txt", tmp_path / "in" / "copy.txt")
    code, _ = run(tmp_path / "in", allow_copies=True)

    assert (code, keys()) == (0, ["2024/sail.txt", "copy.txt"])


def test_a_copy_whose_source_goes_away_takes_its_place(page: ArticlePage, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "in" / "2024" / "sail.txt", tmp_path / "in" / "copy.txt")
    run(tmp_path / "in")
    (tmp_path / "in" / "2024" / "sail.txt").unlink()
    code, _ = run(tmp_path / "in")

    assert (code, keys(), ArticlePage.objects.count()) == (0, ["copy.txt"], 1)


def test_the_same_text_in_another_collection_is_another_article(page: ArticlePage, tmp_path: Path) -> None:
    write(tmp_path / "other", "sail.txt")
    code, _ = run(tmp_path / "other", collection="other")

    assert (code, ArticlePage.objects.count()) == (0, 2)


def test_the_report_says_why_a_copy_was_refused(page: ArticlePage, tmp_path: Path) -> None:
    write(tmp_path / "in", "copy.txt")
    run(tmp_path / "in", report=tmp_path / "report.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert [line["code"] for line in lines if line.get("outcome") == "refused"] == ["copy"]
