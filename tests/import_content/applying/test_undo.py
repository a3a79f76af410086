"""Taking imports back, and deciding conflicts."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from wagtail.models import Page, PageLogEntry

from import_content.models import ImportConflict, ImportRun, SourceRecord
from import_content.writer.log_context import event_uuid
from pages.models import ArticleIndexPage, ArticlePage, PublishedArticle, School
from tests.factories import make_index
from tests.import_content.editing import draft_of, edit, insert, quote, remove, text_of, words
from tests.import_content.imports import articles, rows, run, write

pytestmark = pytest.mark.django_db

COSTS = "about four thousand dollars"


@pytest.fixture(autouse=True)
def index(db: None) -> ArticleIndexPage:
    return make_index()


def runs(*arguments: Any, **options: Any) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("import_runs", *map(str, arguments), stdout=out, **options)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def last_run() -> ImportRun:
    return ImportRun.objects.latest("pk")


def undo_last(*arguments: str) -> tuple[int, str]:
    return runs("undo", last_run().pk, *arguments)


def reimport(folder: Path, *pairs: tuple[str, str]) -> tuple[int, str]:
    text = (folder / "clocks.txt").read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return run(write(folder, "clocks.txt", text))


@pytest.fixture
def page(index: ArticleIndexPage, tmp_path: Path) -> ArticlePage:
    run(write(tmp_path, "clocks.txt"), publish=True)
    return ArticlePage.objects.get()


# --- what a run made ----------------------------------------------------------------------------------------


def test_undoing_a_first_import_leaves_the_site_as_it_was(tmp_path: Path) -> None:
    before = (set(Page.objects.values_list("path", "numchild")), School.objects.count())
    articles(tmp_path, 3)
    run(tmp_path, publish=True)
    code, out = undo_last()

    assert (code, ArticlePage.objects.count(), PublishedArticle.objects.count()) == (0, 0, 0)
    assert (set(Page.objects.values_list("path", "numchild")), School.objects.count()) == before
    assert Page.find_problems() == ([], [], [], [], [])
    assert "3 reversed, 5 unused schools removed" in out


def test_an_undone_import_can_be_made_again(tmp_path: Path) -> None:
    articles(tmp_path, 2)
    run(tmp_path)
    undo_last()
    _, out = run(tmp_path)

    assert "2 created" in out


def test_undoing_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    articles(tmp_path, 2)
    run(tmp_path)
    first = last_run().pk
    runs("undo", first)
    before = rows()
    code, out = runs("undo", first)

    assert (code, rows()) == (0, before)
    assert "nothing left to undo" in out


def test_a_dry_undo_says_what_it_would_do_and_writes_nothing(page: ArticlePage) -> None:
    before = rows()
    code, out = undo_last("--dry-run")

    assert (code, rows()) == (0, before)
    assert "reversed    clocks.txt" in out


def touch_text(page: ArticlePage) -> None:
    edit(page, introduction="<p>Mine.</p>")


def touch_draft(page: ArticlePage) -> None:
    edit(page, introduction="<p>Mine.</p>", publish=False)


def touch_address(page: ArticlePage) -> None:
    edit(page, slug="elsewhere")


def touch_place(page: ArticlePage) -> None:
    page.move(make_index(title="News"), pos="last-child")


def touch_publication(page: ArticlePage) -> None:
    page.unpublish()


@pytest.mark.parametrize("touch", [touch_text, touch_draft, touch_address, touch_place, touch_publication])
def test_a_page_that_an_editor_touched_since_is_kept(page: ArticlePage, touch: Any) -> None:
    touch(page)
    code, out = undo_last()

    assert (code, ArticlePage.objects.count(), School.objects.count()) == (3, 1, 3)
    assert out.startswith("kept        clocks.txt: an editor has")


def test_a_page_that_others_refer_to_is_blocked(page: ArticlePage, index: ArticleIndexPage) -> None:
    other = ArticlePage(title="Other")
    index.add_child(instance=other)
    link = {"type": "call_to_action", "value": {"text": "See", "page": page.pk, "url": ""}, "id": "c0ffee"}
    edit(other, insert(0, link))
    code, out = undo_last()

    assert (code, ArticlePage.objects.filter(pk=page.pk).exists()) == (3, True)
    assert "1 other object refers to it" in out


def test_a_locked_page_is_blocked(page: ArticlePage) -> None:
    ArticlePage.objects.update(locked=True)
    code, out = undo_last()

    assert code == 3
    assert "blocked     clocks.txt: somebody has locked it" in out


def test_a_school_that_an_editor_touched_or_listed_elsewhere_stays(tmp_path: Path, index: ArticleIndexPage) -> None:
    run(write(tmp_path, "clocks.txt"))
    described = School.objects.get(name="Gem City College")
    described.description = "<p>In Quincy.</p>"
    described.save_revision().publish()
    listed = School.objects.get(name="Paris Junior College")
    other = ArticlePage(title="Other", live=False)
    index.add_child(instance=other)
    entry = {"type": "item", "value": {"school": listed.pk, "description": ""}, "id": "e1"}
    edit(other, insert(0, {"type": "school_listing", "value": {"schools": [entry]}, "id": "b1"}), publish=False)
    undo_last()

    assert set(School.objects.values_list("name", flat=True)) == {"Gem City College", "Paris Junior College"}


# --- what a run changed -------------------------------------------------------------------------------------


def test_undoing_an_update_brings_the_former_content_back_as_a_new_revision(page: ArticlePage, tmp_path: Path) -> None:
    body = page.body.get_prep_value()
    reimport(tmp_path, (COSTS, "about five thousand dollars"), ("Learning to Repair Clocks", "Clocks"))
    revisions = page.revisions.count()
    code, _ = undo_last()

    page = ArticlePage.objects.get()
    assert (code, page.live, page.has_unpublished_changes) == (0, True, False)
    assert (page.title, page.body.get_prep_value()) == ("Learning to Repair Clocks", body)
    assert page.revisions.count() == revisions + 1
    assert PageLogEntry.objects.filter(action="import_content.undo").count() == 1


def test_an_update_that_was_undone_is_offered_again(page: ArticlePage, tmp_path: Path) -> None:
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    undo_last()
    code, out = run(tmp_path / "clocks.txt")

    assert code == 0
    assert out.startswith("updated")
    assert "about five" in text_of(ArticlePage.objects.get())


def test_undoing_a_merge_brings_the_editor_s_version_back_on_both_tracks(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words("hears a fault", "smells a fault"), publish=False)
    live, draft = text_of(ArticlePage.objects.get()), text_of(draft_of(page))
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    undo_last()

    page = ArticlePage.objects.get()
    assert (text_of(page), text_of(draft_of(page))) == (live, draft)
    assert page.has_unpublished_changes


def test_a_merge_that_an_editor_worked_on_since_is_kept(page: ArticlePage, tmp_path: Path) -> None:
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    edit(ArticlePage.objects.get(), words("hears a fault", "smells a fault"))
    code, out = undo_last()

    assert (code, "about five" in text_of(ArticlePage.objects.get())) == (3, True)
    assert "kept        clocks.txt: an editor has changed it since" in out


def test_runs_are_undone_newest_first(page: ArticlePage, tmp_path: Path) -> None:
    first = last_run().pk
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    code, out = runs("undo", first)
    assert code == 3
    assert f"run {last_run().pk - 1} imported it again; undo that one first" in out

    runs("undo", first + 1)
    assert runs("undo", first)[0] == 0
    assert not ArticlePage.objects.exists()


def test_undoing_a_publication_makes_the_page_a_draft_again(tmp_path: Path) -> None:
    source = write(tmp_path, "clocks.txt")
    run(source)
    run(source, publish=True)
    undo_last()

    page = ArticlePage.objects.get()
    assert (page.live, page.has_unpublished_changes) == (False, True)
    assert not PublishedArticle.objects.exists()


def test_undoing_a_pruning_publishes_the_page_again(tmp_path: Path) -> None:
    articles(tmp_path, 2)
    run(tmp_path, publish=True)
    (tmp_path / "article-00.txt").unlink()
    run(tmp_path, prune="unpublish", prune_limit=1.0)
    assert ArticlePage.objects.live().count() == 1
    undo_last()

    assert ArticlePage.objects.live().count() == 2


def test_an_undo_cannot_be_undone(page: ArticlePage) -> None:
    undo_last()
    with pytest.raises(CommandError, match="is itself an undo"):
        undo_last()


def test_undo_events_are_the_named_user_s(page: ArticlePage) -> None:
    get_user_model().objects.create_superuser("ines")
    undo_last("--user", "ines")

    entry = PageLogEntry.objects.get(action="wagtail.delete")
    assert (entry.user.get_username(), entry.uuid) == ("ines", event_uuid(last_run().uuid, "clocks.txt"))


# --- looking --------------------------------------------------------------------------------------------------


def test_runs_are_listed_and_shown(page: ArticlePage, tmp_path: Path) -> None:
    first = last_run().pk
    (tmp_path / "bad.txt").touch()
    run(tmp_path)

    listed = runs("list")[1]
    assert "import: 1 unchanged, 1 failed" in listed.splitlines()[0].replace(
        "failed, 1 unchanged", "unchanged, 1 failed"
    )
    assert "import: 1 created" in listed
    assert "failed      bad.txt: it is empty" in runs("show", last_run().pk)[1]
    undo = runs("undo", first)[1]
    assert "1 reversed" in undo
    assert f"(undone by run {last_run().pk})" in runs("show", first)[1]


def test_a_run_that_is_not_there_is_an_error_of_usage() -> None:
    with pytest.raises(CommandError, match="there is no run 7") as error:
        runs("show", 7)
    assert error.value.returncode == 2


# --- conflicts ------------------------------------------------------------------------------------------------


@pytest.fixture
def conflict(page: ArticlePage, tmp_path: Path) -> ImportConflict:
    edit(page, words(COSTS, "almost four thousand dollars"))
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    return ImportConflict.objects.get()


def test_open_conflicts_are_shown_with_all_three_versions(conflict: ImportConflict) -> None:
    _, out = runs("conflicts")

    assert f"{conflict.pk}  clocks.txt: section “What It Costs”, text (live)" in out
    assert "editor: … of one year costs [-about-]{+almost+} four thousand dollars. Tools …" in out
    assert "source: … one year costs about [-four-]{+five+} thousand dollars. Tools come …" in out


def test_taking_the_source_s_version_puts_it_in_the_editor_s_place(conflict: ImportConflict) -> None:
    get_user_model().objects.create_superuser("ines")
    code, _ = runs("resolve", conflict.pk, "--theirs", "--user", "ines")

    page = ArticlePage.objects.get()
    conflict.refresh_from_db()
    assert (code, page.live, page.has_unpublished_changes) == (0, True, False)
    assert "about five thousand dollars" in text_of(page)
    assert "almost" not in text_of(page)
    assert (conflict.resolution, conflict.resolved_by.get_username()) == ("theirs", "ines")
    assert PageLogEntry.objects.filter(action="import_content.resolve", user__username="ines").count() == 1
    assert "no open conflicts" in runs("conflicts")[1]


def test_keeping_the_editor_s_version_writes_no_page(conflict: ImportConflict) -> None:
    latest = ArticlePage.objects.get().latest_revision_id
    runs("resolve", conflict.pk, "--ours")

    assert ArticlePage.objects.get().latest_revision_id == latest
    assert not ImportConflict.objects.open().exists()


def test_a_place_that_changed_since_is_not_overwritten(conflict: ImportConflict) -> None:
    edit(ArticlePage.objects.get(), words("almost four thousand", "hardly four thousand"))
    with pytest.raises(CommandError, match="has changed since"):
        runs("resolve", conflict.pk, "--theirs")

    assert "hardly four thousand" in text_of(ArticlePage.objects.get())
    assert runs("resolve", conflict.pk, "--edited")[0] == 0


def test_a_conflict_is_resolved_on_live_version_and_draft(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words(COSTS, "almost four thousand dollars"))
    edit(page, words("hears a fault", "smells a fault"), publish=False)
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    conflict = ImportConflict.objects.get()
    assert (conflict.on_live, conflict.on_draft) == (True, True)
    runs("resolve", conflict.pk, "--theirs")

    page = ArticlePage.objects.get()
    assert "about five" in text_of(page)
    assert "smells" not in text_of(page)
    assert "about five" in text_of(draft_of(page))
    assert "smells" in text_of(draft_of(page))


def test_a_block_that_an_editor_removed_can_be_had_in_the_source_s_new_version(
    page: ArticlePage, tmp_path: Path
) -> None:
    edit(page, remove(1))
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    assert "thousand dollars" not in text_of(ArticlePage.objects.get())
    runs("resolve", ImportConflict.objects.get().pk, "--theirs")

    page = ArticlePage.objects.get()
    assert "about five thousand dollars" in text_of(page)
    assert [block.block_type for block in page.body][1] == "section"
    assert run(tmp_path / "clocks.txt")[0] == 0
    assert "about five thousand dollars" in text_of(ArticlePage.objects.get())


def test_a_block_that_an_editor_removed_can_stay_away_for_good(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, remove(1))
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    runs("resolve", ImportConflict.objects.get().pk, "--ours")

    assert "thousand dollars" not in text_of(ArticlePage.objects.get())
    assert run(tmp_path / "clocks.txt")[0] == 0
    assert "thousand dollars" not in text_of(ArticlePage.objects.get())


def test_a_resolved_conflict_cannot_be_resolved_again(conflict: ImportConflict) -> None:
    runs("resolve", conflict.pk, "--ours")
    with pytest.raises(CommandError, match="is resolved already"):
        runs("resolve", conflict.pk, "--theirs")


def test_undoing_the_run_closes_its_conflicts(conflict: ImportConflict) -> None:
    undo_last()

    conflict.refresh_from_db()
    assert conflict.resolution == "undone"
    assert "almost four thousand" in text_of(ArticlePage.objects.get())
    assert SourceRecord.objects.get().base["body"] != []


def test_an_editor_s_addition_survives_everything(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, insert(1, quote("A clock is a promise.")))
    reimport(tmp_path, (COSTS, "about five thousand dollars"))
    undo_last()
    reimport(tmp_path, ("hears a fault", "smells a fault"))

    assert "A clock is a promise." in text_of(ArticlePage.objects.get())
    assert "about five" in text_of(ArticlePage.objects.get())
