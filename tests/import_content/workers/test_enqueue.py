"""Runs that workers share: handed out in batches, each carried out once however often its task is run."""

from __future__ import annotations

import shutil
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from import_content.models import (
    ImportBatch,
    ImportItem,
    ImportRun,
    RunState,
    SourceRecord,
)
from import_content.options import ImportOptions
from import_content.planning.source_contents import read_contents
from import_content.schools.matching import SchoolSnapshot, known_school_names
from import_content.sources import discover
from import_content.sources.profiles import Profile
from import_content.sources.source import SourceFile
from import_content.workers import enqueue
from import_content.workers import run_batch as batch_runner
from import_content.workers.batch_payload import (
    options_json,
    options_of,
    pack,
    unpack,
)
from import_content.workers.run_batch import run_batch
from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_index, make_school
from tests.import_content.imports import ARTICLE, articles, hand_out, imported, rows, run, write

UNREACHABLE = {"URL": "redis://127.0.0.1:1/0"}


@pytest.fixture
def index(db: None) -> ArticleIndexPage:
    return make_index()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enqueue, "MAX_BATCH_SOURCES", 2)


# --- what a batch carries ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_batch_carries_every_byte_and_the_profile_that_holds_for_each_source(tmp_path: Path) -> None:
    write(tmp_path, "a/plain.txt")
    write(tmp_path, "b/import_profile.toml", 'headings = ["What It Costs"]\nword_cap = 9\n')
    (tmp_path / "b" / "odd.txt").write_bytes(b"\xff\xfe" + "Schlüssel\r\nund mehr".encode("utf-16-le"))
    options = ImportOptions(parent=ArticleIndexPage())
    found = [read_contents(file, options) for file in discover([str(tmp_path)]) if isinstance(file, SourceFile)]

    again = unpack(pack(found))

    assert [(file.key, file.root) for file in again] == [("a/plain.txt", tmp_path), ("b/odd.txt", tmp_path)]
    assert [file.contents and file.contents.data for file in again] == [
        file.path.read_bytes() for file in found if file.path
    ]
    profiles = [file.profile() for file in again]
    assert profiles == [None, Profile(headings=("What It Costs",), word_cap=9)]


@pytest.mark.django_db
def test_a_run_s_options_reach_workers_whole(index: ArticleIndexPage, tmp_path: Path) -> None:
    profile = Profile(language="en", word_cap=7, schools=("Coyle Academy",))
    options = ImportOptions(
        parent=index, publish=True, collection="c", key="k", root=tmp_path, moved_from=tmp_path / "old",
        profile=profile, max_bytes=1234, strict=True, reparse=True,
    )  # fmt: skip
    kept = ImportRun.objects.create(
        parent=index, publish=True, collection="c", options=options_json(options, SchoolSnapshot(3, 4))
    )

    assert options_of(ImportRun.objects.get(pk=kept.pk)) == (options, SchoolSnapshot(3, 4))


@pytest.mark.django_db
def test_the_parser_knows_the_same_schools_in_every_batch_of_a_run(index: ArticleIndexPage) -> None:
    make_school("Riverbend College")
    until = SchoolSnapshot.now()
    make_school("Hilltop College")

    assert until.names() == ["Riverbend College"]
    assert sorted(known_school_names()) == ["Hilltop College", "Riverbend College"]


# --- handing out and carrying out ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_handed_out_and_in_place_make_the_same(index: ArticleIndexPage, tmp_path: Path, small_batches: None) -> None:
    articles(tmp_path, 5)
    write(tmp_path, "sub/import_profile.toml", 'not_headings = ["What It Costs"]\n')
    write(tmp_path, "sub/profiled.txt", ARTICLE.replace("Clocks", "Pianos"))
    with transaction.atomic():
        run(tmp_path, publish=True)
        expected = imported()
        transaction.set_rollback(True)
    code, out = run(tmp_path, publish=True, enqueue=True)

    assert (code, imported()) == (0, expected)
    assert "6 sources in 3 batches handed out" in out
    assert "3 of 3 batches; 6 created" in out
    assert len(expected["sub/profiled.txt"][2]) == 4


