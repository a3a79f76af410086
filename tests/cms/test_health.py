"""What probes and operators ask."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from cms import health

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_whatever_name_it_is_called_by(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client(SERVER_NAME="10.0.0.7").get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_site_with_all_it_needs_is_ready() -> None:
    answer = Client(SERVER_NAME="10.0.0.7").get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["checks"]) == {"database", "migrations", "cache", "queue", "disk"}
    assert all(check["milliseconds"] >= 0 for check in answer.json()["checks"].values())


def test_a_migration_that_was_not_applied_makes_it_unready_and_says_no_more(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="pages").order_by("-pk")[:1].get().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["error"] == "NotReadyError"
    assert "manage.py" not in answer.text


def test_a_full_disk_makes_it_unready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 10**18)
    assert client.get("/readyz").json()["checks"]["disk"]["status"] == "failed"


def test_a_part_that_is_too_slow_counts_as_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SLOW_SECONDS", -1.0)
    assert client.get("/readyz").json()["checks"]["database"]["error"] == "Slow"


def test_the_doctor_says_what_to_do_and_how_it_went() -> None:
    MigrationRecorder.Migration.objects.filter(app="pages").order_by("-pk")[:1].get().delete()
    out = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("doctor", stdout=out)
    assert refusal.value.returncode == 1
    assert "FAILED migrations" in out.getvalue()
    assert "run manage.py migrate" in out.getvalue()
    for name in ("engine", "clock", "scheduled", "school names"):
        assert f"   {name}" in out.getvalue()
