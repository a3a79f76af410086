"""Workers of their own, on a real Redis and a real database, some of which die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import transaction
from django.test import override_settings
from wagtail.models import ReferenceIndex

from import_content.models import (
    ImportBatch,
    ImportItem,
    ImportRun,
    RunState,
    SourceRecord,
)
from import_content.workers import run_progress
from import_content.workers.run_batch import run_batch
from import_content.workers.tasks import import_batch
from pages.models import ArticleIndexPage, ArticlePage
from tests.conftest import service_missing
from tests.factories import ensure_site, listing, make_article, make_index, make_school
from tests.import_content.imports import articles, hand_out, imported, rows, run
from tests.import_content.stores import cloned_database

ROOT = Path(__file__).resolve().parents[3]
REDIS_URL = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/5"
PATIENCE = 300.0
"""Seconds after which something that should have happened is given up; no fact depends on it."""

HAND_OUT = """
from django.core.management import call_command
from import_content.workers import enqueue
enqueue.MAX_BATCH_SOURCES = 2
call_command("import_content", {folder!r}, enqueue=True, publish=True)
"""

WORKER = """
import os
from pathlib import Path
from signal import SIGKILL
from django.core.management import call_command
from import_content.workers import run_batch

first, finish = Path({first!r}), run_batch.finish_if_complete

def die(run):  # everything of the batch is written, nothing is committed
    finish(run)
    is_first = not first.exists()
    first.touch()
    if {with_worker} and not is_first:
        os.kill(os.getppid(), SIGKILL)
        os.kill(os.getpid(), SIGKILL)
    if not {with_worker} and is_first:
        os.kill(os.getpid(), SIGKILL)

run_batch.finish_if_complete = die
call_command("rqworker", "default", "imports", burst=True)
"""


SAME_TASK = """
import time
from pathlib import Path
from import_content import service
from import_content.workers import run_batch

def plan_files(*args, plan=service.plan_files):  # both have a plan before either writes
    decisions = list(plan(*args))
    Path({me!r}).touch()
    while not Path({other!r}).exists():
        time.sleep(0.01)
    return decisions

