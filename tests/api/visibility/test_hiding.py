"""What was public is out of every answer at once when it is hidden, whatever answer of before a client brings along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

from pages.models import ArticlePage, School
from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_document, make_image, make_index, make_school, restrict

pytestmark = pytest.mark.django_db
WORD = "xylophone"
ALL = "schools,images,topics,parent,translations"


def urls(page: Page, school: School, image: Any) -> list[str]:
    """Every way to come upon an article, a school, an image, and upon what mentions them."""
    lists = ["articles/", "schools/", "topics/", "images/", "indexes/", "sitemap/", "redirects/"]
    return [
        *(f"/api/v1/{path}?total=true" for path in lists),
        *(f"/api/v1/articles/?body={body}&include={ALL}" for body in ("html", "markdown", "text")),
        *(f"/api/v1/articles/?{name}" for name in (f"slug={WORD}", f"topic={WORD}", f"school={school.pk}")),
        *(f"/api/v1/articles/{page.pk}/{form}" for form in ("", "markdown/", "sections/one/")),
        *(f"/api/v1/by-path/?path={path}" for path in (f"/secret/{WORD}/", f"/old-{WORD}", "/open/mentions/")),
        f"/api/v1/articles/by-path/?path=/open/mentions/&include={ALL}",
        f"/api/v1/schools/{school.pk}/",
        f"/api/v1/schools/{school.pk}/articles/?include={ALL}",
        f"/api/v1/images/{image.pk}/",
        f"/api/v1/topics/{WORD}/",
        f"/api/v1/search/?q={WORD}&total=true",
        "/api/v1/search/?q=mentions",
        "/api/v1/navigation/",
        "/llms.txt",
    ]


def hide_by(**restriction: str) -> Callable[[ArticlePage], Any]:
    return lambda page: PageViewRestriction.objects.create(page=page, **restriction)


def expire(page: ArticlePage) -> None:
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(seconds=1))


def postpone(page: ArticlePage) -> None:
    Page.objects.filter(pk=page.pk).update(go_live_at=timezone.now() + timedelta(days=1))


def take_off(page: ArticlePage) -> None:
    """Without a signal."""
    Page.objects.filter(pk=page.pk).update(live=False)


def restrict_parent(page: ArticlePage) -> None:
    restrict(page.get_parent())


def move_below_restricted(page: ArticlePage) -> None:
    shelf = make_index("Closed")
    restrict(shelf)
    page.move(shelf, pos="last-child")


WAYS = {
    "login": hide_by(restriction_type="login"),
    "password": hide_by(restriction_type="password", password="secret"),
    "groups": hide_by(restriction_type="groups"),
    "restricted parent": restrict_parent,
    "moved below a restricted page": move_below_restricted,
    "unpublished": ArticlePage.unpublish,
    "deleted": ArticlePage.delete,
    "expired": expire,
    "postponed": postpone,
    "taken off by an update": take_off,
}


def validators(client: Client, asked: list[str]) -> dict[str, str]:
    """Of all answers that say the word."""
    answers = {url: client.get(url) for url in asked}
    return {url: answer.headers["ETag"] for url, answer in answers.items() if WORD in answer.content.decode().lower()}


def assert_silent(client: Client, asked: list[str], before: dict[str, str]) -> None:
    """No answer says the word, and none confirms one that did."""
    for url in asked:
        assert WORD not in client.get(url).content.decode().lower(), url
    for url, etag in before.items():
        assert client.get(url, headers={"if-none-match": etag}).status_code in {200, 404}, url


@pytest.mark.parametrize("hide", WAYS.values(), ids=WAYS)
def test_a_page_is_out_of_every_answer_at_once(client: Client, hide: Callable[[ArticlePage], Any]) -> None:
    school, image = make_school(), make_image()
    page = make_article(
        f"The {WORD}",
        make_index("Secret"),
        slug=WORD,
        show_in_menus=True,
        topics=(WORD,),
        body=[section("One", f"<p>A {WORD}.</p>", anchor="one"), listing(school)],
        lead_image=image,
    )
    link = f'<p><a linktype="page" id="{page.pk}">there</a></p>'
    make_article("Mentions", make_index("Open"), slug="mentions", body=[section("Go", link), call_to_action(page=page)])
    Redirect.objects.create(old_path=f"/old-{WORD}", redirect_page=page)
    asked = urls(page, school, image)
    before = validators(client, asked)
    assert len(before) >= 20
    hide(page)
    assert_silent(client, asked, before)


def moved_and_deleted(school: School, image: Any, document: Any) -> None:
    collection = image.collection.add_child(name="Closed")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    for file in (image, document):
        file.collection = collection
        file.save()
    school.delete()


def restricted_and_unpublished(school: School, image: Any, document: Any) -> None:
    CollectionViewRestriction.objects.create(collection=image.collection, restriction_type="groups")
    school.unpublish()


def deleted(school: School, image: Any, document: Any) -> None:
    for thing in (school, image, document):
        thing.delete()


@pytest.mark.parametrize("hide", [moved_and_deleted, restricted_and_unpublished, deleted])
def test_schools_and_files_are_out_of_every_answer_at_once(client: Client, hide: Callable[..., Any]) -> None:
    school = make_school(f"College of the {WORD}")
    image, document = make_image(f"A {WORD}"), make_document(WORD)
    document.file.name = f"documents/{WORD}.txt"
    document.save()
    link = f'<p><a linktype="document" id="{document.pk}">there</a></p>'
    picture = {"image": {"image": image.pk, "alt_text": WORD, "decorative": False}, "caption": WORD}
    body = [section("One", link, anchor="one"), listing(school, description=f"<p>It has a {WORD}.</p>")]
    page = make_article(
        "Mentions", make_index("Open"), slug="mentions", body=[*body, {"type": "image", "value": picture}],
        lead_image=image,
    )  # fmt: skip
    make_school("Rye College", logo=image)
    asked = urls(page, school, image)
    before = validators(client, asked)
    assert len(before) >= 12
    hide(school, image, document)
    assert_silent(client, asked, before)
