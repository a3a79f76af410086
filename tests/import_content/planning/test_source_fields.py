"""What a source says of its article besides the text: address, description, date, language, draft."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import Locale, Site

from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_index
from tests.import_content.imports import run, write

pytestmark = pytest.mark.django_db

TEXT = "# Sailing at Night\n\nThe harbour lies still, and the lamps are lit one after the other.\n"


@pytest.fixture(autouse=True)
def index(db: None) -> ArticleIndexPage:
    return make_index()


def said(folder: Path, fields: str) -> Path:
    return write(folder, "sail.md", f"---\n{fields}\n---\n\n{TEXT}")


def test_slug_description_and_date_of_front_matter_are_the_page_s(tmp_path: Path) -> None:
    run(said(tmp_path, "slug: night-sailing\ndescription: How to sail in the dark.\ndate: 2019-05-04"), publish=True)

    page = ArticlePage.objects.get()
    assert (page.title, page.slug) == ("Sailing at Night", "night-sailing")
    assert page.search_description == "How to sail in the dark."
    assert page.first_published_at is not None
    assert page.first_published_at.date().isoformat() == "2019-05-04"
    assert page.last_published_at.year >= 2024


def test_a_date_to_come_does_not_make_a_page_older_than_it_is(tmp_path: Path) -> None:
    run(said(tmp_path, "date: 2999-01-01"), publish=True)
    assert ArticlePage.objects.get().first_published_at <= datetime.now(UTC)


def test_what_a_source_calls_a_draft_is_not_published(tmp_path: Path) -> None:
    source = said(tmp_path, "draft: true\ndate: 2019-05-04")
    run(source, publish=True)
    run(source, publish=True)
    page = ArticlePage.objects.get()
    assert (page.live, page.first_published_at) == (False, None)

    run(said(tmp_path, "draft: false"), publish=True)
    assert ArticlePage.objects.get().live


def test_a_source_in_the_language_of_another_index_is_not_put_into_this_one(
    index: ArticleIndexPage, tmp_path: Path, settings: Any
) -> None:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("es", "Spanish")]
    source = said(tmp_path, "locale: es")
    assert run(source, dry_run=True)[0] == 0  # there is no place for it yet
    spanish = Locale.objects.create(language_code="es")
    Site.objects.get(is_default_site=True).root_page.copy_for_translation(spanish)
    other = index.copy_for_translation(spanish)
    code, out = run(source, parent="/articles/")

    assert (code, ArticlePage.objects.count()) == (3, 0)
    assert f"it says that it is in “es”: import it with --parent {other.pk}" in out
    assert run(source, parent=str(other.pk))[0] == 0
    assert ArticlePage.objects.get().locale == spanish
