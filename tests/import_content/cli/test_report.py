"""The report for programs, where it cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from pages.models import ArticleIndexPage, ArticlePage


@pytest.mark.django_db
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_report_is_said_in_one_sentence_and_the_import_goes_on(
    tmp_path: Path, article_index: ArticleIndexPage, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(200):
        (tmp_path / f"{number}.txt").write_text(f"Article {number}\n\nIt has a paragraph of its own.\n")
    call_command("import_content", str(tmp_path), report=Path("/dev/full"), verbosity=0)
    assert capsys.readouterr().err == "The report is not complete: No space left on device. The import went on.\n"
    assert ArticlePage.objects.count() == 200
