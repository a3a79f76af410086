"""Scheduled publishing goes on past what cannot be published."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from pages.models import ArticlePage, School
from tests.api.factories import make_article, make_school

pytestmark = pytest.mark.django_db
PAST = timedelta(minutes=5)


def run(**options: Any) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command("publish_scheduled", stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


def schedule(row: Any, minutes_ago: int = 5) -> Revision:
    """A revision that should have gone live some minutes ago."""
    row.go_live_at = timezone.now() + timedelta(hours=1)
    revision: Revision = row.save_revision()
    revision.publish()
    due = timezone.now() - timedelta(minutes=minutes_ago)
    content = {**revision.content, "go_live_at": due.isoformat()}
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=due, content=content)
    return revision


def scheduled_article(title: str, minutes_ago: int = 5) -> ArticlePage:
    article = make_article(title, publish=False)
    schedule(article, minutes_ago)
    return article


def spoil(article: ArticlePage) -> None:
    """What it would publish is no valid page."""
    for revision in Revision.objects.for_instance(article):
        Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "title": ""})


def test_this_command_takes_the_place_of_wagtails() -> None:
    assert get_commands()["publish_scheduled"] == "cms"


def test_what_is_due_goes_live_and_what_is_not_stays() -> None:
    due, later = scheduled_article("Due"), make_article("Later", publish=False)
    later.go_live_at = timezone.now() + timedelta(hours=1)
    later.save_revision().publish()
    said, _ = run()
    assert ArticlePage.objects.get(pk=due.pk).live
    assert not ArticlePage.objects.get(pk=later.pk).live
    assert "Due" in said
    assert PageLogEntry.objects.filter(page=due.pk, action="wagtail.publish.scheduled").exists()


def test_what_has_expired_is_unpublished_pages_and_schools_alike() -> None:
    article, school, staying = make_article("Old"), make_school("Old College"), make_school("New College")
    Page.objects.filter(pk=article.pk).update(expire_at=timezone.now() - PAST)
    School.objects.filter(pk=school.pk).update(expire_at=timezone.now() - PAST)
    run()
    article.refresh_from_db()
    school.refresh_from_db()
    staying.refresh_from_db()
    assert (article.live, article.expired) == (False, True)
    assert (school.live, school.expired) == (False, True)
    assert staying.live


def test_a_bad_item_does_not_hold_up_the_later_ones() -> None:
    bad, good = scheduled_article("Bad", minutes_ago=9), scheduled_article("Good", minutes_ago=3)
    spoil(bad)
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 scheduled item") as refusal:
        call_command("publish_scheduled", stdout=io.StringIO(), stderr=errors)
    assert refusal.value.returncode == 1
    assert "Bad" in errors.getvalue()
    assert "Good" not in errors.getvalue()
    assert not ArticlePage.objects.get(pk=bad.pk).live
    assert ArticlePage.objects.get(pk=good.pk).live


def test_a_bad_item_is_rolled_back_whole_and_tried_again() -> None:
    bad = scheduled_article("Bad")
    spoil(bad)
    before = Revision.objects.for_instance(bad).get(approved_go_live_at__isnull=False)
    for _ in range(2):
        with pytest.raises(CommandError):
            run()
    assert Revision.objects.get(pk=before.pk).approved_go_live_at == before.approved_go_live_at


def test_an_item_that_cannot_be_unpublished_does_not_hold_up_publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    school, article = make_school("Old College"), scheduled_article("Good")
    School.objects.filter(pk=school.pk).update(expire_at=timezone.now() - PAST)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(School, "unpublish", fail)
    with pytest.raises(CommandError):
        run()
    assert ArticlePage.objects.get(pk=article.pk).live


def test_a_revision_of_something_deleted_is_reported() -> None:
    gone, good = scheduled_article("Gone", minutes_ago=9), scheduled_article("Good")
    Revision.objects.for_instance(gone).update(object_id="999999")
    with pytest.raises(CommandError):
        run()
    assert ArticlePage.objects.get(pk=good.pk).live


def test_a_dry_run_names_what_is_due_and_changes_nothing() -> None:
    article = scheduled_article("Due")
    said, _ = run(dry_run=True)
    assert "Due" in said
    assert not ArticlePage.objects.get(pk=article.pk).live


def test_nothing_due_is_nothing_said() -> None:
    make_article("Live")
    assert run() == ("", "")
