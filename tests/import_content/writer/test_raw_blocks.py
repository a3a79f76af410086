"""What search and references see of raw data is what Wagtail sees of the value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.blocks import StreamValue
from wagtail.models import ReferenceIndex
from wagtail.rich_text import get_text_for_indexing

from import_content.article_content import ArticleContent, bind_schools
from import_content.writer.bulk import raw_blocks
from import_content.writer.schools import bind_names
from pages.blocks import BODY
from pages.models import ArticlePage
from tests.benchmarks.contents import new_articles
from tests.factories import make_index
from tests.import_content.writer.articles import block, entry, every_block

TEXT = st.text(st.sampled_from("ab &<>;\u00a0\n\"'é&amp;"), max_size=12)
RICH = st.lists(
    st.one_of(
        TEXT.map(lambda text: f"<p>{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>"),
        st.sampled_from(
            [
                "<ul><li>one</li><li>two</li></ul>",
                "<p>a<br/>b</p>",
                '<p><a linktype="page" id="1">x</a></p>',
                "<b>x</b>",
            ]
        ),
        TEXT,
    ),
    max_size=5,
).map("".join)


@given(RICH)
def test_text_for_indexing_is_wagtails(rich: str) -> None:
    assert raw_blocks.text_for_indexing(rich) == get_text_for_indexing(rich)


@pytest.mark.parametrize("rich", ["<p>1 &amp;lt; 2 &nbsp; &copy; &#39;</p>", "<p>a</P>", "a<p>b", "&amp;&lt;", ""])
def test_text_for_indexing_is_wagtails_for_odd_texts(rich: str) -> None:
    assert raw_blocks.text_for_indexing(rich) == get_text_for_indexing(rich)


def bodies() -> list[tuple[Any, ...]]:
    return [every_block().body, *(article.content.body for article in new_articles(3)), others()]


def others() -> tuple[Any, ...]:
    """What an import never makes, but an editor may have added before a merge."""
    return (
        block("quote", {"text": "Measure twice.", "attribution": "A carpenter"}, 20),
        block("section", {"heading": "No level", "text": '<p><a linktype="page" id="{page}">link</a></p>'}, 21),
        block("call_to_action", {"text": "Go", "page": "{page}", "url": ""}, 22),
        block("school_listing", {"schools": [entry("Heron Point College", "<p>x</p>", 23)]}, 24),
        block("image", {"image": {"image": None, "decorative": False, "alt_text": ""}, "caption": "A boat"}, 25),
    )


def with_page(raw: Any, page: int) -> Any:
    if isinstance(raw, dict):
        return {key: with_page(value, page) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [with_page(value, page) for value in raw]
    if raw == "{page}":
        return page
    return raw.replace("{page}", str(page)) if isinstance(raw, str) else raw


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(5))
def test_search_and_references_are_wagtails_for_every_block(number: int) -> None:
    index = make_index()
    body = with_page(bodies()[number], index.pk)
    names = ArticleContent("x", "", tuple(body)).school_names()
    ids = bind_names(names, live=True, locale_id=index.locale_id)
    bound = bind_schools(body, ids)
    value = StreamValue(BODY, bound, is_lazy=True)

    assert raw_blocks.searchable(BODY, bound) == BODY.get_searchable_content(value)
    page = ArticlePage(title="x", body=StreamValue(BODY, bound, is_lazy=True))
    theirs = {
        (kind, pk, path, content)
        for kind, pk, path, content in ReferenceIndex._extract_references_from_object(page)
        if path.startswith("body.")
    }
    ours = {
        (ReferenceIndex._get_base_content_type(model).pk, pk, f"body.{path}", f"body.{content}")
        for model, pk, path, content in raw_blocks.references(BODY, bound)
    }
    assert ours == theirs
