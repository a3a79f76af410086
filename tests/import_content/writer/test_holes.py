"""Ids of schools are filled into finished text, and into nothing that people wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_content.writer.bulk.holes import Holed
from pages import references

ODD = st.sampled_from(
    ['"school": -1', '\\"school\\": -2', "school", "-1", ": -1", '"school"', "\ufdd1", "é", "\\", '"']
)
TEXT = st.lists(st.one_of(ODD, st.text(max_size=4)), max_size=6).map("".join)
ENTRY = st.fixed_dictionaries({"school": st.integers(1, 3), "description": TEXT, "school of": TEXT})
IDS = [7, 80, 912345]


def with_ids(value: Any, ids: list[int]) -> Any:
    return [{**entry, "school": ids[entry["school"] - 1]} for entry in value]


@given(st.lists(ENTRY, max_size=5), st.booleans())
def test_filled_stream_data_is_what_would_have_been_written_with_the_ids(entries: Any, sort: bool) -> None:
    holed = Holed.stream(json.dumps(with_ids(entries, [-1, -2, -3]), sort_keys=sort))
    assert holed.fill(IDS) == json.dumps(with_ids(entries, IDS), sort_keys=sort)


@given(st.lists(ENTRY, max_size=5))
def test_a_filled_public_body_is_what_would_have_been_written_with_the_ids(entries: Any) -> None:
    def dumped(ids: list[int]) -> str:
        blocks = [{**entry, "school": references.reference("school", ids[entry["school"] - 1])} for entry in entries]
        return references.dump(blocks)

    assert Holed.public(dumped([-1, -2, -3])).fill(IDS) == dumped(IDS)


def test_a_name_without_an_id_is_an_error() -> None:
    with pytest.raises(IndexError):
        Holed.stream('{"school": -2}').fill([1])
