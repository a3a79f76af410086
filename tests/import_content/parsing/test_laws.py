"""Laws that hold for every text."""

from __future__ import annotations

import re
import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from import_content.article_content import _uuid5
from import_content.document import (
    Document,
    List,
    SchoolListing,
    Table,
)
from import_content.parsing import parse, to_json
from import_content.parsing.accounting import account
from import_content.parsing.structure.render import to_text
from import_content.sources.source import Source

PIECES = st.sampled_from(
    [
        "A Short Heading",
        "FAQ",
        "Is it so?",
        "It is a sentence of some length, and it goes on for a while before it ends.",
        "- an item",
        "* another item",
        "• a third",
        "1. First",
        "2) second",
        "Harlow College Harlow College teaches everything.",
        "Marsden University: Classes meet at night.",
        "Orrin Valley Institute",
        "Click here to compare schools",
        "Fees: $250 to $600",
        "a\tb\tc",
        "-----",
        "=====",
        "* * *",
        "– Ann, student",
        "who\u200bever\u00ad said",
        "    indented",
        "lower case line that runs on without an end",
        "\u00a0",
        "\ufeff",
        "\x07",
        "...",
        "-",
        "1.",
        "# Signed Heading",
        "== Signed ==",
        "***** Stars *****",
        "R&#38;D &lt;on&gt; &#160;",
        "<p>A line in tags.</p>",
        "cafÃ© and dÃ©jÃ  vu",
        "be-",
        "fore it is over, the sentence goes on",
        "見出し",
        "これは文です。",
        "| a | b |",
        "a    b    c",
        "+---+---+",
        "o\tWord bullet",
        "\uf0b7\tsymbol bullet",
        "i. roman",
        "a. letter",
        "  - nested",
        "Page 2 of 3",
        "7",
    ]
)
WITHIN_BLOCKS = ("zero_width", "control", "markup", "entity", "double_encoded")
"""Discards that may stand in the middle of a block's text."""
BREAKS = st.sampled_from(["\n", "\n\n", "\n\n\n", " ", "\t", "\r\n", "\r\n\r\n", "\r", "\x0c", "\u2028"])
ARTICLES = st.lists(st.tuples(PIECES, BREAKS), max_size=25).map(lambda parts: "".join(map("".join, parts)))
TEXTS = st.one_of(st.text(max_size=300), ARTICLES)


def source(text: str) -> Source:
    return Source("law.txt", text, "utf-8", False, "lf", "", len(text), 1.0)


def shape(text: str) -> dict[str, object]:
    return to_json(parse(source(text)).document)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_parsing_never_fails_and_accounts_for_every_visible_character(text: str) -> None:
    parsed = parse(source(text))
    assert parsed.accounting.complete
    assert parsed.accounting.visible == len("".join(text.split()))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_spans_and_discards_tile_the_visible_text(text: str) -> None:
    parsed = parse(source(text))
    covered = [0] * len(text)
    for span in _spans(parsed.document):
        for position in range(span.start, span.end):
            covered[position] += 1
    for kind, span in parsed.accounting.discarded:
        for position in range(span.start, span.end):
            covered[position] = 1 if kind in WITHIN_BLOCKS else covered[position] + 1
    assert all(count == 1 for count, char in zip(covered, text, strict=True) if not char.isspace())


@settings(max_examples=300, deadline=None)
@given(ARTICLES)
def test_the_style_of_line_ends_changes_nothing(text: str) -> None:
    lines = re.sub(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    expected = shape(lines)
    assert shape(lines.replace("\n", "\r\n")) == expected
    assert shape(lines.replace("\n", "\r")) == expected


@settings(max_examples=300, deadline=None)
@given(ARTICLES, st.sampled_from([" ", "\t", "\u00a0", "  \t"]))
def test_white_space_at_the_end_of_lines_changes_nothing(text: str, blank: str) -> None:
    lines = [line.rstrip() for line in text.splitlines()]
    assert shape("\n".join(lines)) == shape("\n".join(line + blank for line in lines))


@settings(max_examples=200, deadline=None)
@given(ARTICLES, st.integers(min_value=0, max_value=200))
def test_a_character_that_nobody_sees_changes_nothing(text: str, place: int) -> None:
    words = [match.start() + 1 for match in re.finditer(r"(?<=[a-z])[a-z]{2}", text)]
    if words:
        at = words[place % len(words)]
        assert shape(text[:at] + "\u200b" + text[at:]) == shape(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_parsing_twice_gives_the_same(text: str) -> None:
    assert parse(source(text)) == parse(source(text))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_confidence_is_a_probability(text: str) -> None:
    for block in parse(source(text)).document.blocks:
        assert 0.0 <= block.origin.confidence <= 1.0


def test_a_tampered_document_does_not_pass_the_account() -> None:
    text = "A Title\n\nA paragraph that says something of a certain length, and no more than that."
    parsed = parse(source(text))
    without = Document(parsed.document.title, ())
    assert not account(text, without, ()).complete
    twice = Document(parsed.document.title, (*parsed.document.blocks, *parsed.document.blocks))
    assert not account(text, twice, ()).complete


SENTENCES = st.sampled_from(
    [
        "The work is quiet, and it pays better than people think it does.",
        "You will need a license, a car and a good pair of shoes before the first day of work.",
        "Nobody told us about the paperwork. There is a great deal of it, and it never ends.",
        "Most people learn on the job, from somebody who learned it there as well.",
    ]
)
HEADINGS = st.sampled_from(
    ["What the Work Is Like", "Training and Licenses", "How Long Does It Take?", "Pay and Hours"]
)
ITEMS = st.sampled_from(
    ["a license for the state", "two years of night classes", "a clean driving record", "good shoes"]
)
NAMES = st.sampled_from(["Harlow College", "Marsden University", "Orrin Valley Institute", "University of Embry"])
SECTIONS = st.lists(
    st.tuples(
        HEADINGS,
        st.lists(SENTENCES, min_size=1, max_size=3),
        st.lists(ITEMS, min_size=2, max_size=4) | st.just([]),
    ),
    min_size=1,
    max_size=4,
)
LISTING = st.lists(st.tuples(NAMES, SENTENCES), min_size=2, max_size=4)


@settings(max_examples=150, deadline=None)
@given(SECTIONS, LISTING)
def test_a_document_written_as_text_and_parsed_again_is_the_same(sections: list, listing: list) -> None:
    parts = ["The Title of the Whole Article", "It begins with a paragraph of an introduction, which is not very long."]
    for heading, paragraphs, items in sections:
        parts += [heading, *paragraphs, "\n".join(f"- {item}" for item in items)]
    parts += [
        "Schools to Consider",
        "\n".join(f"{name}: {text}" for name, text in listing),
        "Click here to compare schools",
    ]
    first = parse(source("\n\n".join(part for part in parts if part))).document
    again = parse(source(to_text(first))).document
    assert to_json(again) == to_json(first)


def _spans(document: Document) -> list:
    spans = list(document.title.origin.spans) if document.title else []
    for block in document.blocks:
        assert isinstance(block, List | SchoolListing | Table) or block.text
        spans += block.origin.spans
    return spans


@given(st.binary(min_size=16, max_size=16), st.text())
def test_ids_are_uuids_of_version_5(namespace: bytes, name: str) -> None:
    name = name.encode(errors="ignore").decode()
    assert _uuid5(namespace, name) == str(uuid.uuid5(uuid.UUID(bytes=namespace), name))
