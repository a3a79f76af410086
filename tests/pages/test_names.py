from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.names import normalise_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Riverbend College", "riverbend  COLLEGE"),
        ("St. Anne’s School", "St. Anne's School"),
        ("Wisconsin–Eau Claire", "Wisconsin-Eau Claire"),
        ("Escuela\u00a0Técnica", "Escuela Te\u0301cnica"),
        ("Zero\u200bWidth", "ZeroWidth"),
    ],
)
def test_spelling_does_not_distinguish_names(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("The Riverbend College", "Riverbend College"), ("A&M College", "AM College")]
)
def test_words_and_signs_distinguish_names(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@given(st.text())
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normalise_name(normalise_name(name)) == normalise_name(name)
