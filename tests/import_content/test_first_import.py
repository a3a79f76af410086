"""Importing for the first time: what is made, and what is refused."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.db import connection, reset_queries
from wagtail.models import PageLogEntry

from import_content import service
from import_content.models import ImportItem, ImportRun, SourceRecord
from import_content.writer import Writer
from import_content.writer.bulk import BulkWriter
from import_content.writer.log_context import event_uuid
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticleIndexPage, ArticlePage, School
from tests.factories import make_index
from tests.import_content.imports import ARTICLE, articles, rows, run, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def index(db: None) -> ArticleIndexPage:
    return make_index()


def test_a_file_becomes_an_article_with_its_sections_schools_and_invitation(tmp_path: Path) -> None:
    code, out = run(write(tmp_path, "clocks.txt"), publish=True)

    page = ArticlePage.objects.get()
    assert (code, page.title, page.live) == (0, "Learning to Repair Clocks", True)
    assert [block.block_type for block in page.body] == ["section"] * 3 + ["school_listing", "call_to_action"]
    listing = page.body[3].value["schools"]
    assert [entry["school"].name for entry in listing] == [
        "Gem City College",
        "North Seattle College",
        "Paris Junior College",
    ]
    assert "created     clocks.txt → /articles/learning-to-repair-clocks/" in out


def test_articles_are_drafts_unless_publication_is_asked_for(tmp_path: Path) -> None:
    run(write(tmp_path, "clocks.txt"))

    page = ArticlePage.objects.get()
    assert (page.live, page.has_unpublished_changes) == (False, True)
    assert not School.objects.live().exists()


def test_publishing_later_publishes_what_was_imported_as_a_draft(tmp_path: Path) -> None:
    source = write(tmp_path, "clocks.txt")
    run(source)
    code, out = run(source, publish=True)

    assert (code, ArticlePage.objects.get().live) == (0, True)
    assert School.objects.live().count() == 3
    assert "updated" in out


def test_a_draft_that_an_editor_has_touched_is_not_published_by_an_import(tmp_path: Path) -> None:
    source = write(tmp_path, "clocks.txt")
    run(source)
    page = ArticlePage.objects.get().get_latest_revision_as_object()
    page.introduction = "<p>Not ready yet.</p>"
    page.save_revision()
    run(source, publish=True)

    assert not ArticlePage.objects.get().live


@pytest.mark.parametrize("publish", [True, False])
def test_importing_the_same_again_writes_no_row_at_all(tmp_path: Path, publish: bool) -> None:
    articles(tmp_path, 3)
    run(tmp_path, publish=publish)
    before = rows()
    code, out = run(tmp_path, publish=publish)

    assert code == 0
    assert rows() == before
    assert "3 sources: 3 unchanged" in out


def test_a_school_is_one_record_however_many_articles_list_it(tmp_path: Path) -> None:
    articles(tmp_path, 4)
    run(tmp_path)

    assert School.objects.filter(name="Gem City College").count() == 1


def test_the_ledger_says_where_every_block_came_from(tmp_path: Path) -> None:
    source = write(tmp_path, "guides/clocks.txt")
    run(tmp_path)

    record = SourceRecord.objects.get()
    page = ArticlePage.objects.get()
    text = source.read_text()
    assert (record.key, record.page_id) == ("guides/clocks.txt", page.pk)
    for block in page.body.raw_data:
        start, end = record.provenance[block["id"]][0]["spans"][0]
        words = json.dumps(block["value"], ensure_ascii=False)
        assert text[start:end].split()[0] in words or block["type"] == "school_listing"


def test_what_the_ledger_holds_as_the_page_s_state_is_what_the_page_has(tmp_path: Path) -> None:
    from import_content.planning.page_state import load_states

    articles(tmp_path, 2)
    run(tmp_path, publish=True)

    for record in SourceRecord.objects.all():
        assert load_states([record.page_ref])[record.page_ref].fingerprint == record.page_state


def test_import_events_stand_in_the_audit_log_under_the_named_user(tmp_path: Path) -> None:
    user = get_user_model().objects.create_superuser("ines", password="x")
    run(write(tmp_path, "clocks.txt"), publish=True, user="ines")

    entries = PageLogEntry.objects.filter(page=ArticlePage.objects.get()).order_by("pk")
    assert [entry.action for entry in entries] == ["wagtail.create", "import_content.import", "wagtail.publish"]
    assert {entry.user for entry in entries} == {user}
    assert {entry.uuid for entry in entries} == {event_uuid(ImportRun.objects.get().uuid, "clocks.txt")}
    assert entries[1].message == "Imported: clocks.txt"


def binary(head: bytes) -> Any:
    return lambda path: path.write_bytes(head + bytes(range(256)))


REFUSED = {
    "empty": ("it is empty", lambda path: path.write_bytes(b"")),
    "blank": ("white space", lambda path: path.write_text(" \n\t\n  ")),
    "png": ("PNG", binary(b"\x89PNG\r\n\x1a\n")),
    "zip": ("it holds several articles", binary(b"PK\x03\x04")),
    "large": ("too large", lambda path: path.write_bytes(b"words " * 9_000_000)),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_no_article_is_refused_and_leaves_nothing_but_an_entry_in_the_ledger(tmp_path: Path, name: str) -> None:
    words, make = REFUSED[name]
    make(tmp_path / "source.txt")
    before = rows()
    code, out = run(tmp_path / "source.txt")

    changed = {table for table, content in rows().items() if content != before[table]}
    assert code == 5
    assert words in out
    assert changed == {"import_content_importrun", "import_content_importitem"} | ({"sqlite_sequence"} & changed)


def test_the_same_failure_is_written_down_once(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_bytes(b"")
    run(tmp_path)
    run(tmp_path)

    assert ImportItem.objects.count() == 1


def test_one_bad_source_does_not_stop_the_others(tmp_path: Path) -> None:
    articles(tmp_path, 3)
    (tmp_path / "article-01.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    code, out = run(tmp_path)

    assert code == 5
    assert ArticlePage.objects.count() == 2
    assert "3 sources: 2 created, 1 failed" in out


class Flawed:
    """A writer that fails on one article when everything about it is already written."""

    def __init__(self, inner: Writer, key: str) -> None:
        self.inner, self.key = inner, key

    def create(self, parent: Any, articles: Any, *, user: Any) -> Any:
        written = self.inner.create(parent, articles, user=user)
        if self.key in [article.key for article in articles]:
            raise ValueError("something is wrong with it")
        return written

    def update(self, changes: Any, *, user: Any) -> Any:
        return self.inner.update(changes, user=user)

    def unpublish(self, keys: Any, action: str, *, user: Any) -> None:
        self.inner.unpublish(keys, action, user=user)

    def delete(self, keys: Any, *, user: Any) -> None:
        self.inner.delete(keys, user=user)


@pytest.mark.parametrize("writer", [OrdinaryWriter, BulkWriter])
def test_an_article_that_cannot_be_written_leaves_no_school_behind(tmp_path: Path, writer: Any) -> None:
    articles(tmp_path, 3)
    options = service.ImportOptions(parent=ArticleIndexPage.objects.get())
    decisions = service.plan([str(tmp_path)], options)
    results = list(service.apply(decisions, options, writer=Flawed(writer(), "article-01.txt")))

    outcomes = {result.planned.key: result.outcome.value for result in results}
    assert outcomes == {"article-00.txt": "created", "article-01.txt": "failed", "article-02.txt": "created"}
    assert ArticlePage.objects.count() == 2
    assert not School.objects.filter(name="Paris Junior College B").exists()
    failed = ImportItem.objects.get(outcome="failed")
    assert (failed.key, failed.message) == ("article-01.txt", "ValueError: something is wrong with it")


def test_a_file_that_may_not_be_read_is_refused(forbidden: Path) -> None:
    code, out = run(forbidden)

    assert code == 5
    assert "cannot be read" in out


@pytest.mark.parametrize("argument", ["missing.txt", "no/such/folder", "*.nothing"])
def test_a_path_that_is_not_there_is_refused(tmp_path: Path, argument: str) -> None:
    code, out = run(tmp_path / argument)

    assert code == 5
    assert "there is no such file or folder" in out


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    code, out = run(tmp_path)

    assert code == 5
    assert "there are no text files in it" in out


@pytest.mark.parametrize("parent", ["/nowhere/", "/"])
def test_a_parent_that_is_no_index_is_an_error_of_usage_that_names_those_there_are(tmp_path: Path, parent: str) -> None:
    before = rows()
    with pytest.raises(CommandError, match="is not an article index; there are: /articles/") as error:
        run(write(tmp_path, "clocks.txt"), parent=parent)

    assert error.value.returncode == 2
    assert rows() == before


def test_several_indexes_and_no_parent_is_an_error_of_usage(tmp_path: Path) -> None:
    news = make_index(title="News")
    known = rf"/articles/ \(id \d+, “Articles”, en\), /news/ \(id {news.pk}, “News”, en\)"
    with pytest.raises(CommandError, match=f"choose one with --parent PATH or --parent ID: {known}"):
        run(write(tmp_path, "clocks.txt"))


def test_a_named_user_who_may_not_add_pages_cannot_import(tmp_path: Path) -> None:
    get_user_model().objects.create_user("guest", password="x")
    with pytest.raises(CommandError, match="guest may not add pages under /articles/"):
        run(write(tmp_path, "clocks.txt"), user="guest")


def test_the_same_path_in_another_index_is_refused_unless_a_collection_keeps_them_apart(tmp_path: Path) -> None:
    make_index(title="News")
    source = write(tmp_path, "clocks.txt")
    run(source, parent="/articles/")
    code, out = run(source, parent="/news/")
    assert code == 3
    assert "imported under /articles/" in out

    code, _ = run(source, parent="/news/", collection="news")
    assert code == 0
    assert ArticlePage.objects.count() == 2


def test_text_on_standard_input_is_known_by_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in (ARTICLE, ARTICLE, ARTICLE.replace("Clocks", "Watches")):
        stdin = type("Stdin", (), {"buffer": BytesIO(text.encode())})
        monkeypatch.setattr("sys.stdin", stdin)
        run("-")

    assert sorted(ArticlePage.objects.values_list("draft_title", flat=True)) == [
        "Learning to Repair Clocks",
        "Learning to Repair Watches",
    ]


def test_a_dry_run_writes_nothing_and_says_what_would_be_made(tmp_path: Path) -> None:
    before = rows()
    code, out = run(write(tmp_path, "clocks.txt"), dry_run=True)

    assert (code, rows()) == (0, before)
    assert "3 sections, 1 school listing, 1 call to action, 3 entries (3 new schools)" in out
    assert "nothing was written" in out


def test_the_report_has_a_line_for_each_source_and_one_for_the_run(tmp_path: Path) -> None:
    articles(tmp_path / "in", 2)
    (tmp_path / "in" / "empty.txt").touch()
    run(tmp_path / "in", report=tmp_path / "report.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert [line.get("outcome") for line in lines] == ["created", "created", "failed", None]
    assert lines[2] == {"source": "empty.txt", "outcome": "failed", "code": "empty", "message": "it is empty"}
    assert lines[3] == {"run": ImportRun.objects.get().pk, "summary": {"created": 2, "failed": 1}, "exit_code": 5}


def test_strict_refuses_sources_with_uncertain_blocks(tmp_path: Path) -> None:
    write(tmp_path, "odd.txt", "Alpha\nBeta gamma\nDelta epsilon zeta, eta\nTheta")
    code, out = run(tmp_path, strict=True)

    assert (code, ArticlePage.objects.count()) == (4, 0)
    assert "1 block is uncertain: odd.txt" in out


def test_without_strict_uncertain_blocks_are_imported_and_reported(tmp_path: Path) -> None:
    write(tmp_path, "odd.txt", "Alpha\nBeta gamma\nDelta epsilon zeta, eta\nTheta")
    code, out = run(tmp_path)

    assert (code, ArticlePage.objects.count()) == (0, 1)
    assert "1 place uncertain" in out


def test_queries_with_the_texts_of_a_batch_are_not_kept_in_development(tmp_path: Path, settings: Any) -> None:
    settings.DEBUG = True
    reset_queries()
    run(write(tmp_path, "clocks.txt"), publish=True)
    assert connection.queries
    assert "gem city" not in str(connection.queries).lower()
