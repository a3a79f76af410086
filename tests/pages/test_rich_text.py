from __future__ import annotations

import pytest

from pages.rich_text import references, resolve_links, sanitise, to_text


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


def test_links_to_objects_are_found() -> None:
    html = '<p><a linktype="page" id="3">a</a> <a id="8" linktype="document">b</a> <a href="/x">c</a></p>'
    assert list(references(html)) == [("page", 3), ("document", 8)]


def test_a_link_gets_the_address_of_what_it_names() -> None:
    resolved = resolve_links('<a linktype="page" id="3">a <b>b</b></a>', {("page", 3): "/x/?a=1&b=2"})
    assert resolved == '<a href="/x/?a=1&amp;b=2">a <b>b</b></a>'


def test_a_link_to_what_readers_cannot_see_keeps_its_words_only() -> None:
    assert resolve_links('<a linktype="page" id="3">words</a>', {}) == '<a data-unavailable="true">words</a>'


def test_words_alone() -> None:
    assert to_text("<p>One &amp; <b>two</b></p><ul><li>a</li><li>b</li></ul>") == "One & two\na\nb"
