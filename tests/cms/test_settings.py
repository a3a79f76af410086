"""Settings fail early and say what is missing."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.checks import tasks_run_in_place, wal_reset_bug_in
from cms.settings.environment import database, env_bool, env_int

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "www.example.com",
    "DATABASE_URL": "postgres://cms@db.example.com/cms",
    "WAGTAILADMIN_BASE_URL": "https://www.example.com",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in PRODUCTION}
    command = [sys.executable, "-c", "import django; django.setup()"]
    return subprocess.run(  # noqa: S603 -- our own interpreter
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False
    )


def test_production_starts_with_its_secrets(tmp_path: Path) -> None:
    result = start(**PRODUCTION, CMS_DATA_DIR=str(tmp_path))
    assert result.returncode == 0, result.stderr


def test_production_without_secrets_names_all_that_are_missing() -> None:
    result = start(DJANGO_SETTINGS_MODULE="cms.settings.production")
    assert result.returncode != 0
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "WAGTAILADMIN_BASE_URL"):
        assert name in result.stderr


def test_production_refuses_a_weak_key() -> None:
    result = start(**PRODUCTION | {"SECRET_KEY": "short"})
    assert "SECRET_KEY must be random" in result.stderr


def test_workers_need_to_know_where_the_queue_is() -> None:
    result = start(DJANGO_SETTINGS_MODULE="cms.settings.test", TASKS_BACKEND="rq", REDIS_URL="")
    assert "TASKS_BACKEND=rq needs REDIS_URL" in result.stderr


def test_a_task_backend_that_there_is_not_is_named() -> None:
    result = start(DJANGO_SETTINGS_MODULE="cms.settings.test", TASKS_BACKEND="celery")
    assert "TASKS_BACKEND must be one of immediate, rq; it is 'celery'" in result.stderr


def test_tasks_in_place_are_worth_a_word_but_no_warning() -> None:
    [message] = tasks_run_in_place(None)
    assert (message.id, message.is_serious()) == ("cms.I001", False)


def test_sqlite_writers_queue_instead_of_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    options = database("sqlite:////somewhere/db.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_database_url_chooses_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ann@db.example.com:5433/articles")
    config = database("sqlite:///unused")
    assert (config["ENGINE"], config["HOST"], config["PORT"], config["NAME"]) == (
        "django.db.backends.postgresql",
        "db.example.com",
        5433,
        "articles",
    )


def test_a_database_url_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense://x")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database("sqlite:///unused")


def test_a_number_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NUMBER", "ten")
    with pytest.raises(ImproperlyConfigured, match="SOME_NUMBER"):
        env_int("SOME_NUMBER", 1)


def test_a_switch_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SWITCH", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="SOME_SWITCH"):
        env_bool("SOME_SWITCH", default=True)


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 40, 1), True), ((3, 44, 6), False), ((3, 50, 6), True), ((3, 50, 7), False), ((3, 51, 3), False)],
)
def test_sqlite_versions_with_the_wal_race_are_known(version: tuple[int, ...], affected: bool) -> None:
    assert wal_reset_bug_in(version) is affected
