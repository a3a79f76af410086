"""Web pages: the article, and nothing of what stands around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.import_content.sources.documents import document_of, dropped, said

LONG = "A clock that stops is seldom broken, as most people who repair them for a living will tell you at once."
NEWS = f"""<!doctype html><html lang="en-US"><head><title>Fixing a Clock | Harbour News</title>
<meta name="description" content="How to begin."><meta property="article:published_time" content="2024-03-02T10:00:00Z">
<meta property="article:tag" content="clocks"><style>p{{color:red}}</style></head><body class="single post">
<div id="cookie-notice">We use cookies. <button>OK</button></div>
<header class="site-header"><a href="/">Harbour News</a><nav><ul><li><a href="/a">Home</a></li></ul></nav></header>
<main><article class="post hentry"><header><h1>Fixing a Clock</h1><div class="entry-meta">By Ann</div></header>
<div class="entry-content"><p>{LONG}</p><div class="share-buttons"><a href="x">Share on X</a></div>
<h2>Tools</h2><ul><li>A <em>small</em> screwdriver</li><li>Oil</li></ul>
<aside class="related">More stories: <a href="/z">Zebra</a></aside><p style="display:none">Unseen.</p>
</div><footer class="entry-footer">Filed under: clocks</footer></article>
<section id="comments"><h2>Comments</h2><p>{LONG.upper()}</p></section></main>
<div class="sidebar"><h3>Newsletter</h3><form>Your address <input></form></div>
<footer>© 2024 Harbour News</footer><script>var x = "p";</script></body></html>"""
OLD = f"""<html><head><title>Rising Dough - Bakery Weekly</title></head><body><table><tr><td colspan=2><a href="/">Bakery
Weekly</a></td></tr><tr><td width=150><a href="/1">News</a><br><a href="/2">Recipes</a><br><a href="/3">Contact</a></td>
<td><p>{LONG}<p><b>Flour</b><p>{LONG} Twice.</td></tr><tr><td colspan=2><font size=1>Copyright 1999</font></td></tr></table>"""


def page(body: str) -> str:
    return f"<!doctype html><html><head><title>T</title></head><body><article><h1>T</h1>{body}</article></body></html>"


def test_a_news_page_gives_its_article_alone() -> None:
    assert said("a.html", NEWS) == ["= Fixing a Clock", LONG, "## Tools", "- A /small/ screwdriver", "- Oil"]


def test_what_stands_around_it_is_named() -> None:
    assert dropped("a.html", NEWS) == {
        "cookie_banner": "We use cookies. OK",
        "header": "Harbour NewsHome",
        "comments": f"Comments{LONG.upper()}",
        "sidebar": "More stories: Zebra | NewsletterYour address",
        "footer": "Filed under: clocks | © 2024 Harbour News",
        "byline": "By Ann",
        "share_buttons": "Share on X",
        "hidden": "Unseen.",
    }


def test_the_head_gives_fields() -> None:
    fields = document_of("a.html", NEWS.encode()).fields
    assert (fields.description, fields.topics, fields.locale) == ("How to begin.", ("clocks",), "en-us")
    assert fields.published_at == datetime(2024, 3, 2, 10, tzinfo=UTC)


def test_a_page_laid_out_with_tables_gives_its_text() -> None:
    assert said("a.html", OLD) == ["= Rising Dough", LONG, "## Flour", f"{LONG} Twice."]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a<br>b</p>", ["a\nb"]),
        ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", ["- a", "  1. b", "- c"]),
        ("<table><tr><th>P</th><th>Q</th></tr><tr><td rowspan=2>a</td><td>1</td></tr><tr><td>2</td></tr></table>",
         ["|= P | Q", "| a | 1", "| a | 2"]),
        ("<table><caption>Pay</caption><tr><td colspan=2>a</td></tr><tr><td>1</td><td>2</td></tr></table>",
         ["|: Pay", "| a | a", "| 1 | 2"]),
        ("<dl><dt>T</dt><dd>d</dd><dd>e</dd></dl>", ["*T*\nd\ne"]),
        ("<pre><code class='language-sh'>a\n  b</code></pre>", ["```sh a\n  b"]),
        ("<blockquote><p>a</p><p>b</p></blockquote>", ["> a\nb"]),
        ("<figure><img src=x.png alt=Boat><figcaption>The boat.</figcaption></figure>", ["!Boat: The boat."]),
        ("<p>a <b>b <i>c</i></b><a href='https://x.example/'>d</a></p>", ["a *b /c/*[d](https://x.example/)"]),
        ("<h2>x</h2><p>a</p><h4>y</h4><p>b</p>", ["## x", "a", "#### y", "b"]),
        ("<div>a<div>b</div>c</div>", ["a", "b", "c"]),
        ("<p>Sea<sup><a href='#fn1'>1</a></sup></p><section class='footnotes'><ol><li id=fn1>Salt.</li></ol></section>",
         ["Sea[1]", "[1] Salt."]),
        ("<p>caf\u00e9 &nbsp;&amp; \u201cq\u201d</p>", ["caf\u00e9 \u00a0& \u201cq\u201d"]),
    ],
)  # fmt: skip
def test_each_construct_comes_out_as_it_is_meant(body: str, expected: list[str]) -> None:
    assert said("a.html", page(body)) == ["= T", *expected]


def test_the_encoding_that_a_page_names_is_its_encoding() -> None:
    data = page("<p>Привет, мир</p>").replace("<head>", '<head><meta charset="windows-1251">').encode("cp1251")
    assert said("a.html", data) == ["= T", "Привет, мир"]


def test_a_file_called_html_without_any_tag_is_text() -> None:
    assert said("a.html", "Sail\n\nWe go to sea in a small boat.\n")[0] == "= Sail"


def test_a_page_in_a_file_called_txt_is_a_page() -> None:
    assert said("a.txt", page("<p>We go.</p>")) == ["= T", "We go."]
