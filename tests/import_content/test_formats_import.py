"""Sources that know their structure, imported through the command and looked at as readers and editors see them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from pages.models import ArticleIndexPage, ArticlePage

pytestmark = pytest.mark.django_db


def run(*sources: Path, **options: object) -> None:
    call_command("import_content", *map(str, sources), publish=True, verbosity=0, **options)


def test_a_markdown_file_becomes_a_page_with_its_formatting(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    (tmp_path / "sail.md").write_text(
        "# Sail\n\nWe **go** to [sea](https://sea.example/).\n\n## Knots\n\n- a\n  - b\n\n```sh\ncd  /\n```\n"
    )
    run(tmp_path)
    page = ArticlePage.objects.get()
    assert (page.title, page.live) == ("Sail", True)
    assert page.introduction == '<p>We <b>go</b> to <a href="https://sea.example/">sea</a>.</p>'
    assert [block.block_type for block in page.body] == ["section", "code"]
    assert str(page.body[0].value["text"].source) == "<ul><li>a<ul><li>b</li></ul></li></ul>"
    assert page.body[1].value["code"] == "cd  /"


def test_importing_it_again_changes_nothing_and_an_editors_words_stay(
    tmp_path: Path, article_index: ArticleIndexPage
) -> None:
    path = tmp_path / "sail.md"
    path.write_text("# Sail\n\nWe **go** to sea in a small boat today.\n")
    run(tmp_path)
    page = ArticlePage.objects.get()
    page.introduction = page.introduction.replace("small", "<i>very small</i>")
    page.save_revision().publish()
    path.write_text("# Sail\n\nWe **always go** to sea in a small boat today.\n")
    run(tmp_path)
    page = ArticlePage.objects.get()
    assert page.introduction == "<p>We <b>always go</b> to sea in a <i>very small</i> boat today.</p>"


def test_a_draft_in_the_source_is_a_draft_in_the_site(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: Sail\ndraft: true\n---\n\nNot yet.\n")
    (tmp_path / "b.md").write_text("---\ntitle: Row\n---\n\nNow.\n")
    run(tmp_path)
    assert dict(ArticlePage.objects.values_list("title", "live")) == {"Sail": False, "Row": True}
    (tmp_path / "a.md").write_text("---\ntitle: Sail\ndraft: true\n---\n\nNot yet, still.\n")
    run(tmp_path)
    assert not ArticlePage.objects.get(title="Sail").live