service.plan_files = plan_files
run_batch.run_batch({batch})
"""


@dataclass(frozen=True)
class Machines:
    """Processes that share a database, a queue, and nothing else."""

    environment: dict[str, str]
    redis: redis.Redis
    prefix: str

    def start(self, script: str) -> subprocess.Popen[str]:
        code = f"import django; django.setup()\n{script}"
        return subprocess.Popen(  # noqa: S603 -- our own interpreter
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, script: str) -> str:
        process = self.start(script)
        out, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, out
        return out

    def let_a_minute_pass(self) -> None:
        """What no worker vouches for any more counts as abandoned."""
        registry = f"{self.prefix}:wip:imports"
        entries: Any = self.redis.zrange(registry, 0, -1)
        for entry in entries:
            self.redis.zadd(registry, {entry: 1})


@pytest.fixture
def redis_server() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(REDIS_URL, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.exceptions.ConnectionError:
        service_missing(f"REDIS IS ABSENT at {REDIS_URL}: start one to run the tests of workers")
    yield client
    client.close()


@pytest.fixture
def machines(
    redis_server: redis.Redis, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[Machines]:
    prefix = f"rq-test-{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock(), cloned_database(tmp_path) as url:
        ensure_site()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            "DATABASE_URL": url,
            "TASKS_BACKEND": "rq",
            "REDIS_URL": REDIS_URL,
            "RQ_KEY_PREFIX": prefix,
        }
        yield Machines(environment, redis_server, prefix)
    for key in redis_server.scan_iter(f"{prefix}:*"):
        redis_server.delete(key)


def wait_until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


@pytest.mark.slow
def test_two_workers_share_a_run_and_what_dies_with_one_is_done_by_another(machines: Machines, tmp_path: Path) -> None:
    make_index()
    articles(tmp_path / "in", 10)
    with transaction.atomic():
        run(tmp_path / "in", publish=True)
        expected = imported()
        transaction.set_rollback(True)
    assert "10 sources in 5 batches handed out" in machines.run(HAND_OUT.format(folder=str(tmp_path / "in")))
    assert not SourceRecord.objects.exists()

    # One dies whole in its second batch; of the other, the process that does the work dies in its first batch.
    dies = machines.start(WORKER.format(first=str(tmp_path / "one"), with_worker=True))
    wait_until((tmp_path / "one").exists)
    survives = machines.start(WORKER.format(first=str(tmp_path / "two"), with_worker=False))
    assert dies.wait(PATIENCE) < 0
    out, _ = survives.communicate(timeout=PATIENCE)
    assert survives.returncode == 0, out
    assert "Work-horse terminated unexpectedly" in out

    [shared] = ImportRun.objects.all()
    [left] = shared.batches.waiting()
    assert (shared.state, shared.counts) == (RunState.RUNNING, {"created": 8})
    assert (left.attempts, ArticlePage.objects.count(), ImportItem.objects.count()) == (1, 8, 8)
    assert max(ImportBatch.objects.exclude(pk=left.pk).values_list("attempts", flat=True)) == 2

    machines.let_a_minute_pass()
    machines.run('from django.core.management import call_command\ncall_command("rqworker", "imports", burst=True)')
    shared.refresh_from_db()
    assert (shared.state, shared.counts) == (RunState.FINISHED, {"created": 10})
    assert imported() == expected
    assert len(run_progress.read_progress(shared).workers) == 3
    check_that_nothing_is_missing_or_twice(10)

    before = rows()
    for batch in ImportBatch.objects.all():
        run_batch(batch.pk)
    code, out = run(tmp_path / "in", publish=True)
    assert (code, rows()) == (0, before)
    assert "10 sources: 10 unchanged" in out


@pytest.mark.slow
def test_a_task_that_two_workers_have_at_the_same_time_is_done_once(machines: Machines, tmp_path: Path) -> None:
    make_index()
    articles(tmp_path / "in", 2)
    [batch] = hand_out(tmp_path / "in", publish=True)
    names = ("one", "two")
    both = [
        machines.start(SAME_TASK.format(batch=batch.pk, me=str(tmp_path / name), other=str(tmp_path / other)))
        for name, other in (names, names[::-1])
    ]
    for process in both:
        out, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, out

    batch.refresh_from_db()
    assert (batch.attempts, batch.run.counts) == (2, {"created": 2})
    check_that_nothing_is_missing_or_twice(2)


def check_that_nothing_is_missing_or_twice(number: int) -> None:
    pages = ArticlePage.objects.live()
    assert pages.count() == SourceRecord.objects.count() == ImportItem.objects.count() == number
    assert ArticleIndexPage.objects.get().numchild == number
    assert {page.pk for page in ArticlePage.objects.search("horology")} == {page.pk for page in pages}
    for page in pages:
        assert ReferenceIndex.get_references_for_object(page).count() == 3


QUEUE_SETTINGS = {
    "TASKS": {"default": {"BACKEND": "cms.task_queue.QueueBackend", "QUEUES": ["default", "imports"]}},
    "RQ_QUEUES": {name: {"URL": REDIS_URL} for name in ("default", "imports")},
    "RQ": {"QUEUE_CLASS": "cms.task_queue.CommittedQueue", "JOB_CLASS": "django_tasks_rq.Job"},
}


@pytest.mark.django_db
@override_settings(**QUEUE_SETTINGS)
def test_with_a_queue_what_an_editor_saves_is_in_search_and_references_at_once(redis_server: redis.Redis) -> None:
    school = make_school("Riverbend College")
    page = make_article(make_index(), title="Learning Horology", body=[listing((school, "<p>Bells.</p>"))])

    assert [found.pk for found in ArticlePage.objects.search("horology")] == [page.pk]
    assert ReferenceIndex.get_references_to(school).count() == 1


@pytest.mark.django_db
@override_settings(**QUEUE_SETTINGS)
def test_a_task_is_sent_when_the_transaction_that_enqueued_it_has_committed(
    redis_server: redis.Redis, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        result = import_batch.enqueue(0)
        assert not redis_server.exists(f"rq:job:{result.id}")
    redis_server.srem("rq:queues", "rq:queue:imports")
    assert redis_server.lrem("rq:queue:imports", 0, result.id) == 1
    assert redis_server.delete(f"rq:job:{result.id}") == 1


@pytest.mark.django_db
@override_settings(**QUEUE_SETTINGS)
def test_a_task_whose_transaction_is_rolled_back_is_never_sent(
    redis_server: redis.Redis, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        result = import_batch.enqueue(0)
        transaction.set_rollback(True)
    assert not redis_server.exists(f"rq:job:{result.id}")
