"""What must never reach a reader, by no route and by no relation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, PageViewRestriction

from pages.models import ArticlePage, School
from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import (
    home,
    make_article,
    make_document,
    make_image,
    make_index,
    make_school,
    make_site,
    private_collection,
    restrict,
)

pytestmark = pytest.mark.django_db
SECRET = "xylophone"


def draft() -> ArticlePage:
    return make_article(SECRET, publish=False)


def unpublished() -> ArticlePage:
    article = make_article(SECRET)
    article.unpublish()
    return article


def no_longer_live_by_update() -> ArticlePage:
    article = make_article(SECRET)
    ArticlePage.objects.filter(pk=article.pk).update(live=False)
    return article


def expired_but_not_yet_swept() -> ArticlePage:
    article = make_article(SECRET)
    ArticlePage.objects.filter(pk=article.pk).update(expire_at=timezone.now() - timedelta(seconds=2))
    return article


def before_its_time() -> ArticlePage:
    article = make_article(SECRET)
    ArticlePage.objects.filter(pk=article.pk).update(go_live_at=timezone.now() + timedelta(hours=1))
    return article


def under_login() -> ArticlePage:
    article = make_article(SECRET)
    restrict(article)
    return article


def under_a_password() -> ArticlePage:
    article = make_article(SECRET)
    restrict(article, PageViewRestriction.PASSWORD)
    return article


def for_a_group() -> ArticlePage:
    article = make_article(SECRET)
    restrict(article, PageViewRestriction.GROUPS)
    return article


def below_a_restricted_page() -> ArticlePage:
    shelf = make_index("Members")
    inner = make_index("Inner", shelf)
    restrict(shelf)
    return make_article(SECRET, inner)


def far_below_a_restricted_page() -> ArticlePage:
    shelf = make_index("Deep")
    restrict(shelf)
    for number in range(13):
        shelf = make_index(f"Level {number}", shelf)
    return make_article(SECRET, shelf)


def alias_of_a_restricted_page() -> ArticlePage:
    source = under_login()
    alias = CreatePageAliasAction(source, parent=make_index("Aliases"), update_slug=SECRET).execute()
    return ArticlePage.objects.get(pk=alias.pk)


def alias_of_an_alias_of_a_restricted_page() -> ArticlePage:
    alias = alias_of_a_restricted_page()
    again = CreatePageAliasAction(alias, parent=make_index("More"), update_slug=SECRET).execute()
    return ArticlePage.objects.get(pk=again.pk)


def on_another_site() -> ArticlePage:
    site = make_site()
    shelf = make_index("There", Page.objects.get(pk=site.root_page_id))
    return make_article(SECRET, shelf)


def on_a_site_nested_in_this_one() -> ArticlePage:
    shelf = make_index("Inner site")
    site = make_site("nested.example")
    site.root_page = Page.objects.get(pk=shelf.pk)
    site.save()
    return make_article(SECRET, shelf)


HIDDEN: list[Callable[[], ArticlePage]] = [
    draft,
    unpublished,
    no_longer_live_by_update,
    expired_but_not_yet_swept,
    before_its_time,
    under_login,
    under_a_password,
    for_a_group,
    below_a_restricted_page,
    far_below_a_restricted_page,
    alias_of_a_restricted_page,
    alias_of_an_alias_of_a_restricted_page,
    on_another_site,
    on_a_site_nested_in_this_one,
]


@pytest.mark.parametrize("make", HIDDEN, ids=lambda make: make.__name__)
def test_a_hidden_article_is_nowhere(client: Client, make: Callable[[], ArticlePage]) -> None:
    hidden = make()
    link = f'<p><a linktype="page" id="{hidden.pk}">words</a></p>'
    linking = make_article("Linking", body=[section("S", link), call_to_action(page=hidden)])
    school = make_school()
    ArticlePage.objects.filter(pk=hidden.pk)
    path = hidden.url_path[len(home().url_path) - 1 :]
    assert client.get(f"/api/v1/articles/{hidden.pk}/").status_code == 404
    assert client.get("/api/v1/articles/by-path/", {"path": path}).status_code == 404
    for order in ("id", "-id", "published_at", "-updated_at"):
        answer = client.get("/api/v1/articles/", {"order": order, "body": "html", "total": "true"})
        assert hidden.pk not in [item["id"] for item in answer.json()["items"]]
        assert answer.json()["page"]["total"] == len(answer.json()["items"])
        assert SECRET not in answer.content.decode()
    assert client.get("/api/v1/articles/", {"id__in": str(hidden.pk)}).json()["items"] == []
    body = client.get(f"/api/v1/articles/{linking.pk}/").json()["body"]
    assert body[0]["text"] == '<p><a data-unavailable="true">words</a></p>'
    assert (body[1]["url"], body[1]["page"]) == (None, None)
    assert client.get(f"/api/v1/schools/{school.pk}/articles/").json()["items"] == []


def test_a_hidden_article_does_not_show_among_the_articles_of_its_school(get: Any) -> None:
    school = make_school()
    shown = make_article(body=[listing(school)])
    restrict(make_article(SECRET, body=[listing(school)]))
    answer = get(f"schools/{school.pk}/articles/", total="true")
    assert [item["id"] for item in answer["items"]] == [shown.pk]
    assert answer["page"]["total"] == 1


def test_a_restriction_that_says_public_hides_nothing(get: Any) -> None:
    article = make_article()
    restrict(article, PageViewRestriction.NONE)
    assert get(f"articles/{article.pk}/")["id"] == article.pk


def test_a_restriction_that_is_lifted_shows_the_page_again_at_once(client: Client) -> None:
    article = make_article()
    restriction = restrict(article)
    assert client.get(f"/api/v1/articles/{article.pk}/").status_code == 404
    restriction.delete()
    assert client.get(f"/api/v1/articles/{article.pk}/").status_code == 200


def test_an_alias_of_a_public_page_is_public(get: Any) -> None:
    source = make_article("Source")
    alias = CreatePageAliasAction(source, parent=make_index("Elsewhere")).execute()
    assert get(f"articles/{alias.pk}/")["title"] == "Source"


def hide_by_draft(school: School) -> None:
    School.objects.filter(pk=school.pk).update(live=False)


def hide_by_expiry(school: School) -> None:
    School.objects.filter(pk=school.pk).update(expire_at=timezone.now() - timedelta(seconds=2))


def hide_until_later(school: School) -> None:
    School.objects.filter(pk=school.pk).update(go_live_at=timezone.now() + timedelta(hours=1))


@pytest.mark.parametrize("hide", [hide_by_draft, hide_by_expiry, hide_until_later], ids=lambda hide: hide.__name__)
def test_a_hidden_school_is_nowhere(client: Client, hide: Callable[[School], None]) -> None:
    hidden, shown = make_school(SECRET), make_school("Shown College")
    said = f"<p>{SECRET} teaches.</p>"
    both = make_article(body=[section("S"), listing(hidden, description=said), listing(shown)])
    mixed = make_article(
        body=[
            {
                "type": "school_listing",
                "value": {
                    "schools": [
                        *listing(hidden, description=said)["value"]["schools"],
                        *listing(shown)["value"]["schools"],
                    ]
                },
            }
        ]
    )
    hide(hidden)
    assert client.get(f"/api/v1/schools/{hidden.pk}/").status_code == 404
    assert client.get(f"/api/v1/schools/{hidden.pk}/articles/").status_code == 404
    assert client.get("/api/v1/articles/", {"school": hidden.pk}).json()["items"] == []
    assert [item["id"] for item in client.get("/api/v1/schools/").json()["items"]] == [shown.pk]
    blocks = client.get(f"/api/v1/articles/{both.pk}/").json()["body"]
    assert [block["type"] for block in blocks] == ["section", "school_listing"]
    (block,) = client.get(f"/api/v1/articles/{mixed.pk}/").json()["body"]
    assert [entry["school"]["name"] for entry in block["schools"]] == ["Shown College"]
    for path in (f"articles/{both.pk}/", f"articles/{mixed.pk}/", "articles/?body=html"):
        assert SECRET not in client.get(f"/api/v1/{path}").content.decode()


def test_files_of_a_private_collection_are_nowhere(client: Client) -> None:
    private = private_collection()
    inner = private.add_child(name="Inner")
    image, document = make_image(SECRET, inner), make_document(SECRET, private)
    value = {"image": {"image": image.pk, "alt_text": SECRET, "decorative": False}, "caption": SECRET}
    link = f'<p><a linktype="document" id="{document.pk}">words</a></p>'
    article = make_article(lead_image=image, body=[{"type": "image", "value": value}, section("S", link)])
    school = make_school(logo=image)
    found = client.get(f"/api/v1/articles/{article.pk}/")
    assert found.json()["lead_image"] is None
    assert [block["type"] for block in found.json()["body"]] == ["section"]
    assert found.json()["body"][0]["text"] == '<p><a data-unavailable="true">words</a></p>'
    assert client.get(f"/api/v1/schools/{school.pk}/").json()["logo"] is None
    assert SECRET not in found.content.decode()


def test_somebody_who_is_signed_in_sees_no_more(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    hidden = under_login()
    assert client.get(f"/api/v1/articles/{hidden.pk}/").status_code == 404


def test_cookies_change_nothing_and_none_are_set(client: Client) -> None:
    article = make_article()
    plain = client.get(f"/api/v1/articles/{article.pk}/")
    client.force_login(User.objects.create_superuser("root"))
    signed_in = client.get(f"/api/v1/articles/{article.pk}/")
    assert signed_in.content == plain.content
    assert not signed_in.cookies
    assert "cookie" not in signed_in.headers.get("Vary", "").lower()


def test_each_site_shows_its_own(client: Client) -> None:
    here, there = make_article("Here"), on_another_site()
    other = client.get("/api/v1/articles/", {"site": "other.example"}).json()["items"]
    assert [item["id"] for item in other] == [there.pk]
    assert other[0]["url"] == f"http://other.example/there/{SECRET}/"
    assert client.get(f"/api/v1/articles/{here.pk}/", {"site": "other.example"}).status_code == 404


def test_1200_restrictions_cost_no_more_queries_and_hide_as_one_does(
    client: Client, django_assert_num_queries: Any
) -> None:
    shelf = make_index("Shelf")
    shown = make_article("Shown", shelf)
    others = [make_index(f"Room {number}", shelf) for number in range(3)]
    hidden = make_article(SECRET, others[2])
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page=others[number % 3], restriction_type="login") for number in range(1200)
    )
    assert client.get(f"/api/v1/articles/{hidden.pk}/").status_code == 404
    with django_assert_num_queries(1):
        assert [item["id"] for item in client.get("/api/v1/articles/").json()["items"]] == [shown.pk]
