"""Laws of the merge, and what it does in the cases that people ask about.  No database."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from import_content.merge import (
    Action,
    Article,
    Merge,
    continued,
    merge,
    same_article,
)
from import_content.merge.replace import replaced
from import_content.merge.text import canonical, merge_line, merge_rich
from import_content.merge.tokens import is_balanced, tokenise

Block = dict[str, Any]


def block(kind: str, value: dict[str, Any]) -> Block:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def section(heading: str, *paragraphs: str) -> Block:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return block("section", {"heading": heading, "level": "2", "text": text, "anchor": heading.lower()})


def listing(**schools: str) -> Block:
    entries = [
        block("item", {"school": int(name[1:]), "description": f"<p>{text}</p>"}) for name, text in schools.items()
    ]
    return block("school_listing", {"schools": entries})


def article(*body: Block, title: str = "Title", introduction: str = "<p>Opening words of it.</p>") -> Article:
    return Article(title, introduction, body)


def fresh(version: Article) -> Article:
    """The same under new ids, as a new reading of a source has them."""
    body = copy.deepcopy(version.body)
    for child in body:
        child["id"] = str(uuid.uuid4())
        for entry in child["value"].get("schools", []):
            entry["id"] = str(uuid.uuid4())
    return replace(version, body=body)


def three_way(base: Article, ours: Article, theirs: Article) -> Merge:
    taken = {child["id"] for child in ours.body}
    return merge(base, ours, continued(base, fresh(theirs), taken=taken))


# --- laws -----------------------------------------------------------------------------------------------------

WORDS = ["river", "stone", "the", "and", "bench", "clock", "of", "wheel", "year", "cost", "a", "school"]
sentences = st.lists(st.sampled_from(WORDS), min_size=3, max_size=14).map(" ".join)
paragraphs = st.lists(sentences, min_size=1, max_size=4)
sections = st.builds(lambda heading, parts: section(heading, *parts), sentences, paragraphs)
listings = st.builds(
    lambda numbers, text: listing(**{f"s{number}": text for number in numbers}),
    st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    sentences,
)
invitations = st.builds(lambda text: block("call_to_action", {"text": text, "page": None, "url": ""}), sentences)
bases = st.builds(
    lambda title, introduction, body: article(
        *body, title=title, introduction="".join(f"<p>{p}</p>" for p in introduction)
    ),
    sentences,
    paragraphs,
    st.lists(st.one_of(sections, listings, invitations), max_size=6),
)


def with_word(text: str, mark: str, at: int) -> str:
    """`mark` put between two words of a text, never inside a tag."""
    places = [found.end() for found in re.finditer(r"(?<=[\w>]) |(?<=<p>)", text)] or [0]
    place = places[at % len(places)]
    return f"{text[:place]}{mark} {text[place:]}"


def edit_once(version: Article, kind: int, at: int, mark: str) -> Article:
    """One change of the kind that editors and sources make; most leave `mark` behind."""
    body = copy.deepcopy(list(version.body))
    if kind == 0 or not body:
        return replace(version, introduction=with_word(version.introduction, mark, at))
    if kind == 1:
        return replace(version, title=with_word(version.title, mark, at))
    index = at % len(body)
    if kind == 2:
        body.insert(index, section(f"{mark} heading", f"{mark} text"))
    elif kind == 3:
        del body[index]
    elif kind == 4:
        body.append(body.pop(index))
    elif kind == 5:
        _change_text(body[index], mark, at)
    elif kind == 6 and body[index]["type"] == "section":
        body[index]["value"]["text"] += f"<p>{mark} added</p>"
    elif kind == 7 and body[index]["type"] == "section":
        body[index]["value"]["text"] = re.sub(r"^<p>[^<]*</p>", "", body[index]["value"]["text"])
    return replace(version, body=tuple(body))


def _change_text(child: Block, mark: str, at: int) -> None:
    value = child["value"]
    if child["type"] == "school_listing":
        entry = value["schools"][at % len(value["schools"])]["value"]
        entry["description"] = with_word(entry["description"], mark, at)
    elif child["type"] == "section" and at % 3 == 0:
        value["heading"] = with_word(value["heading"], mark, at)
    else:
        value["text"] = with_word(value["text"], mark, at)


edits = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 40)), max_size=5)


def edited(base: Article, changes: list[tuple[int, int]], who: str) -> Article:
    for number, (kind, at) in enumerate(changes):
        base = edit_once(base, kind, at, f"{who}{number}")
    return base


def words_of(version: Article) -> str:
    return f"{version.title} {version.introduction} {list(version.body)}"


def marks(text: str, who: str) -> set[str]:
    return set(re.findall(rf"{who}\d+", text))


@given(bases, edits)
@settings(deadline=None)
def test_a_source_that_alone_changed_is_taken_as_it_is(base: Article, changes: list[tuple[int, int]]) -> None:
    theirs = continued(base, fresh(edited(base, changes, "SRC")), taken=set())
    result = merge(base, base, theirs)
    assert same_article(result.article, theirs)
    assert not result.conflicts
    assert not result.edits


@given(bases, edits)
@settings(deadline=None)
def test_an_editor_who_alone_changed_keeps_every_byte(base: Article, changes: list[tuple[int, int]]) -> None:
    ours = edited(base, changes, "ED")
    result = three_way(base, ours, base)
    assert result.article == ours
    assert not result.changes
    assert not result.conflicts


@given(bases, edits)
@settings(deadline=None)
def test_the_same_change_on_both_sides_is_no_conflict(base: Article, changes: list[tuple[int, int]]) -> None:
    ours = edited(base, changes, "BOTH")
    result = three_way(base, ours, ours)
    assert not result.conflicts or any(kind in (3, 7) for kind, _ in changes)
    assert marks(words_of(result.article), "BOTH") == marks(words_of(ours), "BOTH")


@given(bases, edits, edits)
@settings(deadline=None, max_examples=300)
def test_no_word_of_an_editor_is_ever_lost(
    base: Article, mine: list[tuple[int, int]], yours: list[tuple[int, int]]
) -> None:
    ours, theirs = edited(base, mine, "ED"), edited(base, yours, "SRC")
    result = three_way(base, ours, theirs)
    assert marks(words_of(result.article), "ED") == marks(words_of(ours), "ED")


@given(bases, edits, edits)
@settings(deadline=None, max_examples=300)
def test_what_the_source_says_is_in_the_page_or_in_a_conflict(
    base: Article, mine: list[tuple[int, int]], yours: list[tuple[int, int]]
) -> None:
    ours, theirs = edited(base, mine, "ED"), edited(base, yours, "SRC")
    result = three_way(base, ours, theirs)
    there = marks(words_of(result.article), "SRC") | marks(str([c.theirs for c in result.conflicts]), "SRC")
    assert there == marks(words_of(theirs), "SRC")


@given(bases, edits, edits)
@settings(deadline=None)
def test_a_merge_is_sound_deterministic_and_done_once(
    base: Article, mine: list[tuple[int, int]], yours: list[tuple[int, int]]
) -> None:
    ours, theirs = edited(base, mine, "ED"), continued(base, fresh(edited(base, yours, "SRC")), taken=set())
    result = merge(base, ours, theirs)
    ids = [child["id"] for child in result.article.body]
    assert merge(base, ours, theirs) == result
    assert len(ids) == len(set(ids))
    for child in result.article.body:
        assert is_balanced(tokenise(child["value"].get("text", ""), markup=True))
    again = merge(result.base, result.article, result.base)
    assert again.article == result.article
    assert not again.changes
    assert not again.conflicts


@given(bases, edits)
@settings(deadline=None)
def test_blocks_keep_their_ids_as_long_as_they_can_be_recognised(base: Article, changes: list[tuple[int, int]]) -> None:
    small = [(kind, at) for kind, at in changes if kind in (0, 1, 4, 5)]
    theirs = continued(base, fresh(edited(base, small, "SRC")), taken=set())
    assert {child["id"] for child in theirs.body} == {child["id"] for child in base.body}


# --- cases --------------------------------------------------------------------------------------------------

BASE = "<p>The course takes two years and costs four thousand dollars a year.</p><p>Tools come on top.</p>"


def rich(ours: Callable[[str], str], theirs: Callable[[str], str]) -> tuple[str, list[Action]]:
    actions: list[Action] = []
    text = merge_rich(BASE, ours(BASE), theirs(BASE), lambda action, *_: actions.append(action))
    return text, actions


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def test_changes_at_both_ends_of_a_sentence_are_merged() -> None:
    text, actions = rich(swap("two years", "three years"), swap("four thousand", "five thousand"))
    assert text.startswith("<p>The course takes three years and costs five thousand dollars a year.</p>")
    assert actions == [Action.MERGED]


def test_changes_of_words_that_stand_side_by_side_are_a_conflict() -> None:
    text, actions = rich(swap("four thousand", "six thousand"), swap("thousand dollars", "thousand euros"))
    assert "six thousand dollars" in text
    assert actions == [Action.CONFLICT]


def test_emphasis_by_an_editor_around_changed_words_is_kept() -> None:
    text, actions = rich(
        swap("takes two years and costs", "takes <b>two whole years and costs</b>"), swap("a year.", "each year.")
    )
    assert "<b>two whole years and costs</b> four thousand dollars each year." in text
    assert actions == [Action.MERGED]


def test_a_paragraph_added_by_an_editor_stands_beside_one_added_by_the_source() -> None:
    text, actions = rich(lambda t: t + "<p>Ours.</p>", lambda t: t + "<p>Theirs.</p>")
    assert text == BASE + "<p>Ours.</p><p>Theirs.</p>"
    assert Action.CONFLICT not in actions


def test_a_paragraph_that_an_editor_rewrote_whole_is_still_the_same_paragraph() -> None:
    text, actions = rich(swap("<p>Tools come on top.</p>", "<p>Bring your own.</p>"), swap("come on top", "are extra"))
    assert "<p>Bring your own.</p>" in text
    assert "are extra" not in text
    assert actions == [Action.CONFLICT]


def test_items_of_a_list_are_merged_one_by_one() -> None:
    base = "<ul><li>one thing</li><li>two things</li><li>three things</li></ul>"
    ours = base.replace("<li>two things</li>", "").replace("three things", "three nice things")
    theirs = base.replace("one thing", "one small thing") + ""
    text = merge_rich(base, ours, theirs.replace("</ul>", "<li>four things</li></ul>"), lambda *_: None)
    assert text == "<ul><li>one small thing</li><li>three nice things</li><li>four things</li></ul>"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<p data-block-key="a1b2">Words</p>', "<p>Words</p>"),
        ("<p>It’s &quot;good&quot;</p>", '<p>It’s "good"</p>'),
        ("<p>Words</p><p></p>", "<p>Words</p>"),
        ("<p>one<br/>two</p>", "<p>one<br>two</p>"),
        ("", '<p data-block-key="a1b2"></p>'),
    ],
)
def test_what_the_admin_s_editor_writes_differently_says_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


def test_keys_that_comments_hold_on_to_survive_an_update() -> None:
    ours = BASE.replace("<p>The", '<p data-block-key="k1"><b>The</b>'.replace("<b>The</b>", "The"))
    text = merge_rich(BASE, ours, BASE.replace("four", "five"), lambda *_: None)
    assert text.startswith('<p data-block-key="k1">The course takes two years and costs five thousand')


def test_titles_are_merged_by_words() -> None:
    merged = merge_line("How to Repair Clocks", "How to Repair Old Clocks", "Learn to Repair Clocks", lambda *_: None)
    assert merged == "Learn to Repair Old Clocks"


def test_an_editor_s_new_order_wins_and_new_sections_find_their_place() -> None:
    a, b, c = section("Alpha", "a a a"), section("Beta", "b b b"), section("Gamma", "g g g")
    new = section("New", "n n n")
    result = three_way(article(a, b, c), article(c, a, b), article(a, new, b, c))
    assert [child["value"]["heading"] for child in result.article.body] == ["Gamma", "Alpha", "New", "Beta"]


def test_a_source_s_new_order_is_taken_where_the_editor_moved_nothing() -> None:
    a, b, c = section("Alpha", "a a a"), section("Beta", "b b b"), section("Gamma", "g g g")
    mine = section("Mine", "m m m")
    result = three_way(article(a, b, c), article(a, b, mine, c), article(c, a, b))
    assert [child["value"]["heading"] for child in result.article.body] == ["Gamma", "Alpha", "Beta", "Mine"]


def test_a_school_that_an_editor_took_off_a_listing_does_not_come_back() -> None:
    base = article(listing(s1="one is good", s2="two is better", s3="three is best"))
    ours = copy.deepcopy(base)
    del ours.body[0]["value"]["schools"][1]
    theirs = copy.deepcopy(base)
    theirs.body[0]["value"]["schools"].append(block("item", {"school": 4, "description": "<p>four</p>"}))
    result = three_way(base, ours, theirs)
    assert [entry["value"]["school"] for entry in result.article.body[0]["value"]["schools"]] == [1, 3, 4]
    assert not result.conflicts


def test_a_page_chosen_for_an_invitation_stays_when_its_words_change() -> None:
    base = article(block("call_to_action", {"text": "Search now", "page": None, "url": ""}))
    ours = copy.deepcopy(base)
    ours.body[0]["value"]["page"] = 7
    theirs = article(block("call_to_action", {"text": "Search today", "page": None, "url": ""}))
    result = three_way(base, ours, theirs)
    assert result.article.body[0]["value"] == {"text": "Search today", "page": 7, "url": ""}


def test_a_table_that_both_changed_is_a_conflict_as_a_whole() -> None:
    def table(cell: str) -> Block:
        columns = [{"type": "text", "heading": "Fee"}]
        return {"type": "table", "id": "7", "value": {"columns": columns, "rows": [{"values": [cell]}], "caption": ""}}

    base, ours, theirs = article(table("1")), article(table("2")), article(table("3"))
    result = merge(base, ours, continued(base, theirs, taken=set()))
    assert result.article.body == ours.body
    assert [conflict.path for conflict in result.conflicts] == [("body", "7", "rows")]


def test_a_conflict_names_its_place_for_people() -> None:
    base = article(section("Costs", "It costs four dollars a week."), listing(s1="one two three four five"))
    ours = article(*copy.deepcopy(base.body))
    ours.body[1]["value"]["schools"][0]["value"]["description"] = "<p>one two 3 four five</p>"
    theirs = article(*copy.deepcopy(base.body))
    theirs.body[1]["value"]["schools"][0]["value"]["description"] = "<p>one two THREE four five</p>"
    result = merge(base, ours, continued(base, theirs, taken=set()), names={1: "Yale"})
    assert [c.place for c in result.conflicts] == ["school listing, entry “Yale”, description"]


def test_every_conflict_can_be_resolved_to_the_source_s_version() -> None:
    base = article(section("Costs", "It costs four dollars.", "Tools are extra."), listing(s1="one two three"))
    ours = copy.deepcopy(base)
    ours.body[0]["value"]["text"] = "<p>It costs six dollars.</p><p>Tools are extra.</p>"
    theirs = copy.deepcopy(base)
    theirs.body[0]["value"]["text"] = "<p>It costs nine dollars.</p><p>Tools are extra.</p>"
    result = merge(base, ours, theirs)
    conflict = result.conflicts[0]
    settled = replaced(result.article, conflict.path, conflict.ours, conflict.theirs, source=result.base)
    assert settled is not None
    assert same_article(settled, theirs)
    assert replaced(settled, conflict.path, conflict.ours, conflict.theirs, source=result.base) is None


REMOVALS: dict[str, Callable[[Block, Block], None]] = {
    "paragraph": lambda first, _: first["value"].update(text="<p>Tools are extra.</p><p>And a bench.</p>"),
    "entry": lambda _, second: second["value"]["schools"].pop(0),
}


@pytest.mark.parametrize("what", REMOVALS)
def test_a_part_that_an_editor_removed_and_the_source_changed_stays_away_and_can_be_had(what: str) -> None:
    base = article(
        section("Costs", "It costs four dollars a week.", "Tools are extra.", "And a bench."),
        listing(s1="one two three four", s2="the river and the stone"),
    )
    ours, theirs = copy.deepcopy(base), copy.deepcopy(base)
    REMOVALS[what](*ours.body)
    theirs.body[0]["value"]["text"] = "<p>It costs nine dollars a week.</p><p>Tools are extra.</p><p>And a bench.</p>"
    theirs.body[1]["value"]["schools"][0]["value"]["description"] = "<p>one two three five</p>"
    if what == "paragraph":
        ours.body[1]["value"]["schools"][0]["value"]["description"] = "<p>one two three five</p>"
    else:
        ours.body[0]["value"]["text"] = theirs.body[0]["value"]["text"]
    result = merge(base, ours, theirs)
    assert result.article == ours
    (conflict,) = result.conflicts
    assert (conflict.action, conflict.ours) == (Action.CONFLICT_KEPT_REMOVED, None)
    settled = replaced(result.article, conflict.path, None, conflict.theirs, source=result.base)
    assert settled is not None
    assert same_article(settled, theirs)


def test_a_block_that_an_editor_removed_comes_back_where_the_source_has_it() -> None:
    base = article(*(section(f"Part {number}", "one two three four five six.") for number in range(4)))
    theirs = copy.deepcopy(base)
    theirs.body[2]["value"]["text"] = "<p>one two three four five seven.</p>"
    for gone in ((2,), (1, 2), (0, 1, 2), (2, 3)):
        ours = replace(base, body=tuple(child for i, child in enumerate(base.body) if i not in gone))
        result = merge(base, ours, theirs)
        assert result.article == ours
        (conflict,) = result.conflicts
        settled = replaced(ours, conflict.path, None, conflict.theirs, source=result.base)
        assert settled is not None
        present = [child["id"] for child in theirs.body if child in settled.body or child["id"] == conflict.path[1]]
        assert [child["id"] for child in settled.body] == present


def test_a_list_item_that_an_editor_removed_comes_back_behind_its_neighbour() -> None:
    base = article(introduction="<ul><li>a river stone</li><li>the old clock wheel</li><li>one bench</li></ul>")
    ours = replace(base, introduction="<ul><li>a river stone</li><li>one bench</li></ul>")
    theirs = replace(base, introduction=base.introduction.replace("old clock", "new clock"))
    result = merge(base, ours, theirs)
    assert result.article == ours
    (conflict,) = result.conflicts
    settled = replaced(ours, conflict.path, conflict.ours, conflict.theirs, source=result.base)
    assert settled == theirs
