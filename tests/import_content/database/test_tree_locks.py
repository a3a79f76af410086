"""Who waits for whom in the page tree while an import writes: two connections to one PostgreSQL."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitingError
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from wagtail.models import Page

from import_content.database.retry import OvertakenError, is_transient
from import_content.database.tree_locks import confirm_place, lock_pages, lock_place
from import_content.writer import NewArticle, Writer
from import_content.writer.bulk import BulkWriter
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticleIndexPage, ArticlePage
from tests.import_content.writer.articles import bare
from tests.import_content.writer.tree import new_site

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="POSTGRESQL ONLY: SQLite has one lock for all"),
]

SOON = 5.0
"""Seconds after which something that waits for nobody is done, on a busy machine."""
A_WHILE = 0.6
"""Seconds after which something that has not come back is waiting for a lock."""


@contextmanager
def somebody_else(work: Callable[[], object]) -> Iterator[Future[object]]:
    """Do `work` on a connection of its own."""

    def closing() -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(closing)


def second_index(index: ArticleIndexPage) -> ArticleIndexPage:
    other = ArticleIndexPage(title="Notes from the Harbour", slug="notes")
    index.get_parent().add_child(instance=other)
    return other


def import_into(index: ArticleIndexPage, writer: Writer | None = None) -> None:
    (writer or BulkWriter()).create(index, [NewArticle("a.txt", bare("Tying Knots"), live=True)], user=None)


@pytest.mark.parametrize("writer", [BulkWriter(), OrdinaryWriter()], ids=["bulk", "ordinary"])
def test_two_imports_under_two_indexes_do_not_wait_for_each_other(writer: Writer) -> None:
    index, _ = new_site()
    other = second_index(index)
    with transaction.atomic():
        import_into(index, writer)
        with somebody_else(lambda: import_into(other, writer)) as second:
            second.result(timeout=SOON)
    assert ArticlePage.objects.child_of(index).count() == ArticlePage.objects.child_of(other).count() == 1


def test_two_imports_under_one_index_take_turns() -> None:
    index, _ = new_site()
    with transaction.atomic():
        lock_place(index.pk)
        waiting = somebody_else(lambda: import_into(index))
        second = waiting.__enter__()
        with pytest.raises(StillWaitingError):
            second.result(timeout=A_WHILE)
        import_into(index)
    second.result(timeout=SOON)
    waiting.__exit__(None, None, None)
    assert sorted(page.slug for page in ArticlePage.objects.all()) == ["tying-knots", "tying-knots-2"]


def test_an_editor_who_publishes_the_home_page_does_not_wait_for_the_batch() -> None:
    index, _ = new_site()
    home = index.get_parent().specific

    def publish() -> None:
        home.title = "A New Home"
        home.save_revision().publish()

    with transaction.atomic():
        lock_place(index.pk)
        with somebody_else(publish) as editor:
            editor.result(timeout=SOON)
    assert Page.objects.get(pk=home.pk).title == "A New Home"


def test_nobody_moves_or_deletes_a_page_above_the_place_meanwhile() -> None:
    index, _ = new_site()
    other = second_index(index)
    inner = ArticleIndexPage(title="Inner", slug="inner")
    index.add_child(instance=inner)
    index.refresh_from_db()
    for attempt in (
        lambda: index.move(other, "last-child"),
        lambda: ArticleIndexPage.objects.get(pk=index.pk).delete(),
    ):
        with transaction.atomic():
            lock_place(inner.pk)
            waiting = somebody_else(attempt)
            second = waiting.__enter__()
            with pytest.raises(StillWaitingError):
                second.result(timeout=A_WHILE)
        second.result(timeout=SOON)
        waiting.__exit__(None, None, None)


def test_articles_made_while_a_page_above_is_renamed_are_made_again_at_its_new_address() -> None:
    index, _ = new_site()
    home = index.get_parent().specific
    renamed, may_go_on = threading.Event(), threading.Event()

    def rename() -> None:
        with transaction.atomic():
            Page.objects.filter(pk=home.pk).update(slug="house")
            renamed.set()
            may_go_on.wait(SOON)
            home.refresh_from_db()
            home._update_descendant_url_paths("/home/", "/house/")
            Page.objects.filter(pk=home.pk).update(url_path="/house/")

    with somebody_else(rename) as editor:
        assert renamed.wait(SOON)
        with pytest.raises(OvertakenError) as caught:
            import_into(index)
        assert is_transient(caught.value)
        may_go_on.set()
        editor.result(timeout=SOON)
    import_into(index)
    assert ArticlePage.objects.get().url_path == "/house/guides/tying-knots/"


def test_nobody_renames_a_page_above_between_the_last_look_and_the_end() -> None:
    index, _ = new_site()
    home = index.get_parent()
    with transaction.atomic():
        confirm_place(lock_place(index.pk))
        waiting = somebody_else(lambda: Page.objects.filter(pk=home.pk).update(slug="house"))
        second = waiting.__enter__()
        with pytest.raises(StillWaitingError):
            second.result(timeout=A_WHILE)
    second.result(timeout=SOON)
    waiting.__exit__(None, None, None)


def test_pages_locked_in_opposite_orders_never_wait_in_a_circle() -> None:
    index, _ = new_site()
    import_into(index)
    import_into(index)
    pages = list(ArticlePage.objects.values_list("pk", flat=True))
    until = time.monotonic() + A_WHILE

    def lock(ids: list[int]) -> int:
        rounds = 0
        while time.monotonic() < until:
            with transaction.atomic():
                lock_pages(ids)
            rounds += 1
        return rounds

    with somebody_else(lambda: lock(pages[::-1])) as second:
        assert lock(pages) > 1
        assert second.result(timeout=SOON) > 1
