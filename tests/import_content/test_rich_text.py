"""Marks and nested lists of a document as rich text that Wagtail keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_content.document import ItemForm, List, Mark, Origin
from import_content.merge.text import canonical, merge_rich
from import_content.rich_text import inline, is_address, list_html, paragraph
from pages.rich_text import sanitise, to_text

ORIGIN = Origin((), "test", 1.0)


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("a & b", [], "a &amp; b"),
        ("one two", [Mark(0, 3, "bold")], "<b>one</b> two"),
        ("one two", [Mark(0, 7, "bold"), Mark(4, 7, "italic")], "<b>one <i>two</i></b>"),
        ("abcdef", [Mark(0, 4, "bold"), Mark(2, 6, "italic")], "<b>ab<i>cd</i></b><i>ef</i>"),
        (
            "see here",
            [Mark(4, 8, "link", "https://x.example/?a=1&b")],
            'see <a href="https://x.example/?a=1&amp;b">here</a>',
        ),
        ("see here", [Mark(4, 8, "link", "javascript:alert(1)")], "see here"),
        ("a\nb", [Mark(0, 1, "code")], "<code>a</code><br/>b"),
    ],
)
def test_marks_become_tags_that_nest(text: str, marks: list[Mark], expected: str) -> None:
    assert inline(text, marks) == expected


@given(
    st.lists(
        st.builds(
            Mark,
            st.integers(0, 8),
            st.integers(0, 8),
            st.sampled_from(["bold", "italic", "code", "link"]),
            st.just("https://x.example/"),
        )
    )
)
def test_whatever_is_marked_the_words_stay_and_a_cleaner_finds_nothing_to_mend(marks: list[Mark]) -> None:
    made = paragraph("ab cd ef", marks)
    assert to_text(made) == "ab cd ef"
    assert sanitise(made) == made


def test_lists_stand_within_items() -> None:
    forms = (ItemForm(0, False), ItemForm(1, True, (Mark(0, 1, "bold"),)), ItemForm(1, True), ItemForm(0, False))
    made = list_html(List(("a", "b", "c", "d"), False, ORIGIN, (), forms))
    assert made == "<ul><li>a<ol><li><b>b</b></li><li>c</li></ol></li><li>d</li></ul>"
    assert sanitise(made) == made


def test_a_list_that_begins_deep_loses_no_item() -> None:
    made = list_html(List(("a", "b"), False, ORIGIN, (), (ItemForm(3, False), ItemForm(0, True))))
    assert made == "<ul><li>a</li></ul><ol><li>b</li></ol>"


@pytest.mark.parametrize(
    "target", ["javascript:x", "data:text/html,x", "//evil.example/", "https://", "http://a b/", "", "#", "other.md"]
)
def test_only_addresses_are_linked(target: str) -> None:
    assert not is_address(target)


def test_a_change_of_words_is_merged_and_the_marks_of_both_sides_stay() -> None:
    base = paragraph("Ask the school about its hours and about the costs of tools.", [Mark(8, 14, "bold")])
    ours = base.replace("costs", "<i>costs</i>")
    theirs = paragraph("Ask the school about all its hours and about the costs of tools.", [Mark(8, 14, "bold")])
    merged = merge_rich(base, ours, theirs, lambda *_: None)
    assert canonical(merged) == (
        "<p>Ask the <b>school</b> about all its hours and about the <i>costs</i> of tools.</p>"
    )
