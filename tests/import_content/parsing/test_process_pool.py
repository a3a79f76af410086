"""Many files: order, isolation, two passes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from import_content.parsing import FileResult, parse_many, to_json
from import_content.parsing import parse_job as jobs
from import_content.parsing import process_pool as pool
from import_content.sources import discover
from import_content.sources.errors import SourceErrorCode

ARTICLE = "Article {number}\n\nIt has one paragraph, which says that this is article number {number} of many.\n"


def write_articles(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"{number:03}.txt").write_text(ARTICLE.format(number=number))


def titles(results: list[FileResult]) -> list[str | None]:
    return [one.parsed.document.title.text if one.parsed and one.parsed.document.title else None for one in results]


@pytest.mark.parametrize("workers", [1, 2])
def test_outcomes_come_in_the_order_of_the_files(tmp_path: Path, workers: int) -> None:
    write_articles(tmp_path, 70)
    results = list(parse_many(discover([str(tmp_path)]), workers=workers))
    assert titles(results) == [f"Article {number}" for number in range(70)]


def test_a_bad_file_costs_only_itself(tmp_path: Path) -> None:
    write_articles(tmp_path, 40)
    (tmp_path / "007.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    results = list(parse_many(discover([str(tmp_path)]), workers=2))
    failed = {one.key: one.error.code for one in results if one.error}
    assert failed == {"007.txt": SourceErrorCode.BINARY}
    assert len(results) == 40


def _die_on_seven(file, job, stdin=None):
    if file.key == "007.txt":
        os._exit(9)
    return jobs.parse_file(file, job, stdin)


def _hang_on_seven(file, job, stdin=None):
    if file.key == "007.txt":
        time.sleep(60)
    return jobs.parse_file(file, job, stdin)


@pytest.mark.parametrize(
    ("parser", "timeout", "code"),
    [(_die_on_seven, None, SourceErrorCode.CRASHED), (_hang_on_seven, 4.0, SourceErrorCode.TIMEOUT)],
)
def test_a_process_that_dies_or_hangs_costs_only_its_file(tmp_path, monkeypatch, parser, timeout, code) -> None:
    monkeypatch.setattr(pool, "FILES_PER_MESSAGE", 4)  # a chunk has four times the time of a file
    write_articles(tmp_path, 40)
    results = list(parse_many(discover([str(tmp_path)]), workers=2, timeout=timeout, parser=parser))
    failed = {one.key: one.error.code for one in results if one.error}
    assert failed == {"007.txt": code}
    assert [one.key for one in results] == [f"{number:03}.txt" for number in range(40)]


def test_no_more_files_are_taken_than_are_under_way(tmp_path: Path) -> None:
    write_articles(tmp_path, 300)
    taken = 0

    def counted():
        nonlocal taken
        for file in discover([str(tmp_path)]):
            taken += 1
            yield file

    next(parse_many(counted(), workers=2))
    assert taken <= pool.FILES_PER_MESSAGE * pool.MESSAGES_PER_WORKER * 2 + 1


CLEAR = "Schools A\n\nSome words about schools come first, as they always do.\n\nSchools to Consider\n\n{entries}\n"


def test_names_seen_in_one_file_help_with_another(tmp_path: Path) -> None:
    (tmp_path / "clear.txt").write_text(
        CLEAR.format(entries="Harlow Tech Harlow Tech trains welders.\nMarsden College Marsden College trains cooks.")
    )
    (tmp_path / "doubtful.txt").write_text(
        CLEAR.format(entries="Harlow Tech Welding students start in May.\nMarsden College Courses are free.")
    )
    results = list(parse_many(discover([str(tmp_path)]), workers=1, two_passes=True))
    first, second = ([one.parsed for one in parse_many(discover([str(tmp_path)]), workers=1)], results)
    assert first[1] is not None
    assert second[1].parsed is not None
    names = [item["name"] for item in to_json(second[1].parsed.document)["blocks"][-1]["items"]]
    assert names == ["Harlow Tech", "Marsden College"]
    before = first[1].document.blocks[-1].items[0].origin.confidence
    after = second[1].parsed.document.blocks[-1].items[0].origin.confidence
    assert after >= before


def test_text_is_left_out_of_outcomes_unless_asked_for(tmp_path: Path) -> None:
    write_articles(tmp_path, 1)
    (without,) = parse_many(discover([str(tmp_path)]))
    (with_text,) = parse_many(discover([str(tmp_path)]), keep_text=True)
    assert without.source is not None
    assert with_text.source is not None
    assert without.source.text == ""
    assert with_text.source.text == ARTICLE.format(number=0)
    assert without.source.sha256 == with_text.source.sha256


def _compute_for_ever_on_seven(file, job, stdin=None):
    while file.key == "007.txt":
        pass
    return jobs.parse_file(file, job, stdin)


def test_a_file_that_takes_too_long_costs_itself_alone_in_this_process_too(tmp_path: Path) -> None:
    write_articles(tmp_path, 9)
    results = list(parse_many(discover([str(tmp_path)]), workers=1, timeout=0.5, parser=_compute_for_ever_on_seven))
    assert {one.key: one.error.code for one in results if one.error} == {"007.txt": SourceErrorCode.TIMEOUT}
    assert len(results) == 9
