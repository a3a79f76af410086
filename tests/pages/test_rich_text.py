from __future__ import annotations

import pytest

from pages import references
from pages.rich_text import href, publish, sanitise, to_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('<p onclick="x()">a<script>alert(1)</script></p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="https://example.com/">a</a>', '<a href="https://example.com/">a</a>'),
        ('<a linktype="page" id="3">a</a>', '<a linktype="page" id="3">a</a>'),
        ("<h2>a</h2><img src=x onerror=y>", "a"),
        ("<ul><li>a</li></ul>", "<ul><li>a</li></ul>"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_only_what_the_editor_offers_is_kept(written: str, kept: str) -> None:
    assert sanitise(written) == kept


def test_a_link_to_an_object_is_stored_as_a_reference() -> None:
    page, document = '<a linktype="page" id="3">a <b>b</b></a>', '<a id="8" linktype="document">b</a>'
    html = f'<p>{page} {document} <a href="/x?a=1&amp;b">c</a></p>'
    stored = publish(html)
    assert references.names(references.dump(stored)) == ["href-page:3", "href-document:8"]
    filled = references.fill(stored, {"href-page:3": href("/y/?a=1&b=2"), "href-document:8": href(None)}.__getitem__)
    assert filled == (
        '<p><a href="/y/?a=1&amp;b=2">a <b>b</b></a> <a data-unavailable="true">b</a> <a href="/x?a=1&amp;b">c</a></p>'
    )


@pytest.mark.parametrize(
    "written",
    ['<a linktype="video" id="3">a</a>', '<a linktype="page">a</a>', '<a linktype="page" id="x">a</a>', "<a>a</a>"],
)
def test_a_link_to_nothing_that_is_known_keeps_its_words_only(written: str) -> None:
    assert publish(written) == '<a data-unavailable="true">a</a>'


def test_words_alone() -> None:
    assert to_text("<p>One &amp; <b>two</b></p><ul><li>a</li><li>b</li></ul>") == "One & two\na\nb"
