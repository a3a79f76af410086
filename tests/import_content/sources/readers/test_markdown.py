"""Markdown files: the format says the structure, front matter the fields."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from import_content.document import SourceFields
from import_content.sources.errors import SourceError, SourceErrorCode
from tests.import_content.sources.documents import document_of, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Sail\n\nWe go.\n\n## Knots\n\n### Reef\n\n#### Slip", ["= Sail", "We go.", "## Knots", "### Reef", "#### Slip"]),
        ("Sail\n====\n\nWe go.\n\nKnots\n-----\n", ["= Sail", "We go.", "## Knots"]),
        ("A **b** *i **bi*** `c_d` [l](https://x.example/).",
         ["A *b* /i *bi*/ `c_d` [l](https://x.example/)."]),
        ("- a\n- b\n  1. c\n  2. d\n- e", ["- a", "- b", "  1. c", "  1. d", "- e"]),
        ("1. a\n\n   more\n2. b", ["1. a\nmore", "1. b"]),
        ("> one\n> two\n>\n> three", ["> one two\nthree"]),
        ("```python\nif a:\n    b = '<c>'\n```", ["```python if a:\n    b = '<c>'"]),
        ("    indented\n      code", ["``` indented\n  code"]),
        ("| A | B |\n|---|--:|\n| 1 | `2` |", ["|= A | B", "| 1 | 2"]),
        ("Term\n: One\n: Two", ["*Term*\nOne\nTwo"]),
        ("Sea.[^a] Land.[^b]\n\n[^b]: Second *note*.\n[^a]: First note.",
         ["Sea.[1] Land.[2]", "[1] First note.", "[2] Second /note/."]),
        ("a  \nb\\\nc\nd", ["a\nb\nc d"]),
        ("![A boat](boat.png)\n\nText.", ["!A boat: ", "Text."]),
        ("<div>raw <b>html</b></div>\n\n<script>x()</script>\n\nText.", ["raw *html*", "Text."]),
        ("5 < 6 &amp; 7 &lt; 8 \\*star\\*", ["5 < 6 & 7 < 8 *star*"]),
        ("Text.\n\n***\n\nMore.", ["Text.", "More."]),
    ],
)  # fmt: skip
def test_each_construct_comes_out_as_it_is_meant(text: str, expected: list[str]) -> None:
    assert said("a.md", text) == expected


def test_front_matter_gives_fields_and_no_text() -> None:
    text = (
        '---\ntitle: "Learning to Sail"\ndate: 2024-05-01\ndraft: true\ntags: [boats, sea]\ncategory: Water\n'
        "slug: learning\nsummary: How to begin.\nlang: en_GB\nauthor: Ann\n---\n\n# Learning to sail\n\nWe go.\n\n## Knots\n"
    )
    assert said("a.md", text) == ["= Learning to Sail", "We go.", "## Knots"]
    assert document_of("a.md", text.encode()).fields == SourceFields(
        slug="learning",
        description="How to begin.",
        topics=("boats", "sea", "Water"),
        published_at=datetime(2024, 5, 1, tzinfo=UTC),
        locale="en-gb",
        is_draft=True,
    )


def test_front_matter_may_be_toml() -> None:
    text = '+++\ntitle = "Sail"\ndraft = false\n+++\nWe go.\n'
    assert said("a.md", text) == ["= Sail", "We go."]
    assert document_of("a.md", text.encode()).fields.is_draft is False


@pytest.mark.parametrize("status", ["draft", "private", "pending", "future", "trash"])
def test_a_status_that_is_not_public_is_a_draft(status: str) -> None:
    assert document_of("a.md", f"---\nstatus: {status}\n---\nWe go.\n".encode()).fields.is_draft is True


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert said("a.md", "---\n\nWe go.\n\n---\n\nOn.") == ["We go.", "On."]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\ntitle: [a\n---\nWe go.\n", "its front matter"),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\nWe go.\n", "aliases are not read"),
        ("---\ntitle: !!python/object/apply:os.system [ls]\n---\nWe go.\n", "its front matter"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused(text: str, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        document_of("a.md", text.encode())
    assert caught.value.code is SourceErrorCode.DAMAGED
    assert why in str(caught.value)


def test_text_in_a_txt_file_stays_text_and_a_page_in_a_md_file_is_a_page() -> None:
    assert said("a.txt", "Sail\n\nWe go **now**, and *soon* we are there, says everybody who goes.\n")[1].startswith(
        "We go **now**"
    )
    assert said("a.md", "<!doctype html><title>Sail | Boats</title><body><p>We go.</p>") == ["= Sail", "We go."]