@pytest.mark.django_db
def test_workers_need_nothing_from_the_machine_that_the_sources_were_on(
    index: ArticleIndexPage, tmp_path: Path, small_batches: None
) -> None:
    articles(tmp_path / "in", 3)
    batches = hand_out(tmp_path / "in")
    assert not ArticlePage.objects.exists()
    shutil.rmtree(tmp_path / "in")
    for batch in batches:
        run_batch(batch.pk)

    assert ArticlePage.objects.count() == 3
    assert {record.root for record in SourceRecord.objects.all()} == {str(tmp_path / "in")}
    done = ImportRun.objects.get()
    assert (done.state, done.counts) == (RunState.FINISHED, {"created": 3})
    assert ImportBatch.objects.stored_bytes() == 0


@pytest.mark.django_db
def test_a_task_that_runs_twice_changes_nothing(index: ArticleIndexPage, tmp_path: Path, small_batches: None) -> None:
    articles(tmp_path, 3)
    run(tmp_path, enqueue=True)
    before = rows()
    for batch in ImportBatch.objects.all():
        run_batch(batch.pk)

    assert rows() == before


@pytest.mark.django_db
def test_a_batch_that_breaks_leaves_nothing_and_says_why_and_can_be_handed_out_again(
    index: ArticleIndexPage, tmp_path: Path, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(run: ImportRun) -> None:
        raise RuntimeError("the lights went out")

    articles(tmp_path, 2)
    [batch] = hand_out(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(batch_runner, "finish_if_complete", broken)
        with pytest.raises(RuntimeError):
            run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.finished_at, batch.attempts, batch.error) == (None, 1, "RuntimeError: the lights went out")
    assert (ArticlePage.objects.count(), ImportItem.objects.count()) == (0, 0)
    assert "batch 1, attempt 1: RuntimeError: the lights went out" in show(batch.run_id)

    call_command("import_runs", "resume", batch.run_id)
    assert ArticlePage.objects.count() == 2
    assert "import: 2 created\n" in show(batch.run_id)


@pytest.mark.django_db
def test_what_needs_no_worker_is_decided_at_once(index: ArticleIndexPage, tmp_path: Path, small_batches: None) -> None:
    articles(tmp_path, 3)
    run(tmp_path)
    (tmp_path / "article-00.txt").write_text(ARTICLE + "\nOne more line of text at the very end of it.\n")
    (tmp_path / "article-01.txt").unlink()
    (tmp_path / "large.txt").write_bytes(b"words " * 1_000)
    write(tmp_path, "z/import_profile.toml", "word_cap = 0\n")
    write(tmp_path, "z/a.txt")
    batches = hand_out(tmp_path, max_size=4_000)

    [handed] = {batch.run for batch in batches}
    assert [batch.sources for batch in batches] == [1]
    assert handed.counts == {"unchanged": 1, "vanished": 1, "failed": 2}
    assert sorted(handed.items.values_list("key", "code")) == [("large.txt", "too_large"), ("z/a.txt", "profile")]

    run_batch(batches[0].pk)
    handed.refresh_from_db()
    assert handed.counts == {"unchanged": 1, "vanished": 1, "failed": 2, "updated": 1}
    assert handed.state == RunState.FINISHED


@pytest.mark.django_db
def test_text_on_standard_input_can_be_handed_out(index: ArticleIndexPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": BytesIO(ARTICLE.encode())}))
    [batch] = hand_out("-")
    run_batch(batch.pk)
    key = SourceRecord.objects.get().key
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": BytesIO(ARTICLE.encode())}))
    run("-")

    assert key.startswith("stdin-")
    assert ArticlePage.objects.count() == 1


@pytest.mark.django_db
def test_handing_out_what_has_not_changed_writes_no_row_at_all(index: ArticleIndexPage, tmp_path: Path) -> None:
    articles(tmp_path, 3)
    run(tmp_path)
    before = rows()
    code, out = run(tmp_path, enqueue=True)

    assert (code, rows()) == (0, before)
    assert "3 sources: 3 unchanged" in out


@pytest.mark.django_db
def test_the_same_command_completes_a_run_that_was_killed_while_it_was_handed_out(
    index: ArticleIndexPage, tmp_path: Path, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(batch: ImportBatch, send: Any = enqueue.send) -> None:
        if batch.number == 2:
            raise KeyboardInterrupt
        send(batch)

    articles(tmp_path, 6)
    with monkeypatch.context() as patched:
        patched.setattr(enqueue, "send", killed)
        with pytest.raises(CommandError, match="stopped at once"):
            run(tmp_path, enqueue=True)
    [stopped] = ImportRun.objects.all()
    assert (stopped.state, stopped.counts) == (RunState.ENQUEUEING, {"created": 2})

    _, out = run(tmp_path, enqueue=True)
    assert "2 of 2 batches; 4 created, 2 unchanged" in out
    call_command("import_runs", "resume", stopped.pk)
    stopped.refresh_from_db()
    assert (ArticlePage.objects.count(), ImportBatch.objects.waiting().count()) == (6, 0)
    assert stopped.counts == {"created": 2, "unchanged": 2}


@pytest.mark.django_db
def test_a_batch_that_waited_too_long_does_not_bring_back_an_older_text(
    index: ArticleIndexPage, tmp_path: Path
) -> None:
    source = write(tmp_path, "a.txt")
    run(source)
    source.write_text(ARTICLE.replace("four thousand", "five thousand"))
    [batch] = hand_out(source)
    source.write_text(ARTICLE.replace("four thousand", "six thousand"))
    run(source)
    run_batch(batch.pk)

    page = ArticlePage.objects.get().get_latest_revision_as_object()
    assert "six thousand" in str(page.body)
    assert ImportRun.objects.get(pk=batch.run_id).counts == {"unchanged": 1}


@pytest.mark.django_db
def test_what_is_taken_back_is_not_brought_in_by_a_late_worker(
    index: ArticleIndexPage, tmp_path: Path, small_batches: None
) -> None:
    articles(tmp_path, 4)
    first, second = hand_out(tmp_path)
    run_batch(first.pk)
    call_command("import_runs", "undo", first.run_id)
    run_batch(second.pk)

    assert not ArticlePage.objects.exists()


@pytest.mark.django_db
def test_what_waits_for_workers_is_bounded(
    index: ArticleIndexPage, tmp_path: Path, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles(tmp_path, 6)
    monkeypatch.setattr(enqueue, "MAX_WAITING_BYTES", 2_000)
    with pytest.raises(CommandError, match="wait for workers already"):
        hand_out(tmp_path)

    assert 0 < ImportBatch.objects.stored_bytes() <= 2_000


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["dry_run", "plan", "report"])
def test_handing_out_does_not_go_with_what_needs_all_results_at_once(
    index: ArticleIndexPage, tmp_path: Path, other: str
) -> None:
    with pytest.raises(CommandError, match="--enqueue does not go with --") as error:
        run(write(tmp_path, "a.txt"), enqueue=True, **{other: True})

    assert error.value.returncode == 2


@pytest.mark.django_db
@override_settings(
    TASKS={"default": {"BACKEND": "cms.task_queue.QueueBackend", "QUEUES": ["default", "imports"]}},
    RQ_QUEUES={"default": UNREACHABLE, "imports": UNREACHABLE},
    RQ={"QUEUE_CLASS": "cms.task_queue.CommittedQueue", "COMMIT_MODE": "auto"},
)
def test_a_queue_that_cannot_be_reached_is_an_error_and_leaves_no_batch_behind(
    index: ArticleIndexPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles(tmp_path, 2)
    monkeypatch.setattr(transaction, "on_commit", lambda send: send())  # a test's transaction never commits
    with pytest.raises(CommandError, match="the task queue does not take it") as error:
        run(tmp_path, enqueue=True)

    assert error.value.returncode == 5
    assert not ImportBatch.objects.exists()


def show(pk: int) -> str:
    out = StringIO()
    call_command("import_runs", "show", pk, stdout=out)
    return out.getvalue()
