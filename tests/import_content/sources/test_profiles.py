"""Profiles: what a person knows about a folder's texts."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from import_content.parsing import parse, parse_many, to_json
from import_content.parsing.profile_template import suggest_profile
from import_content.sources import discover
from import_content.sources.errors import SourceError
from import_content.sources.profiles import (
    PROFILE_NAME,
    Profile,
    find_profile,
    load_profile,
)
from import_content.sources.source import Source

TEXT = """The Title

The first paragraph of the article is here, and it is long enough to be one beyond any doubt.

advertisement below

Another paragraph follows, and it is long enough to be one beyond any doubt as well, I think.

What You Learn

The last paragraph of the article is here, and it is long enough to be one beyond any doubt.
"""


def kinds(profile: Profile | None, text: str = TEXT) -> list[tuple[str, str]]:
    source = Source("a.txt", text, "utf-8", False, "lf", "", len(text), 1.0)
    return [
        (block["type"], block.get("text", "")[:14])
        for block in to_json(parse(source, profile=profile).document)["blocks"]
    ]


def test_a_profile_names_headings_and_lines_that_are_none() -> None:
    profile = Profile(headings=("Advertisement below",), not_headings=("what you learn",))
    assert ("heading", "advertisement ") in kinds(profile)
    assert ("paragraph", "What You Learn") in kinds(profile)


def test_a_pattern_makes_headings() -> None:
    assert ("heading", "advertisement ") in kinds(Profile(heading_patterns=("^advert",)))


def test_a_word_cap_is_the_longest_a_heading_may_be() -> None:
    assert ("heading", "What You Learn") in kinds(Profile(word_cap=3))
    assert ("paragraph", "What You Learn") in kinds(Profile(word_cap=2))


def test_named_schools_are_told_from_their_descriptions() -> None:
    text = TEXT + "\nPartners\n\nHarlow North Shore Boats are built here.\nMarsden Point Lamps are made here.\n"
    profile = Profile(schools=("Harlow North Shore", "Marsden Point"), listing_headings=("Partners",))
    source = Source("a.txt", text, "utf-8", False, "lf", "", len(text), 1.0)
    block = to_json(parse(source, profile=profile).document)["blocks"][-1]
    assert [item["name"] for item in block["items"]] == ["Harlow North Shore", "Marsden Point"]


def test_the_nearest_profile_up_to_the_root_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "root" / "inner"
    inner.mkdir(parents=True)
    source = inner / "a.txt"
    assert find_profile(source, tmp_path / "root") is None
    (tmp_path / PROFILE_NAME).write_text("word_cap = 5")
    assert find_profile(source, tmp_path / "root") is None, "a profile outside of the root is not for us"
    (tmp_path / "root" / PROFILE_NAME).write_text("word_cap = 6")
    found = find_profile(source, tmp_path / "root")
    assert found is not None
    assert found.word_cap == 6
    (inner / PROFILE_NAME).write_text("word_cap = 7")
    found = find_profile(source, tmp_path / "root")
    assert found is not None
    assert found.word_cap == 7


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('language = "en"\nword_cap = "many"\n', 2, "word_cap"),
        ('\n\nheadlines = ["x"]\n', 3, "headlines"),
        ('heading_patterns = ["("]\n', 1, "regular expression"),
        ("word_cap = \n", 1, ""),
        ("headings = [3]\n", 1, "headings"),
        ("word_cap = true\n", 1, "word_cap"),
    ],
)
def test_a_wrong_profile_says_where_and_what(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / PROFILE_NAME
    path.write_text(text)
    with pytest.raises(SourceError) as caught:
        load_profile(path)
    assert caught.value.line == line
    assert PROFILE_NAME in str(caught.value)
    assert words in str(caught.value)


def test_a_wrong_profile_fails_the_files_of_its_folder_only(tmp_path: Path) -> None:
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(TEXT)
    (tmp_path / "bad" / PROFILE_NAME).write_text("nonsense = 1")
    outcomes = list(parse_many(discover([str(tmp_path)])))
    assert [outcome.error is None for outcome in outcomes] == [False, True]


def test_the_suggested_profile_is_a_valid_profile(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    path = tmp_path / PROFILE_NAME
    path.write_text(suggest_profile(parse_many(discover([str(tmp_path)]))), encoding="utf-8")
    profile = load_profile(path)
    assert profile.headings == ("What You Learn",)


def test_no_pattern_of_a_folder_keeps_an_import_busy(tmp_path: Path) -> None:
    (tmp_path / PROFILE_NAME).write_text('heading_patterns = ["^(\\\\w+\\\\s?)*$", "^(a|aa)+$"]\n')
    (tmp_path / "a.txt").write_text(
        TEXT + "\n" + "One two three four five six seven eight nine ten eleven twelve !\n" * 3
    )
    started = time.perf_counter()
    (result,) = parse_many(discover([str(tmp_path)]))
    assert result.error is None
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a", "missing )"),
        ("(?=a)", "invalid perl operator"),
        (r"(a)\\1", "invalid escape sequence"),
        ("a" * 1001, "longer"),
    ],
)
def test_a_pattern_that_is_not_understood_is_refused_with_its_line(tmp_path: Path, pattern: str, why: str) -> None:
    (tmp_path / PROFILE_NAME).write_text(f'language = "en"\nheading_patterns = ["{pattern}"]\n')
    with pytest.raises(SourceError) as caught:
        load_profile(tmp_path / PROFILE_NAME)
    assert caught.value.line == 2
    assert why in str(caught.value)
