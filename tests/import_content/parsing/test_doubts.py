"""What a person is asked to look at."""

from __future__ import annotations

from import_content.parsing import parse
from tests.import_content.parsing.test_laws import source


def test_a_text_without_a_title_is_doubted_since_its_page_will_be_named_after_its_file() -> None:
    result = parse(source("A hen eats what it finds, and what it finds it eats at once, without looking up.\n"))
    assert result.document.title is None
    assert [(doubt.block, doubt.rule) for doubt in result.uncertain] == [(-1, "no_title")]


def test_a_clear_article_raises_no_doubt() -> None:
    text = "Hens in Town\n\nA hen eats what it finds, and it eats at once.\n\nFeed\n\nPellets, and a dish of shell for it.\n"
    assert parse(source(text)).uncertain == ()
