"""Public HTML as CommonMark: checked by reading the result with a CommonMark parser."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pages import markdown

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("<p>One</p><p>two <b>bold</b> <em>soft</em></p>", "One\n\ntwo **bold** *soft*"),
        ('<p><a href="https://x.example/a?b=1&amp;c=2">out</a></p>', "[out](<https://x.example/a?b=1&c=2>)"),
        ('<p><a data-unavailable="true">words</a></p>', "words"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<p>x</p><ol><li>a</li><li>b</li></ol><p>y</p>", "x\n\n1. a\n2. b\n\ny"),
        ("<p>a<br/>b</p>", "a\\\nb"),
        ("<p>Type <code>a_b*c</code>.</p>", "Type `a_b*c`."),
        ("<p><code>a `b`</code></p>", "`` a `b` ``"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n    - b\n- c"),
        ("<p>1. not a list</p>", "1\\. not a list"),
        ("<p># no heading, *no* [link]</p>", "\\# no heading, \\*no\\* \\[link\\]"),
    ],
)
def test_each_construct_has_its_form(html: str, expected: str) -> None:
    assert markdown.from_html(html) == expected


@UNTIMED
@given(st.text(alphabet="ab1 .#*_-+=~`[]()<>!|\\&;:\"'{}", min_size=1))
def test_plain_text_stays_plain_text(text: str) -> None:
    words = " ".join(text.split())
    rendered = MarkdownIt("commonmark").render(markdown.escape(words))
    shown = re.fullmatch(r"<p>(.*)</p>\n|", rendered, re.DOTALL)
    assert shown is not None, rendered
    assert "<" not in (shown[1] or "")
