from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pages.anchors import MAX_LENGTH, assign_anchors


def anchored(*sections: dict[str, Any]) -> list[str]:
    assign_anchors(sections)
    return [section["anchor"] for section in sections]


def test_an_anchor_comes_from_its_heading() -> None:
    assert anchored({"heading": "What It Costs"}) == ["what-it-costs"]


def test_equal_headings_get_different_anchors() -> None:
    assert anchored({"heading": "Cost"}, {"heading": "Cost"}) == ["cost", "cost-2"]


def test_an_anchor_survives_a_change_of_heading() -> None:
    assert anchored({"heading": "What It Really Costs", "anchor": "cost"}) == ["cost"]


def test_a_duplicated_section_gets_an_anchor_of_its_own() -> None:
    assert anchored({"heading": "Cost", "anchor": "cost"}, {"heading": "Cost", "anchor": "cost"}) == ["cost", "cost-2"]


def test_a_new_section_does_not_take_the_anchor_of_a_later_one() -> None:
    assert anchored({"heading": "Cost"}, {"heading": "Old", "anchor": "cost"}) == ["cost-2", "cost"]


def test_a_heading_of_signs_has_an_anchor_too() -> None:
    assert anchored({"heading": "???"}, {"heading": "!"}) == ["section", "section-2"]


@given(st.lists(st.fixed_dictionaries({"heading": st.text(max_size=200), "anchor": st.text(max_size=100)})))
def test_anchors_are_unique_short_and_stay_when_assigned_again(sections: list[dict[str, Any]]) -> None:
    once = anchored(*sections)
    assert len(set(once)) == len(once)
    assert all(once)
    assert all(len(anchor) <= MAX_LENGTH for anchor in once)
    assert anchored(*sections) == once
