"""Stored text that names what others own."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages import references
from pages.references import MARK, reference

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text().map(references.forbid)
VALUES = st.recursive(TEXT | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))


def test_references_are_filled_in_where_they_stand() -> None:
    stored = references.dump({"school": reference("school", 3), "text": f'<a{reference("href-page", 8)}>"x"</a>'})
    fragments = {"school:3": '{"id":3}', "href-page:8": r" href=\"/y/\""}
    assert references.fill(stored, fragments.__getitem__) == (r'{"school":{"id":3},"text":"<a href=\"/y/\">\"x\"</a>"}')


@UNTIMED
@given(
    VALUES, st.lists(st.sampled_from([reference("school", 1), reference("url", 2), f"a{reference('href-page', 3)}b"]))
)
def test_what_is_dumped_can_be_loaded(value: Any, marked: list[str]) -> None:
    whole = {"value": value, "marked": marked}
    assert references.load(references.dump(whole)) == whole


@UNTIMED
@given(st.recursive(st.text(alphabet=f'a"\\{MARK}:1'), lambda inner: st.lists(inner)))
def test_nothing_that_people_write_is_taken_for_a_reference(value: Any) -> None:
    assert references.names(references.dump(references.forbid_deep(value))) == []


def test_ids_are_told_once_each_in_order() -> None:
    names = ["school:3", "url:8", "school:1", "school:3", "page:8"]
    assert references.ids(names, "school") == [3, 1]
    assert references.ids(names, "url", "page") == [8]
