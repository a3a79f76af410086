"""Transactions that overlap: nobody skips a change because another transaction took its time."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from api.journal.sequencer import catch_up, sequence
from api.models import JournalEntry, JournalMark
from pages.models import School
from pages.signals import rows_written
from tests.api import factories
from tests.api.blocks import listing
from tests.factories import ensure_site

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _site() -> None:
    ensure_site()


def test_an_editors_change_is_entered_when_it_is_committed() -> None:
    article = factories.make_article()
    assert not JournalMark.objects.exists()
    assert JournalEntry.objects.filter(kind="article", object_id=article.pk).exists()


def test_what_is_rolled_back_was_never_there() -> None:
    school = factories.make_school("Rye College")
    start = catch_up().sequence
    with transaction.atomic():
        school.name = "Wheat College"
        school.save()
        transaction.set_rollback(True)
    assert catch_up().sequence == start


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
class TestTwoWriters:
    def test_a_slow_transaction_is_numbered_after_what_was_committed_before_it(self) -> None:
        slow, quick = factories.make_school("Slow College"), factories.make_school("Quick College")
        start = catch_up().sequence
        written, go_on = threading.Event(), threading.Event()

        def write_slowly() -> None:
            with transaction.atomic():
                rename(slow, "Slower College")
                written.set()
                go_on.wait(20)
            connection.close()

        writer = threading.Thread(target=write_slowly)
        writer.start()
        assert written.wait(20)
        quick.city = "Wheat"
        quick.save()
        assert entries(start) == [quick.pk]
        reached = catch_up().sequence
        go_on.set()
        writer.join()
        assert entries(reached) == [slow.pk]

    def test_nobody_waits_for_a_transaction_that_has_noted_something(self) -> None:
        school = factories.make_school("Slow College")
        written, go_on = threading.Event(), threading.Event()

        def write_slowly() -> None:
            with transaction.atomic():
                rename(school, "Slower College")
                written.set()
                go_on.wait(20)
            connection.close()

        writer = threading.Thread(target=write_slowly)
        writer.start()
        try:
            assert written.wait(20)
            assert sequence(), "the sequencer's lock is free"
        finally:
            go_on.set()
            writer.join()

    def test_an_article_that_is_published_while_a_school_in_it_is_renamed_shows_the_new_name(self) -> None:
        """Neither transaction sees the other's rows; the journal looks after both."""
        school = factories.make_school("Old College")
        first = factories.make_article("First", body=[listing(school)])
        written, go_on = threading.Event(), threading.Event()

        def rename_slowly() -> None:
            with transaction.atomic():
                rename(school, "New College")
                written.set()
                go_on.wait(20)
            connection.close()

        writer = threading.Thread(target=rename_slowly)
        writer.start()
        assert written.wait(20)
        second = factories.make_article("Second", body=[listing(school)])
        catch_up()
        before = dict(JournalEntry.objects.filter(kind="article").values_list("object_id", "rev"))
        go_on.set()
        writer.join()
        catch_up()
        after = dict(JournalEntry.objects.filter(kind="article").values_list("object_id", "rev"))
        assert before[first.pk] != after[first.pk]
        assert before[second.pk] != after[second.pk]


def rename(school: School, name: str) -> None:
    """As a bulk writer would: search entries, for which savers wait for each other, are left out of it."""
    School.objects.filter(pk=school.pk).update(name=name)
    rows_written.send(sender=School, ids=[school.pk])


def entries(start: int) -> list[int]:
    """Schools entered after a number."""
    catch_up()
    return list(JournalEntry.objects.filter(sequence__gt=start, kind="school").values_list("object_id", flat=True))
