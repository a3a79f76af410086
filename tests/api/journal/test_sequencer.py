from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from api.journal.sequencer import catch_up
from api.journal.sums import hash_of, hexadecimal
from api.models import JournalEntry, JournalMark, JournalState, JournalSum
from pages.models import ArticlePage, School
from tests.api import factories
from tests.api.blocks import call_to_action, listing, section

pytestmark = pytest.mark.django_db


def entry(kind: str, pk: int) -> JournalEntry | None:
    catch_up()
    return JournalEntry.objects.filter(kind=kind, object_id=pk).first()


def since(number: int) -> list[tuple[str, int, bool, str]]:
    """What was entered after a number: kind, id, gone, why."""
    catch_up()
    rows = JournalEntry.objects.filter(sequence__gt=number).order_by("sequence")
    return list(rows.values_list("kind", "object_id", "gone", "why"))


def now() -> int:
    return catch_up().sequence


def test_a_published_article_has_an_entry_and_a_draft_has_none() -> None:
    article, draft = factories.make_article(), factories.make_article("Working title", publish=False)
    found = entry("article", article.pk)
    assert found is not None
    assert (found.why, found.gone, found.locale) == ("published", False, "en")
    assert found.path == article.url_path.removeprefix("/home")
    assert entry("article", draft.pk) is None


def test_nothing_is_entered_where_nothing_shows_otherwise() -> None:
    article = factories.make_article(body=[section("Dough")])
    start = now()
    article.save_revision()
    Page.objects.get(pk=article.pk).save()
    assert since(start) == []


def test_an_edit_a_move_and_a_withdrawal_are_told_apart() -> None:
    article, shelf = factories.make_article(), factories.make_index("Other shelf")
    start = now()
    article.introduction = "<p>New words.</p>"
    article.save_revision().publish()
    assert since(start) == [("article", article.pk, False, "updated")]
    start = now()
    ArticlePage.objects.get(pk=article.pk).move(shelf, pos="last-child")
    assert ("article", article.pk, False, "moved") in since(start)
    start = now()
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert ("article", article.pk, True, "withdrawn") in since(start)


