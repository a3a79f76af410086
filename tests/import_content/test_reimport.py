"""Importing again after sources, pages or both have changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import GroupPagePermission, PageLogEntry, Revision, Workflow

from import_content.models import (
    ImportConflict,
    ImportItem,
    ImportRun,
    SourceRecord,
)
from import_content.writer.log_context import event_uuid
from pages.models import ArticleIndexPage, ArticlePage, School
from tests.factories import make_index
from tests.import_content.editing import (
    draft_of,
    edit,
    headings,
    ids,
    insert,
    move,
    quote,
    remove,
    text_of,
    words,
)
from tests.import_content.imports import ARTICLE, rows, run, write

pytestmark = pytest.mark.django_db

COSTS = "about four thousand dollars"


@pytest.fixture(autouse=True)
def index(db: None) -> ArticleIndexPage:
    return make_index()


@pytest.fixture
def page(index: ArticleIndexPage, tmp_path: Path) -> ArticlePage:
    run(write(tmp_path, "clocks.txt"), publish=True)
    return ArticlePage.objects.get()


def change_source(folder: Path, *pairs: tuple[str, str]) -> tuple[int, str]:
    """Replace words in the source and import it again."""
    text = (folder / "clocks.txt").read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return run(write(folder, "clocks.txt", text))


# --- nobody edited ------------------------------------------------------------------------------------------


def test_a_changed_source_updates_its_page_and_publishes_it(page: ArticlePage, tmp_path: Path) -> None:
    before = ids(page)
    code, out = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    page.refresh_from_db()
    assert (code, page.live, page.has_unpublished_changes) == (0, True, False)
    assert "about five thousand dollars" in text_of(page)
    assert ids(page) == before
    assert out.startswith("updated     clocks.txt → /articles/learning-to-repair-clocks/")


def test_an_update_leaves_address_and_anchors_when_title_and_heading_change(page: ArticlePage, tmp_path: Path) -> None:
    anchors = [block.value["anchor"] for block in page.body if block.block_type == "section"]
    change_source(tmp_path, ("Learning to Repair Clocks", "Repairing Clocks"), ("What It Costs", "What You Will Pay"))

    page = ArticlePage.objects.get()
    assert (page.title, page.slug) == ("Repairing Clocks", "learning-to-repair-clocks")
    assert headings(page)[1] == "What You Will Pay"
    assert [block.value["anchor"] for block in page.body if block.block_type == "section"] == anchors


def test_new_and_removed_sections_come_and_go(page: ArticlePage, tmp_path: Path) -> None:
    old = ids(page)
    text = ARTICLE.replace(
        "What It Costs",
        "Where the Work Is\n\nMuseums and collectors pay for careful work done slowly.\n\nWhat It Costs",
    )
    first = text.index("What You Will Do")
    text = text[:first] + text[text.index("Where the Work Is") :]
    run(write(tmp_path, "clocks.txt", text))

    page = ArticlePage.objects.get()
    assert headings(page) == ["Where the Work Is", "What It Costs", "Schools That Teach Clock Repair"]
    assert ids(page)[1:] == old[1:]


def test_a_source_whose_bytes_but_not_whose_words_changed_writes_nothing(page: ArticlePage, tmp_path: Path) -> None:
    before = rows()
    (tmp_path / "clocks.txt").write_bytes(ARTICLE.replace("\n", "\r\n").encode("utf-8-sig"))
    code, out = run(tmp_path)

    assert (code, rows()) == (0, before)
    assert "1 unchanged" in out


def test_entries_of_a_listing_keep_their_ids(page: ArticlePage, tmp_path: Path) -> None:
    entries = {entry.value["school"].name: entry.id for entry in page.body[3].value["schools"].bound_blocks}
    change_source(
        tmp_path,
        ("teaches horology in evening classes", "teaches horology on weekends"),
        (
            "North Seattle College North",
            "Bishop College Bishop College repairs tower clocks.\nNorth Seattle College North",
        ),
    )

    page = ArticlePage.objects.get()
    listed = page.body[3].value["schools"].bound_blocks
    assert [entry.value["school"].name for entry in listed] == [
        "Gem City College",
        "Bishop College",
        "North Seattle College",
        "Paris Junior College",
    ]
    assert {e.value["school"].name: e.id for e in listed if e.value["school"].name in entries} == entries
    assert "on weekends" in str(listed[3].value["description"])


def test_a_renamed_school_stays_the_school_of_its_printed_name(page: ArticlePage, tmp_path: Path) -> None:
    school = School.objects.get(name="Gem City College")
    school.name = "Gem City Horology School"
    school.save_revision().publish()
    change_source(tmp_path, (COSTS, "about five thousand dollars"), ("for more than a century", "for a century"))

    page = ArticlePage.objects.get()
    assert page.body[3].value["schools"][0]["school"].pk == school.pk
    assert School.objects.count() == 3
    assert School.objects.get(pk=school.pk).name == "Gem City Horology School"


# --- an editor edited ---------------------------------------------------------------------------------------


def test_saving_in_the_admin_without_changing_anything_is_no_edit(page: ArticlePage, tmp_path: Path) -> None:
    edit(page)
    _, out = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    assert out.startswith("updated")


def test_changes_of_different_words_of_one_paragraph_are_both_taken(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words("A course of one year", "An evening course of one year"))
    code, out = change_source(tmp_path, ("are best bought used", "are best borrowed"))

    page = ArticlePage.objects.get()
    assert code == 0
    assert "An evening course of one year costs about four thousand dollars" in text_of(page)
    assert "are best borrowed" in text_of(page)
    assert out.startswith("merged")


def test_the_same_words_changed_on_both_sides_are_a_conflict_that_keeps_the_editor_s(
    page: ArticlePage, tmp_path: Path
) -> None:
    edit(page, words(COSTS, "almost four thousand dollars"))
    code, out = change_source(tmp_path, (COSTS, "about five thousand dollars"), ("hears a fault", "feels a fault"))

    page = ArticlePage.objects.get()
    conflict = ImportConflict.objects.get()
    assert code == 3
    assert "almost four thousand dollars" in text_of(page)
    assert "feels a fault" in text_of(page)
    assert "1 conflict: section “What It Costs”, text" in out
    assert (conflict.on_live, conflict.on_draft, conflict.resolution) == (True, False, "")
    assert COSTS in conflict.base
    assert "almost four" in conflict.ours
    assert "about five" in conflict.theirs


def test_a_conflict_is_reported_once(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words(COSTS, "almost four thousand dollars"))
    change_source(tmp_path, (COSTS, "about five thousand dollars"))
    before = rows()
    code, out = run(tmp_path / "clocks.txt")

    assert (code, rows()) == (0, before)
    assert "1 unchanged" in out


def test_blocks_that_an_editor_added_moved_and_removed_stay_so(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, remove(0))
    edit(page, insert(0, quote("A clock is a promise.")))
    edit(page, move(2, 1))
    code, _ = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    page = ArticlePage.objects.get()
    assert code == 0
    assert [block.block_type for block in page.body] == [
        "quote",
        "section",
        "section",
        "school_listing",
        "call_to_action",
    ]
    assert headings(page) == ["Schools That Teach Clock Repair", "What It Costs"]
    assert "about five thousand dollars" in text_of(page)


def test_a_block_that_an_editor_removed_stays_away_when_the_source_changed_it_and_is_a_conflict(
    page: ArticlePage, tmp_path: Path
) -> None:
    edit(page, remove(1))
    code, _ = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    conflict = ImportConflict.objects.get()
    assert code == 3
    assert "thousand dollars" not in text_of(ArticlePage.objects.get())
    assert (conflict.kind, conflict.ours) == ("conflict_kept_removed", None)


def test_a_block_that_is_gone_from_the_source_stays_when_an_editor_changed_it(
    page: ArticlePage, tmp_path: Path
) -> None:
    edit(page, words("hears a fault", "hears and smells a fault"))
    start, end = ARTICLE.index("What You Will Do"), ARTICLE.index("What It Costs")
    code, _ = run(write(tmp_path, "clocks.txt", ARTICLE[:start] + ARTICLE[end:]))

    assert code == 3
    assert "hears and smells a fault" in text_of(ArticlePage.objects.get())
    assert ImportConflict.objects.get().kind == "conflict_removed"


def test_title_and_introduction_merge_by_the_same_rules(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, title="Learning to Repair Old Clocks", introduction="<p>Written anew.</p>")
    code, _ = change_source(
        tmp_path,
        ("Learning to Repair Clocks", "Learning How to Repair Clocks"),
        ("for patient people", "for calm people"),
    )

    page = ArticlePage.objects.get()
    assert page.title == "Learning How to Repair Old Clocks"
    assert page.introduction == "<p>Written anew.</p>"
    assert (code, ImportConflict.objects.get().place) == (3, "introduction")


def test_what_an_editor_says_of_a_listed_school_stays(page: ArticlePage, tmp_path: Path) -> None:
    def change(body: list[dict[str, object]]) -> None:
        entry = body[3]["value"]["schools"][2]  # type: ignore[index]
        entry["value"]["description"] = "<p>We have been there and liked it.</p>"

    edit(page, change)
    change_source(tmp_path, ("with bench work from the first week", "with much bench work"))

    said = str(ArticlePage.objects.get().body.get_prep_value()[3])
    assert "We have been there and liked it." in said
    assert "with much bench work" in said


def test_fields_that_sources_do_not_have_are_left_alone(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, search_description="For searchers", noindex=True)
    change_source(tmp_path, (COSTS, "about five thousand dollars"))

    page = ArticlePage.objects.get()
    assert (page.search_description, page.noindex) == ("For searchers", True)


# --- drafts -------------------------------------------------------------------------------------------------


def test_a_page_with_a_draft_gets_the_change_on_both_tracks_and_keeps_its_draft(
    page: ArticlePage, tmp_path: Path
) -> None:
    edit(page, words("hears a fault", "hears and smells a fault"), publish=False, search_description="draft's own")
    code, out = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    live, draft = ArticlePage.objects.get(), draft_of(page)
    assert (code, live.live, live.has_unpublished_changes) == (0, True, True)
    assert "about five thousand dollars" in text_of(live)
    assert "about five thousand dollars" in text_of(draft)
    assert "hears and smells" not in text_of(live)
    assert "hears and smells" in text_of(draft)
    assert (live.search_description, draft.search_description) == ("", "draft's own")
    assert out.startswith("merged")


def test_publishing_the_draft_afterwards_publishes_all_of_it(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words("hears a fault", "hears and smells a fault"), publish=False)
    change_source(tmp_path, (COSTS, "about five thousand dollars"))
    ArticlePage.objects.get().get_latest_revision().publish()

    live = ArticlePage.objects.get()
    assert not live.has_unpublished_changes
    assert "hears and smells" in text_of(live)
    assert "about five thousand dollars" in text_of(live)


def test_a_conflict_with_a_draft_alone_still_updates_the_live_version(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words(COSTS, "almost four thousand dollars"), publish=False)
    code, _ = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    conflict = ImportConflict.objects.get()
    assert code == 3
    assert "about five" in text_of(ArticlePage.objects.get())
    assert "almost four" in text_of(draft_of(page))
    assert (conflict.on_live, conflict.on_draft) == (False, True)


def test_a_page_that_was_never_published_stays_a_draft(index: ArticleIndexPage, tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"))
    edit(ArticlePage.objects.get(), words("hears a fault", "smells a fault"), publish=False)
    change_source(tmp_path, (COSTS, "about five thousand dollars"))

    page = ArticlePage.objects.get()
    assert not page.live
    assert "smells a fault" in text_of(draft_of(page))
    assert "about five" in text_of(draft_of(page))


def test_a_page_that_an_editor_unpublished_stays_unpublished(page: ArticlePage, tmp_path: Path) -> None:
    page.unpublish()
    change_source(tmp_path, (COSTS, "about five thousand dollars"))
    run(tmp_path / "clocks.txt", publish=True)

    page = ArticlePage.objects.get()
    assert not page.live
    assert "about five" in text_of(draft_of(page))


# --- pages that must not be written now -----------------------------------------------------------------------


def lock(page: ArticlePage) -> None:
    page.locked = True
    page.save(update_fields=["locked"])


def open_in_editor(page: ArticlePage) -> None:
    EditingSession.objects.create(
        user=get_user_model().objects.create_user("ed"), content_object=page, last_seen_at=timezone.now()
    )


def start_workflow(page: ArticlePage) -> None:
    page.save_revision()
    Workflow.objects.get(name="Moderators approval").start(page, get_user_model().objects.create_superuser("mo"))


def schedule(page: ArticlePage) -> None:
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at)


@pytest.mark.parametrize("claim", [lock, open_in_editor, start_workflow, schedule])
def test_a_page_that_somebody_has_a_claim_on_is_proposed_and_not_written(
    page: ArticlePage, tmp_path: Path, claim: object
) -> None:
    claim(page)
    latest = ArticlePage.objects.get().latest_revision_id
    code, out = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    page = ArticlePage.objects.get()
    assert (code, page.latest_revision_id) == (3, latest)
    assert COSTS in text_of(page)
    assert out.startswith("proposed")
    before = rows()
    assert run(tmp_path / "clocks.txt")[0] == 3
    assert rows() == before


def test_a_proposed_change_is_written_when_the_page_is_free_again(page: ArticlePage, tmp_path: Path) -> None:
    lock(page)
    change_source(tmp_path, (COSTS, "about five thousand dollars"))
    ArticlePage.objects.update(locked=False)
    code, _out = run(tmp_path / "clocks.txt")

    assert code == 0
    assert "about five" in text_of(ArticlePage.objects.get())


def test_a_page_that_an_editor_deleted_stays_deleted(page: ArticlePage, tmp_path: Path) -> None:
    page.delete()
    assert run(tmp_path / "clocks.txt")[0] == 0
    code, out = change_source(tmp_path, (COSTS, "about five thousand dollars"))

    assert (code, ArticlePage.objects.count()) == (3, 0)
    assert "its page was deleted" in out


# --- sources that are gone -----------------------------------------------------------------------------------


@pytest.fixture
def folder(index: ArticleIndexPage, tmp_path: Path) -> Path:
    for number in range(12):
        write(tmp_path / "in", f"{number}.txt", ARTICLE.replace("Clocks", f"Clocks {number}"))
    run(tmp_path / "in", publish=True)
    return tmp_path / "in"


def test_a_source_that_is_gone_is_reported_and_its_page_stays(folder: Path) -> None:
    (folder / "3.txt").unlink()
    before = rows()
    code, out = run(folder)

    assert (code, rows()) == (0, before)
    assert "vanished    3.txt" in out


def test_pruning_unpublishes_the_page_of_a_source_that_is_gone(folder: Path) -> None:
    (folder / "3.txt").unlink()
    code, _out = run(folder, prune="unpublish")

    assert code == 0
    assert ArticlePage.objects.live().count() == 11
    assert PageLogEntry.objects.filter(action="import_content.prune").count() == 1
    assert run(folder, prune="unpublish")[1].startswith("unchanged")


def test_a_pruned_page_is_published_again_when_its_source_comes_back(folder: Path) -> None:
    text = (folder / "3.txt").read_text()
    (folder / "3.txt").unlink()
    run(folder, prune="unpublish")
    write(folder, "3.txt", text)
    run(folder, publish=True)

    assert ArticlePage.objects.live().count() == 12


def test_pruning_more_than_a_share_is_refused(folder: Path) -> None:
    for number in (3, 4):
        (folder / f"{number}.txt").unlink()
    code, out = run(folder, prune="unpublish")
    assert (code, ArticlePage.objects.live().count()) == (3, 12)
    assert "2 of 12 sources are gone, more than 10%" in out

    code, _ = run(folder, prune="unpublish", prune_limit=0.5)
    assert (code, ArticlePage.objects.live().count()) == (0, 10)


def test_pruning_keeps_a_page_that_an_editor_has_changed(folder: Path) -> None:
    page = ArticlePage.objects.get(title__endswith="Clocks 3")
    edit(page, introduction="<p>Mine.</p>")
    (folder / "3.txt").unlink()
    code, out = run(folder, prune="unpublish")

    assert (code, ArticlePage.objects.live().count()) == (3, 12)
    assert "an editor has changed the page" in out


@pytest.mark.parametrize("argument", ["single file", "other folder"])
def test_only_the_folders_that_are_imported_are_missing_sources(folder: Path, tmp_path: Path, argument: str) -> None:
    (folder / "3.txt").unlink()
    other = write(tmp_path / "other", "fresh.txt", ARTICLE.replace("Clocks", "Watches"))
    _, out = run(folder / "4.txt" if argument == "single file" else other.parent)

    assert "vanished" not in out


def test_a_source_of_the_same_name_in_another_folder_is_refused_and_changes_nothing(
    page: ArticlePage, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", "clocks.txt", ARTICLE.replace("Clocks", "Watches"))
    code, out = run(other)

    assert (code, ArticlePage.objects.get().title) == (3, "Learning to Repair Clocks")
    assert f"was imported from {tmp_path}, this one is in {tmp_path / 'other'}" in out
    assert "--collection" in out


def test_a_folder_that_was_moved_can_be_said_to_be_the_same(folder: Path) -> None:
    moved = folder.rename(folder.parent / "elsewhere")
    text = (moved / "3.txt").read_text().replace(COSTS, "about five thousand dollars")
    write(moved, "3.txt", text)
    assert run(moved)[0] == 3

    code, out = run(moved, moved_from=folder)
    assert code == 0
    assert "1 updated, 11 unchanged" in out
    assert set(SourceRecord.objects.values_list("root", flat=True)) == {str(moved)}


# --- plans --------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_the_change_word_by_word_and_writes_nothing(page: ArticlePage, tmp_path: Path) -> None:
    edit(page, words("hears a fault", "smells a fault"))
    write(tmp_path, "clocks.txt", ARTICLE.replace("four thousand", "five thousand"))
    before = rows()
    code, out = run(tmp_path, dry_run=True)

    assert (code, rows()) == (0, before)
    assert "~ section “What It Costs”, text" in out
    assert "one year costs about [-four-]{+five+} thousand dollars" in out
    assert "= section “What You Will Do”, text: the editor's change stays" in out


def test_a_saved_plan_is_carried_out_as_it_was_shown(page: ArticlePage, tmp_path: Path) -> None:
    write(tmp_path, "clocks.txt", ARTICLE.replace("four thousand", "five thousand"))
    write(tmp_path, "new.txt", ARTICLE.replace("Clocks", "Watches"))
    before = rows()
    run(tmp_path, plan=tmp_path / "plan.json")
    assert rows() == before

    code, out = run(apply=tmp_path / "plan.json")
    assert code == 0
    assert "2 sources: 1 created, 1 updated" in out
    assert "five thousand" in text_of(ArticlePage.objects.get(pk=page.pk))


def test_a_plan_is_not_carried_out_where_source_or_page_moved_since(page: ArticlePage, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / "in", name, ARTICLE.replace("Clocks", name))
    run(tmp_path / "in", publish=True)
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / "in", name, ARTICLE.replace("Clocks", name).replace("four thousand", "five thousand"))
    run(tmp_path / "in", plan=tmp_path / "plan.json")
    edit(ArticlePage.objects.get(title__endswith="a.txt"), introduction="<p>Mine.</p>")
    write(tmp_path / "in", "b.txt", ARTICLE.replace("Clocks", "b.txt").replace("four thousand", "six thousand"))
    code, out = run(apply=tmp_path / "plan.json")

    assert code == 3
    assert out.count("has changed since the plan was made") == 3  # a line each, and the cause with both
    assert "five thousand" in text_of(ArticlePage.objects.get(title__endswith="c.txt"))
    assert ArticlePage.objects.get(title__endswith="a.txt").introduction == "<p>Mine.</p>"


def test_a_page_that_changes_between_plan_and_writing_is_not_written(page: ArticlePage, tmp_path: Path) -> None:
    from import_content import service

    write(tmp_path, "clocks.txt", ARTICLE.replace("four thousand", "five thousand"))
    options = service.ImportOptions(parent=ArticleIndexPage.objects.get())
    decisions = list(service.plan([str(tmp_path)], options))
    edit(page, introduction="<p>Mine.</p>")
    results = list(service.apply(decisions, options))

    assert [result.outcome for result in results] == ["proposed"]
    assert "four thousand" in text_of(ArticlePage.objects.get())


# --- log and ledger -----------------------------------------------------------------------------------------


def test_an_update_is_an_event_of_the_run_under_its_user(page: ArticlePage, tmp_path: Path) -> None:
    user = get_user_model().objects.create_superuser("ines")
    write(tmp_path, "clocks.txt", ARTICLE.replace("four thousand", "five thousand"))
    PageLogEntry.objects.all().delete()
    run(tmp_path, user="ines")

    entries = PageLogEntry.objects.order_by("pk")
    assert [entry.action for entry in entries] == ["import_content.update", "wagtail.publish"]
    uuid = event_uuid(ImportRun.objects.first().uuid, "clocks.txt")
    assert {(entry.user, entry.uuid) for entry in entries} == {(user, uuid)}
    assert {revision.user for revision in Revision.objects.filter(pk__in=[e.revision_id for e in entries])} == {user}


def test_the_run_counts_what_it_did(page: ArticlePage, tmp_path: Path) -> None:
    write(tmp_path, "new.txt", ARTICLE.replace("Clocks", "Watches"))
    (tmp_path / "bad.txt").touch()
    run(tmp_path)

    latest = ImportRun.objects.first()
    assert latest.counts == {"created": 1, "unchanged": 1, "failed": 1}
    assert (latest.state, latest.finished_at is not None) == ("finished", True)
    assert ImportItem.objects.filter(run=latest).count() == 2


def test_a_named_user_who_may_not_publish_a_live_page_does_not_change_it(page: ArticlePage, tmp_path: Path) -> None:
    author = get_user_model().objects.create_user("author")
    group = Group.objects.create(name="authors")
    group.user_set.add(author)
    index = ArticleIndexPage.objects.get()
    permission = Permission.objects.get(codename="add_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=index, permission=permission)
    write(tmp_path, "clocks.txt", ARTICLE.replace("four thousand", "five thousand"))
    write(tmp_path, "new.txt", ARTICLE.replace("Clocks", "Watches"))
    code, out = run(tmp_path, user="author")

    assert code == 3
    assert "proposed    clocks.txt: author may not publish it" in out
    assert "created     new.txt" in out
    assert "four thousand" in text_of(ArticlePage.objects.get(pk=page.pk))
