from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale

from api.journal.feed import FeedCursor
from api.journal.sequencer import catch_up
from api.models import JournalEntry, JournalState
from pages.models import ArticlePage
from tests.api import factories
from tests.api.blocks import listing, section

pytestmark = pytest.mark.django_db
Get = Callable[..., Any]


def follow(get: Get, cursor: str | None = None, **parameters: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """All changes from a cursor on, and the last answer."""
    changes = []
    while True:
        answer = get("changes/", **({"cursor": cursor} if cursor else {}), **parameters)
        changes += answer["changes"]
        cursor = answer["cursor"]
        if answer["up_to_date"]:
            return changes, answer


def root_of(changes: list[dict[str, Any]]) -> str:
    """As a mirror sums up."""
    held: dict[tuple[str, int, str], str] = {}
    for change in changes:
        key = (change["type"], change["id"], change["locale"])
        if change["op"] == "upsert":
            held[key] = change["rev"]
        else:
            held.pop(key, None)
    hashes = (
        hashlib.sha256("\0".join([kind, str(pk), locale, rev]).encode()) for (kind, pk, locale), rev in held.items()
    )
    return f"{sum(int(one.hexdigest(), 16) for one in hashes) % 2**256:064x}"


def test_without_a_cursor_everything_public_comes_and_the_state_proves_it(get: Get) -> None:
    school = factories.make_school()
    article = factories.make_article(body=[listing(school)], topics=("Bread",), lead_image=factories.make_image())
    factories.make_article("Draft", publish=False)
    changes, last = follow(get, limit=2)
    assert {change["type"] for change in changes} == {"site", "school", "topic", "image", "index", "article"}
    assert all(change["op"] == "upsert" for change in changes)
    assert last["state"]["root"] == root_of(changes)
    assert last["state"]["count"] == len(changes)
    found = next(change for change in changes if change["type"] == "article")
    assert found["path"] == get(f"articles/{article.pk}/")["path"]
    assert found["tags"][0] == f"page-{article.pk}"


def test_full_objects_are_those_of_the_detail_routes(get: Get) -> None:
    school = factories.make_school(description="<p>Old.</p>")
    article = factories.make_article(body=[section("Dough"), listing(school)], topics=("Bread",))
    image = factories.make_image()
    factories.make_article("Shown", lead_image=image)
    Redirect.objects.create(old_path="/old", redirect_page=article)
    changes, _ = follow(get, content="full")
    objects = {(change["type"], change["id"]): change["object"] for change in changes}
    assert objects["article", article.pk] == get(f"articles/{article.pk}/")
    assert objects["school", school.pk] == get(f"schools/{school.pk}/")
    assert objects["image", image.pk] == get(f"images/{image.pk}/")
    assert objects["index", article.get_parent().pk] == get(f"indexes/{article.get_parent().pk}/")
    assert [text for (kind, _), text in objects.items() if kind == "topic"] == get("topics/")["items"]
    assert [text for (kind, _), text in objects.items() if kind == "redirect"] == get("redirects/")["items"]
    short, _ = follow(get, content="refs")
    named = {(change["type"], change["id"]): change["object"] for change in short}
    assert named["article", article.pk]["title"] == article.title
    assert "body" not in named["article", article.pk]


def test_five_thousand_objects_take_a_hundred_at_a_time(get: Get) -> None:
    answer = get("changes/")
    assert answer["up_to_date"]
    JournalEntry.objects.all().delete()
    state = JournalState.objects.get()
    sites = {
        "site_id": JournalEntry.objects.values_list("site_id", flat=True).first()
        or factories.home().sites_rooted_here.get().pk
    }
    blank = {"kind": "topic", "locale": "", "gone": False, "why": "published", "path": "", "place": "", "former": "[]"}
    JournalEntry.objects.bulk_create(
        JournalEntry(
            sequence=number, object_id=number, own="", rev="", key="", uses="", at=timezone.now(), **blank, **sites
        )
        for number in range(state.sequence + 1, state.sequence + 5001)
    )
    JournalState.objects.update(sequence=state.sequence + 5000)
    asked, cursor = 0, None
    while True:
        answer = get("changes/", **({"cursor": cursor} if cursor else {}))
        asked, cursor = asked + 1, answer["cursor"]
        if answer["up_to_date"]:
            break
    assert asked <= 51


def test_a_move_is_an_upsert_with_the_path_that_the_reader_knows(get: Get) -> None:
    article, shelf = factories.make_article(), factories.make_index("Other")
    before = get(f"articles/{article.pk}/")["path"]
    _, last = follow(get)
    ArticlePage.objects.get(pk=article.pk).move(shelf, pos="last-child")
    catch_up()
    moved = ArticlePage.objects.get(pk=article.pk)
    moved.introduction = "<p>And edited after that.</p>"
    moved.save_revision().publish()
    changes, _ = follow(get, last["cursor"])
    (change,) = [change for change in changes if change["type"] == "article"]
    assert (change["op"], change["from"], change["path"]) == ("upsert", before, "/other/becoming-a-baker/")
    assert "moved" in change["why"]
    fresh = next(change for change in follow(get)[0] if change["type"] == "article")
    assert "from" not in fresh


def test_a_page_that_became_private_says_no_more_than_one_that_was_unpublished(get: Get) -> None:
    private, unpublished = factories.make_article("A"), factories.make_article("B")
    _, last = follow(get)
    factories.restrict(private)
    unpublished.unpublish()
    changes, _ = follow(get, last["cursor"])
    told = [{**change, "id": 0, "path": "", "at": "", "tags": []} for change in changes if change["type"] == "article"]
    assert len(told) == 2
    assert told[0] == told[1]
    assert (told[0]["op"], told[0]["why"], told[0]["status"], told[0]["redirect"]) == (
        "delete",
        ["withdrawn"],
        410,
        None,
    )


def test_a_path_that_leads_elsewhere_says_where(get: Get) -> None:
    old, new = factories.make_article("Old"), factories.make_article("New")
    path = get(f"articles/{old.pk}/")["path"]
    _, last = follow(get)
    old.delete()
    Redirect.objects.create(old_path=Redirect.normalise_path(path), redirect_page=new)
    changes, _ = follow(get, last["cursor"])
    (change,) = [change for change in changes if change["type"] == "article" and change["op"] == "delete"]
    assert (change["status"], change["why"]) == (301, ["deleted"])
    assert change["redirect"].endswith(new.url_path.removeprefix("/home"))


def test_filters_lose_no_tombstone_and_have_a_state_of_their_own(get: Get) -> None:
    french = Locale.objects.create(language_code="fr")
    english, other = factories.make_article("English"), factories.make_school("Lycée", locale=french)
    changes, last = follow(get, locale="fr")
    assert {(change["type"], change["id"]) for change in changes if change["locale"]} == {("school", other.pk)}
    assert last["state"]["root"] == root_of(changes)
    _, schools = follow(get, type="school")
    pk = other.pk
    other.delete()
    english.unpublish()
    changes, now = follow(get, schools["cursor"], type="school")
    assert [(change["op"], change["id"]) for change in changes] == [("delete", pk)]
    assert now["state"]["count"] == 0
    changes, now = follow(get, last["cursor"], locale="fr")
    assert [(change["op"], change["type"]) for change in changes] == [("delete", "school")]
    everything, whole = follow(get)
    assert whole["state"]["root"] == root_of(everything)


def test_a_first_sync_that_takes_long_misses_nothing(get: Get) -> None:
    articles = [factories.make_article(f"Article {number}") for number in range(4)]
    first = get("changes/", limit=3)
    articles[0].unpublish()
    articles[3].introduction = "<p>New.</p>"
    articles[3].save_revision().publish()
    rest, last = follow(get, first["cursor"], limit=3)
    assert root_of([*first["changes"], *rest]) == last["state"]["root"]


def test_an_idle_poll_is_a_304_of_two_queries(client: Client, get: Get, django_assert_num_queries: Any) -> None:
    factories.make_article()
    _, last = follow(get)
    url = f"/api/v1/changes/?cursor={last['cursor']}"
    etag = client.get(url).headers["ETag"]
    with django_assert_num_queries(1):
        response = client.get(url, headers={"if-none-match": etag})
    assert response.status_code == 304
    factories.make_article("News")
    assert client.get(url, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("content", [None, "full"])
def test_a_page_costs_the_same_queries_for_many_as_for_one(
    get: Get, content: str | None, django_assert_max_num_queries: Any
) -> None:
    school = factories.make_school()
    for number in range(12):
        factories.make_article(f"Article {number}", body=[listing(school)], topics=("Bread",))
    catch_up()
    with django_assert_max_num_queries(20):
        follow(get, **({"content": content} if content else {}))


def test_a_cursor_older_than_the_forgotten_tombstones_is_gone(client: Client, get: Get) -> None:
    article = factories.make_article()
    _, last = follow(get)
    article.delete()
    catch_up()
    JournalEntry.objects.filter(gone=True).update(at=timezone.now() - timedelta(days=100))
    call_command("journal", "compact")
    response = client.get("/api/v1/changes/", {"cursor": last["cursor"]})
    assert response.status_code == 410
    assert response.json()["code"] == "cursor-expired"
    _, fresh = follow(get)
    assert client.get("/api/v1/changes/", {"cursor": fresh["cursor"]}).status_code == 200


@pytest.mark.parametrize("cursor", ["x", "00000000-1", "A" * 60])
def test_other_cursors_are_refused(client: Client, cursor: str) -> None:
    assert client.get("/api/v1/changes/", {"cursor": cursor}).status_code == 400


def test_a_cursor_of_another_journal_is_gone(client: Client, get: Get) -> None:
    get("changes/")
    assert client.get("/api/v1/changes/", {"cursor": str(FeedCursor("00000000", 0))}).status_code == 410


def test_waiting_ends_with_the_time_asked_for(get: Get) -> None:
    _, last = follow(get)
    started = timezone.now()
    answer = get("changes/", cursor=last["cursor"], wait=1)
    assert answer["up_to_date"]
    assert timedelta(seconds=0.9) < timezone.now() - started < timedelta(seconds=4)


def test_the_tree_leads_to_every_object(get: Get) -> None:
    factories.make_article(topics=("Bread",))
    changes, last = follow(get)
    answer = get("changes/tree/")
    assert (answer["count"], answer["root"]) == (last["state"]["count"], last["state"]["root"])
    named = {(found["type"], found["id"], found["rev"]) for found in answer["objects"]}
    assert named == {(change["type"], change["id"], change["rev"]) for change in changes}
    some = get("changes/tree/", prefix="a", type="article,topic")
    assert all(found["type"] in {"article", "topic"} for found in some["objects"])


def test_many_objects_are_told_as_sums_of_sixteen_children(get: Get) -> None:
    for number in range(300):
        factories.make_school(f"School {number}")
    answer = get("changes/tree/")
    assert len(answer["children"]) == 16
    assert sum(child["count"] for child in answer["children"]) == answer["count"]
    total = sum(int(child["root"], 16) for child in answer["children"]) % 2**256
    assert f"{total:064x}" == answer["root"]
    child = get("changes/tree/", prefix=answer["children"][7]["prefix"])
    assert (child["count"], child["root"]) == (answer["children"][7]["count"], answer["children"][7]["root"])


def test_another_site_is_another_feed(get: Get) -> None:
    other = factories.make_site()
    article = factories.make_article(parent=factories.make_index("There", parent=other.root_page))
    assert not [change for change in follow(get)[0] if change["type"] == "article"]
    (found,) = [change for change in follow(get, site="other.example")[0] if change["type"] == "article"]
    assert (found["id"], found["path"]) == (article.pk, "/there/becoming-a-baker/")
