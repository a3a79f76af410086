from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.journal.sequencer import catch_up
from api.models import JournalEntry, JournalState, JournalSum
from pages.models import ArticlePage, School
from tests.api import factories
from tests.api.blocks import listing

pytestmark = pytest.mark.django_db


def reconcile(*options: str) -> str:
    said = io.StringIO()
    call_command("journal", "reconcile", *options, stdout=said)
    return said.getvalue()


def test_an_untouched_journal_is_right() -> None:
    factories.make_article(body=[listing(factories.make_school())], topics=("Bread",))
    assert "the journal is right" in reconcile()


def test_what_went_past_the_models_is_found_and_entered() -> None:
    school = factories.make_school()
    listing_it = factories.make_article("A", body=[listing(school)])
    hidden = factories.make_article("B")
    start = catch_up().sequence
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pages_school SET name = 'Other College' WHERE id = %s", [school.pk])
    ArticlePage.objects.filter(pk=hidden.pk).update(live=False)
    assert catch_up().sequence == start
    with pytest.raises(CommandError, match="--fix"):
        reconcile()
    said = reconcile("--fix")
    assert f"article {hidden.pk} is not public" in said
    assert f"article {listing_it.pk} shows otherwise" in said
    entered = JournalEntry.objects.filter(sequence__gt=start).values_list("kind", "object_id", "gone")
    assert {("school", school.pk, False), ("article", listing_it.pk, False), ("article", hidden.pk, True)} == set(
        entered
    )
    assert "the journal is right" in reconcile()


def test_wrong_sums_are_found_and_mended() -> None:
    factories.make_article()
    catch_up()
    JournalSum.objects.filter(kind="article").update(root="0" * 64)
    with pytest.raises(CommandError):
        reconcile()
    reconcile("--fix")
    assert "the journal is right" in reconcile()


def test_comparing_costs_the_same_queries_for_many_as_for_one() -> None:
    counts = []
    for number in (1, 8):
        for _ in range(number):
            School.objects.create(name=f"School {School.objects.count()}")
        catch_up()
        with CaptureQueriesContext(connection) as queries:
            reconcile()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_old_tombstones_are_forgotten_and_the_horizon_tells_it() -> None:
    article, other = factories.make_article("A"), factories.make_article("B")
    catch_up()
    article.delete()
    catch_up()
    JournalEntry.objects.filter(gone=True).update(at=timezone.now() - timedelta(days=91))
    old = JournalEntry.objects.filter(gone=True).latest("sequence").sequence
    other.delete()
    catch_up()
    call_command("journal", "compact", stdout=io.StringIO())
    assert JournalState.objects.get().horizon == old
    assert list(JournalEntry.objects.filter(gone=True, kind="article").values_list("object_id", flat=True)) != []
    assert not JournalEntry.objects.filter(sequence__lte=old, gone=True).exists()
