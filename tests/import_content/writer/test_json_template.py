"""Ids of schools are filled into finished text, and into nothing that people wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_content.writer.bulk.json_template import public_template, stream_template
from pages import references

ODD = st.sampled_from(
    ['"school": -1', '\\"school\\": -2', "school", "-1", ": -1", '"school"', "\ufdd1", "é", "\\", '"']
)
TEXT = st.lists(st.one_of(ODD, st.text(max_size=4)), max_size=6).map("".join)
ENTRY = st.fixed_dictionaries({"school": st.integers(1, 3), "description": TEXT, "school of": TEXT})
IDS = [7, 80, 912345]
TEXTS = list(map(str, IDS))


def with_ids(value: Any, ids: list[int]) -> Any:
    return [{**entry, "school": ids[entry["school"] - 1]} for entry in value]


@given(st.lists(ENTRY, max_size=5), st.booleans())
def test_filled_stream_data_is_what_would_have_been_written_with_the_ids(entries: Any, sort: bool) -> None:
    template = stream_template(json.dumps(with_ids(entries, [-1, -2, -3]), sort_keys=sort))
    assert template.fill(TEXTS) == json.dumps(with_ids(entries, IDS), sort_keys=sort)


@given(st.lists(ENTRY, max_size=5))
def test_a_filled_public_body_is_what_would_have_been_written_with_the_ids(entries: Any) -> None:
    def dumped(ids: list[int]) -> str:
        blocks = [{**entry, "school": references.reference("school", ids[entry["school"] - 1])} for entry in entries]
        return references.dump(blocks)

    assert public_template(dumped([-1, -2, -3])).fill(TEXTS) == dumped(IDS)


def test_a_name_without_an_id_is_an_error() -> None:
    with pytest.raises(IndexError):
        stream_template('{"school": -2}').fill(["1"])
