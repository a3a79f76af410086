"""Statements on PostgreSQL, as the API runs them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import (
    DataError,
    InternalError,
    OperationalError,
    ProgrammingError,
    close_old_connections,
    connection,
    transaction,
)

from api.queries.compiled import CompiledQuery
from api.queries.execution import run
from api.queries.postgresql import MAX_PREPARED_STATEMENTS
from api.resources.articles import WIDE, readable_articles
from api.visibility.sites import current_sites
from cms.settings.environment import reading_only
from tests.api.factories import make_article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="prepared statements are PostgreSQL's"),
]


def prepared() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans FROM pg_prepared_statements WHERE name LIKE 'api_%'")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_a_statement_is_planned_once() -> None:
    connection.close()  # what other tests have prepared goes with theirs
    for number in range(5):
        assert run(connection, "SELECT %s::int + 1, '100%%'", [number]) == [(number + 1, "100%")]
    assert prepared() == [("SELECT $1::int + 1, '100%'", 5)]


@pytest.mark.django_db(transaction=True)
def test_a_connection_keeps_a_limited_number_of_statements() -> None:
    connection.close()
    for number in range(MAX_PREPARED_STATEMENTS + 20):
        assert run(connection, f"SELECT {number} + %s::int", [1]) == [(number + 1,)]
    assert len(prepared()) == MAX_PREPARED_STATEMENTS


def test_rows_of_the_transaction_are_seen() -> None:
    article = make_article("Rye")
    text = "SELECT title, live, first_published_at FROM wagtailcore_page WHERE id = %s"
    assert run(connection, text, [article.pk]) == [("Rye", True, article.first_published_at)]


def test_values_come_as_they_were_given() -> None:
    given = ["’", 2**40, [1, 2], ["a,b", '"'], None]
    text = "SELECT %s::text, %s::bigint, %s::bigint[], %s::text[], %s::text"
    assert run(connection, text, given) == [tuple(given)]


def test_a_value_that_no_text_can_hold_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        run(connection, "SELECT %s::text", ["a\0b"])


def test_an_error_is_one_of_djangos() -> None:
    with pytest.raises(ProgrammingError, match="nothing"), transaction.atomic():
        run(connection, "SELECT nothing FROM wagtailcore_page WHERE id = %s", [1])
    with pytest.raises(DataError, match="zero"), transaction.atomic():
        run(connection, "SELECT 1 / %s::int", [0])


@pytest.mark.django_db(transaction=True)
def test_a_table_may_change_under_a_prepared_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing AS SELECT 1 AS x")
        assert run(connection, "SELECT * FROM changing WHERE x < %s", [9]) == [(1,)]
        cursor.execute("ALTER TABLE changing ADD COLUMN y text DEFAULT 'new'")
        for _ in range(2):
            assert run(connection, "SELECT * FROM changing WHERE x < %s", [9]) == [(1, "new")]


@pytest.mark.django_db(transaction=True)
def test_the_next_request_does_not_notice_that_the_database_was_restarted() -> None:
    assert run(connection, "SELECT %s::int", [1]) == [(1,)]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()
    close_old_connections()  # as every request begins
    assert run(connection, "SELECT %s::int", [1]) == [(1,)]


def test_no_list_is_joined_to_all_pages() -> None:
    """Of a bare NOT EXISTS, PostgreSQL makes a join that reads every page, where there are few."""
    site = current_sites().named(None)
    assert site is not None
    text, names = CompiledQuery(lambda: readable_articles(site.shape).values_list(*WIDE)).sql(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {text}", [site.slots[name] for name in names])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Scan" in plan
    assert "Anti Join" not in plan


def test_what_answers_are_read_from_cannot_write_and_stops_what_takes_too_long() -> None:
    """On a connection of its own, with the options that the settings give it."""
    limited = connection.copy("limited")
    limited.settings_dict = reading_only(connection.settings_dict, statement_timeout_seconds=1)
    try:
        with pytest.raises(OperationalError, match="statement timeout"):
            run(limited, "SELECT pg_sleep(%s)", [5])
        with pytest.raises(InternalError, match="read-only"), limited.cursor() as cursor:
            cursor.execute("DELETE FROM wagtailcore_page")
    finally:
        limited.close()
