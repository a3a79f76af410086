"""After a run, what stands wrong is found, and mended where the page itself says what is right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from modelsearch.conf import get_app_config
from wagtail.models import Page, PageLogEntry, Revision

from import_content.applying.consistency import check_run
from import_content.models import ImportRun
from pages.models import ArticleIndexPage, ArticlePage, PublishedArticle
from tests.factories import make_index
from tests.import_content.imports import articles, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished(tmp_path: Path) -> ImportRun:
    make_index()
    articles(tmp_path, 4)
    assert run(tmp_path, publish=True)[0] == 0
    return ImportRun.objects.get()


def _entry(page: ArticlePage) -> None:
    entries = get_app_config().get_model("IndexEntry", require_ready=False)
    entries._default_manager.filter(object_id=str(page.pk), content_type=page.content_type).delete()


def _children(page: ArticlePage) -> None:
    Page.objects.filter(pk=ArticleIndexPage.objects.get().pk).update(numchild=17)


DAMAGE: list[tuple[str, Callable[[ArticlePage], object], bool]] = [
    ("no search entry", _entry, True),
    ("live without a public form", lambda page: PublishedArticle.objects.filter(page=page).delete(), True),
    (
        "the address does not follow from the page above",
        lambda page: Page.objects.filter(pk=page.pk).update(url_path="/nowhere/"),
        True,
    ),
    ("the number of children is wrong", _children, True),
    ("no latest revision", lambda page: Revision.objects.filter(pk=page.latest_revision_id).delete(), False),
    ("no entry in the history", lambda page: PageLogEntry.objects.filter(page=page.pk).delete(), False),
    ("no page stands above", lambda page: Page.objects.filter(pk=page.pk).update(path="0001ZZZZ0001"), False),
]


def test_a_good_run_has_no_findings(finished: ImportRun) -> None:
    assert check_run(finished) == []


@pytest.mark.parametrize(("what", "damage", "mended"), DAMAGE, ids=[what for what, _, _ in DAMAGE])
def test_damage_is_found_and_mended_where_it_can_be(
    finished: ImportRun, what: str, damage: Callable[[ArticlePage], object], mended: bool
) -> None:
    page = ArticlePage.objects.first()
    assert page is not None
    damage(page)
    found = {finding.what: finding for finding in check_run(finished)}

    assert what in found
    assert found[what].mended is mended
    assert (what not in {finding.what for finding in check_run(finished)}) is mended
