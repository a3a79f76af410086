"""What an editor sees in the history of imported pages and schools: asked of the admin's own pages."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from import_content import service
from import_content.models import ImportRun, Outcome
from import_content.writer import Writer
from import_content.writer.bulk import BulkWriter
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticlePage, School
from tests.import_content.editing import edit, remove, text_of, words
from tests.import_content.imports import articles, run, write

pytestmark = pytest.mark.django_db

MANY = 4


@pytest.fixture(params=[BulkWriter, OrdinaryWriter])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[Writer]:
    """Every import in the test goes through one of the two writers."""
    monkeypatch.setattr(service, "choose_writer", request.param)
    return request.param


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("ines", password="x"))
    return client


def history(admin: Client, page: ArticlePage) -> str:
    answer = admin.get(reverse("wagtailadmin_pages:history", args=[page.pk]))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def events(page: str) -> list[str]:
    """The newest first, with what is said beside each."""
    cells = re.findall(
        r'justify-between">\s*<div>\s*<div class="w-flex w-items-center w-gap-2">\s*(.*?)\s*<', page, re.S
    )
    return [" ".join(cell.split()) for cell in cells]


def links(page: str, label: str) -> list[str]:
    return re.findall(rf'<a href="([^"]*)">{label}</a>', page)


def the_pages() -> list[ArticlePage]:
    return list(ArticlePage.objects.order_by("pk"))


def change_all(folder: Path) -> None:
    for path in sorted(folder.glob("*.txt")):
        path.write_text(path.read_text().replace("evening classes", "classes in the evening"))


def test_every_page_of_an_import_shows_its_own_history(written: type[Writer], admin: Client, tmp_path: Path) -> None:
    articles(tmp_path, MANY)
    run(tmp_path, publish=True)

    for number, page in enumerate(the_pages()):
        name = f"article-{number:02}.txt"
        assert events(history(admin, page)) == ["Published", f"Imported: {name}", "Created"]


def test_every_page_shows_the_update_and_both_versions_can_be_compared_and_reverted(
    written: type[Writer], admin: Client, tmp_path: Path
) -> None:
    articles(tmp_path, MANY)
    run(tmp_path, publish=True)
    change_all(tmp_path)
    run(tmp_path)

    for number, page in enumerate(the_pages()):
        name = f"article-{number:02}.txt"
        seen = history(admin, page)
        assert events(seen)[:2] == ["Published", f"Updated from its source: {name}"]
        (compare,) = links(seen, "Compare with previous version")
        compared = admin.get(compare)
        assert compared.status_code == 200
        assert "classes in the evening" in re.sub(r"<[^>]*>", "", compared.content.decode())
        (review,) = links(seen, "Review this version")
        reviewed = admin.get(review)
        assert reviewed.status_code == 200
        assert "teaches horology in evening classes" in reviewed.content.decode()


def test_a_live_version_and_the_draft_beside_it_are_two_versions_in_the_history(
    written: type[Writer], admin: Client, tmp_path: Path
) -> None:
    articles(tmp_path, 2)
    run(tmp_path, publish=True)
    page = the_pages()[0]
    edit(page, words("hears a fault", "smells a fault"), publish=False)
    change_all(tmp_path)
    run(tmp_path)

    seen = history(admin, page)
    merged = "Merged with its changed source: article-00.txt"
    assert events(seen)[:3] == [merged, "Published", merged]
    assert len(links(seen, "Compare with previous version")) == 3


def test_a_conflict_stands_in_the_history_of_every_page_that_has_one(
    written: type[Writer], admin: Client, tmp_path: Path
) -> None:
    articles(tmp_path, 3)
    run(tmp_path, publish=True)
    pages = the_pages()
    edit(pages[0], words("on top of that", "beyond that"))
    edit(pages[1], remove(1))
    for path in tmp_path.glob("*.txt"):
        path.write_text(path.read_text().replace("on top of that", "besides"))
    run(tmp_path)

    for page, name in zip(pages[:2], ("article-00.txt", "article-01.txt"), strict=True):
        seen = history(admin, page)
        assert events(seen)[0] == f"Source and editor disagree, the editor's version stays: {name}"
        assert "section “What It Costs”" in seen
    assert "disagree" not in history(admin, pages[2])
    assert "besides" not in text_of(ArticlePage.objects.get(pk=pages[1].pk))


def test_undo_and_prune_stand_in_the_history_of_every_page(
    written: type[Writer], admin: Client, tmp_path: Path
) -> None:
    articles(tmp_path, MANY)
    run(tmp_path, publish=True)
    change_all(tmp_path)
    run(tmp_path)
    assert [result.outcome for result in service.undo(ImportRun.objects.latest("pk"))] == [Outcome.REVERSED] * MANY
    for page in the_pages():
        assert [event.split(":")[0] for event in events(history(admin, page))[:2]] == ["Published", "Import taken back"]

    for path in sorted(tmp_path.glob("*.txt"))[: MANY // 2]:
        path.unlink()
    write(tmp_path, "another.txt", "Another Article\n\nWith a text of its own, so that the folder is not empty.\n")
    run(tmp_path, prune=True, prune_limit=1.0)
    for page in the_pages()[: MANY // 2]:
        assert events(history(admin, page))[0].startswith("Unpublished, as its source is gone")


def test_every_school_that_an_import_made_shows_its_own_history(
    written: type[Writer], admin: Client, tmp_path: Path
) -> None:
    articles(tmp_path, MANY)
    run(tmp_path, publish=True)

    assert School.objects.count() > MANY
    for school in School.objects.all():
        answer = admin.get(reverse(School.snippet_viewset.get_url_name("history"), args=[school.pk]))
        assert events(html.unescape(answer.content.decode())) == ["Published", "Imported"]
