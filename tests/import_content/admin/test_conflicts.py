"""A person decides conflicts in the admin."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text

from import_content.models import ImportConflict
from pages.models import ArticlePage
from tests.import_content.editing import text_of

pytestmark = pytest.mark.django_db


def decide(client: Client, conflict: ImportConflict, **answer: str) -> tuple[int, str]:
    response = client.post(reverse("import_content:conflict", args=[conflict.pk]), answer, follow=True)
    return response.status_code, response.content.decode()


def test_both_versions_are_shown_with_their_words_marked(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    page = moderator.get(reverse("import_content:conflict", args=[conflict.pk])).content.decode()
    assert "<ins>almost</ins>" in page
    assert "<ins>five</ins>" in page


def test_the_report_lists_open_conflicts_and_leads_to_each(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    page = moderator.get(reverse("import_content:conflicts"), {"state": "open"}).content.decode()
    assert "section “What It Costs”, text" in page
    assert reverse("import_content:conflict", args=[conflict.pk]) in page
    assert "clocks.txt" in page


def test_the_source_is_taken(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    status, _ = decide(moderator, conflict, answer="theirs")
    conflict.refresh_from_db()
    assert (status, conflict.resolution, conflict.resolved_by.get_username()) == (200, "theirs", "mona")
    assert "about five thousand dollars" in text_of(ArticlePage.objects.get())


def test_the_editor_s_version_is_kept_without_a_new_revision(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    decide(moderator, conflict, answer="ours")
    conflict.refresh_from_db()
    after = ArticlePage.objects.get()
    assert conflict.resolution == "ours"
    assert after.latest_revision_id == in_conflict.latest_revision_id
    assert "almost four thousand dollars" in text_of(after)


def test_a_third_version_is_written(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    text = rich_text("<p>A course costs what you can bargain for.</p>")
    status, _ = decide(moderator, conflict, answer="edited", write="1", version=text)
    conflict.refresh_from_db()
    assert (status, conflict.resolution) == (200, "edited")
    assert "what you can bargain for" in text_of(ArticlePage.objects.get())
    assert "thousand dollars" not in text_of(ArticlePage.objects.get())


def test_several_are_decided_at_once(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    url = reverse("import_content:decide_conflicts")
    moderator.post(url, {"answer": "theirs", "conflict": [str(conflict.pk), "nonsense", "999999"]})
    conflict.refresh_from_db()
    assert conflict.resolution == "theirs"


def test_the_second_of_two_people_is_told_that_it_is_decided(moderator: Client, in_conflict: ArticlePage) -> None:
    conflict = ImportConflict.objects.get()
    decide(moderator, conflict, answer="ours")
    _, page = decide(moderator, conflict, answer="theirs")
    conflict.refresh_from_db()
    assert "is resolved already" in page
    assert conflict.resolution == "ours"


def test_what_would_go_live_needs_the_right_to_publish(editor: Client, in_conflict: ArticlePage) -> None:
    """Editors may edit and not publish."""
    conflict = ImportConflict.objects.get()
    _, page = decide(editor, conflict, answer="theirs")
    conflict.refresh_from_db()
    assert "ines may not publish it" in page
    assert conflict.resolution == ""
    assert "almost four thousand dollars" in text_of(ArticlePage.objects.get())


def test_a_page_that_somebody_has_locked_is_left_alone(moderator: Client, in_conflict: ArticlePage) -> None:
    ArticlePage.objects.update(locked=True)
    conflict = ImportConflict.objects.get()
    _, page = decide(moderator, conflict, answer="theirs")
    conflict.refresh_from_db()
    assert "the page cannot be written now" in page
    assert conflict.resolution == ""


@pytest.mark.parametrize("name", ["conflicts", "conflict_results"])
def test_without_the_permission_nothing_is_reachable(stranger: Client, in_conflict: ArticlePage, name: str) -> None:
    conflict = ImportConflict.objects.get()
    home = reverse("wagtailadmin_home")
    assert stranger.get(reverse(f"import_content:{name}")).headers["Location"] == home
    assert stranger.get(reverse("import_content:conflict", args=[conflict.pk])).headers["Location"] == home
    decide(stranger, conflict, answer="theirs")
    stranger.post(reverse("import_content:decide_conflicts"), {"answer": "theirs", "conflict": conflict.pk})
    conflict.refresh_from_db()
    assert conflict.resolution == ""
    assert "Imports" not in stranger.get(home).content.decode()
