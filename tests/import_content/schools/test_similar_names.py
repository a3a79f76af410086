"""Names that may mean a school that is known are proposed; nothing is merged by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from import_content.schools.similar_names import NearNames
from pages.models import School
from tests.factories import make_index, make_school
from tests.import_content.imports import run, write


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ("University of Riverbend", "The University of Riverbend"),
        ("Riverbend College", "Riverbend College (RBC)"),
        ("Saint Anne’s College", "St. Anne's College"),
        ("Riverbend University", "Riverbend Univ."),
        ("College of Art and Design", "College of Art & Design"),
        ("Pennsylvania Tile School", "Pensylvania Tile School"),
    ],
)
def test_spellings_of_one_name_are_near(known: str, name: str) -> None:
    assert NearNames([known]).near(name) == known


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ("Riverbend College", "riverbend  COLLEGE"),
        ("University of Riverbend", "University of Riverbend Hilltop"),
        ("University of Washington", "Washington University"),
        ("Riverbend College", "Riverbend Academy"),
        ("???", "!!!"),
    ],
)
def test_the_same_name_and_names_of_other_schools_are_not(known: str, name: str) -> None:
    assert NearNames([known]).near(name) is None


def test_names_of_one_run_are_compared_with_each_other() -> None:
    names = NearNames()
    assert names.near("Riverbend University") is None
    assert names.near("The Riverbend University") == "Riverbend University"


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [True, False])
def test_an_import_proposes_and_does_not_merge(tmp_path: Path, dry_run: bool) -> None:
    make_index()
    make_school("The Gem City College")
    write(tmp_path, "clocks.txt")
    code, out = run(tmp_path, dry_run=dry_run)

    assert code == 0
    assert "near “Gem City College”: is it “The Gem City College”?" in out
    assert School.objects.filter(name="Gem City College").exists() is not dry_run
