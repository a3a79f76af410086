"""Sources that know their structure, imported through the command and looked at as readers and editors see them."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from django.core.management import call_command
from PIL import Image

from import_content.models import ImportRun
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


def test_a_folder_of_many_formats_is_imported_together(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    document = docx.Document()
    document.add_heading("Weld", 0)
    document.add_paragraph("Text of it.")
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    document.add_picture(io.BytesIO(picture.getvalue()))
    document.add_paragraph("A red square.", style="Caption")
    document.save(str(tmp_path / "weld.docx"))
    (tmp_path / "sail.md").write_text("# Sail\n\nWe go.\n\n![A boat](boat.png)\n\n> Slowly.\n")
    (tmp_path / "rows.csv").write_text("title,body,status\nRow,We row.,publish\nDive,We dive.,draft\n")
    (tmp_path / "notes.xlsx").write_bytes(b"PK")
    run(tmp_path)
    assert dict(ArticlePage.objects.values_list("title", "live")) == {
        "Weld": True,
        "Sail": True,
        "Row": True,
        "Dive": False,
    }
    assert ArticlePage.objects.get(title="Weld").introduction == "<p>Text of it.</p><p>A red square.</p>"
    (tmp_path / "rows.csv").write_text("title,body,status\nRow,We row fast.,publish\nDive,We dive.,draft\n")
    run(tmp_path)
    assert ArticlePage.objects.get(title="Row").introduction == "<p>We row fast.</p>"
    assert ArticlePage.objects.count() == 4


def test_a_run_of_many_formats_is_undone(tmp_path: Path, article_index: ArticleIndexPage) -> None:
    (tmp_path / "rows.csv").write_text("title,body\nRow,We row.\nDive,We dive.\n")
    run(tmp_path)
    call_command("import_runs", "undo", str(ImportRun.objects.get().pk), stdout=io.StringIO())
    assert not ArticlePage.objects.exists()