def test_deleted_and_expired_articles_say_so() -> None:
    deleted = factories.make_article("One")
    expired = factories.make_article("Two")
    start = now()
    pk = deleted.pk
    deleted.delete()
    Page.objects.filter(pk=expired.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    from api.journal.marks import touch

    touch("page", [expired.pk])
    assert {("article", pk, True, "deleted"), ("article", expired.pk, True, "expired")} <= set(since(start))


def test_articles_that_list_a_renamed_school_have_entries_of_their_own() -> None:
    school = factories.make_school("Rye College")
    listing_it = factories.make_article("A", body=[listing(school)])
    other = factories.make_article("B")
    start = now()
    school.name = "Wheat College"
    school.save()
    assert set(since(start)) == {
        ("school", school.pk, False, "updated"),
        ("article", listing_it.pk, False, "depends-on"),
    }
    assert entry("article", other.pk).sequence <= start


def test_articles_that_link_to_a_hidden_page_change_with_it() -> None:
    target = factories.make_article("Target")
    linking = factories.make_article("Linking", body=[call_to_action(page=target)])
    start = now()
    restriction = factories.restrict(target.get_parent())
    found = set(since(start))
    assert {("article", target.pk, True, "withdrawn"), ("article", linking.pk, False, "depends-on")} <= found
    start = now()
    restriction.delete()
    found = set(since(start))
    assert {("article", target.pk, False, "published"), ("article", linking.pk, False, "depends-on")} <= found


def test_pages_below_a_renamed_shelf_move() -> None:
    shelf = factories.make_index("Guides")
    inner = factories.make_index("Inner", parent=shelf)
    article = factories.make_article(parent=inner)
    start = now()
    shelf = type(shelf).objects.get(pk=shelf.pk)
    shelf.slug = "handbooks"
    shelf.save_revision().publish()
    moved = {(kind, pk) for kind, pk, gone, why in since(start) if why == "moved"}
    assert {("index", shelf.pk), ("index", inner.pk), ("article", article.pk)} <= moved
    assert entry("article", article.pk).path.startswith("/handbooks/inner/")


def test_a_shelf_that_is_not_public_takes_public_articles_along() -> None:
    shelf = factories.make_index("Guides")
    article = factories.make_article(parent=shelf)
    shelf = type(shelf).objects.get(pk=shelf.pk)
    shelf.unpublish()
    start = now()
    shelf = type(shelf).objects.get(pk=shelf.pk)
    shelf.slug = "handbooks"
    shelf.save()
    assert ("article", article.pk, False, "moved") in since(start)


def test_time_is_noticed_without_anybody_saying_so() -> None:
    moment = timezone.now() + timedelta(seconds=4)
    article = factories.make_article(expire_at=moment)
    linking = factories.make_article("Linking", body=[call_to_action(page=article)])
    start = now()
    assert JournalState.objects.get().next_due == moment
    time.sleep(max(0.0, (moment - timezone.now()).total_seconds()) + 0.1)
    assert set(since(start)) == {
        ("article", article.pk, True, "expired"),
        ("article", linking.pk, False, "depends-on"),
    }
    assert abs(entry("article", article.pk).at - moment) < timedelta(milliseconds=1)


def test_topics_and_images_are_public_as_long_as_an_article_uses_them() -> None:
    image = factories.make_image()
    article = factories.make_article(lead_image=image, topics=("Bread",))
    start = now()
    kinds = dict(JournalEntry.objects.filter(gone=False).values_list("kind", "object_id"))
    assert kinds["image"] == image.pk
    assert "topic" in kinds
    article.unpublish()
    assert {(kind, gone) for kind, _, gone, _ in since(start)} == {("article", True), ("image", True), ("topic", True)}


def test_redirects_follow_the_page_that_they_lead_to() -> None:
    article = factories.make_article()
    redirect = Redirect.objects.create(old_path="/old", redirect_page=article, site=None)
    start = now()
    assert entry("redirect", redirect.pk).path == "/old"
    article.unpublish()
    assert ("redirect", redirect.pk, True, "withdrawn") in since(start)


def test_each_site_has_what_stands_in_it() -> None:
    other = factories.make_site()
    shelf = factories.make_index("There", parent=other.root_page)
    article = factories.make_article(parent=factories.make_index("Here"))
    now()
    assert set(JournalEntry.objects.filter(object_id=article.pk, gone=False).values_list("site_id", flat=True)) == {
        Site.objects.get(is_default_site=True).pk
    }
    ArticlePage.objects.get(pk=article.pk).move(shelf, pos="last-child")
    now()
    rows = dict(JournalEntry.objects.filter(object_id=article.pk).values_list("site_id", "gone"))
    assert rows == {Site.objects.get(is_default_site=True).pk: True, other.pk: False}


def test_sums_are_those_of_the_public_rows() -> None:
    school = factories.make_school()
    for number in range(5):
        factories.make_article(f"Article {number}", body=[listing(school)])
    now()
    ArticlePage.objects.first().unpublish()
    school.name = "Another name"
    school.save()
    now()
    check_sums()


def check_sums() -> None:
    expected: dict[tuple[int, str, str], tuple[int, int]] = {}
    for site, kind, pk, locale, rev in JournalEntry.objects.filter(gone=False).values_list(
        "site_id", "kind", "object_id", "locale", "rev"
    ):
        count, root = expected.get((site, kind, locale), (0, 0))
        expected[site, kind, locale] = count + 1, root + hash_of(kind, pk, locale, rev)
    stored = {
        (row.site_id, row.kind, row.locale): (row.count, row.root) for row in JournalSum.objects.all() if row.count
    }
    assert stored == {bucket: (count, hexadecimal(root)) for bucket, (count, root) in expected.items()}


def test_marks_are_used_up() -> None:
    factories.make_article()
    now()
    assert not JournalMark.objects.exists()
    assert School.objects.count() == 0
