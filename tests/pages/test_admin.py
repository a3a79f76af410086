"""Editors find what they expect, and what they save is checked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from pages.blocks import BODY, public_blocks
from pages.models import ArticleIndexPage, ArticlePage, School
from tests.factories import listing, make_article, make_school, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(admin_client: Client) -> Client:
    return admin_client


def article_form(**fields: Any) -> dict[str, str]:
    body = fields.pop("body", [])
    data: dict[str, Any] = {
        "title": "Working Nights",
        "slug": "working-nights",
        "introduction": rich_text("<p>Hi</p>"),
        "topics": "",
        "lead_image": "",
        "seo_title": "",
        "search_description": "",
        "canonical_url": "",
        "body": streamfield(body),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": "",
    } | fields
    form: dict[str, str] = nested_form_data(data)
    return form


def test_an_article_is_written_and_published(admin: Client, article_index: ArticleIndexPage) -> None:
    url = reverse("wagtailadmin_pages:add", args=["pages", "articlepage", article_index.pk])
    body = [("section", {"heading": "Pay", "level": "2", "text": rich_text("<p>Well.</p>"), "anchor": ""})]
    response = admin.post(url, article_form(body=body, topics="health, nights") | {"action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    article = ArticlePage.objects.get()
    assert article.live
    assert sorted(topic.name for topic in article.topics.all()) == ["health", "nights"]
    assert [block.value["anchor"] for block in article.body] == ["pay"]


def test_an_article_with_every_kind_of_block_opens_in_the_editor(
    admin: Client, article_index: ArticleIndexPage
) -> None:
    article = make_article(
        article_index,
        body=[
            section("Pay"),
            ("text", {"text": "<p>a</p>"}),
            listing((make_school(), "<p>b</p>")),
            ("call_to_action", {"text": "Search"}),
            ("quote", {"text": "c", "attribution": "d"}),
            ("code", {"code": "e", "language": "sh"}),
        ],
    )
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    assert response.status_code == 200
    assert "Riverbend College" in response.text


def test_schools_are_listed_filtered_and_searched(admin: Client) -> None:
    make_school("Riverbend College", country="Canada")
    make_school("Hilltop Institute", country="Ireland")
    url = reverse(School.snippet_viewset.get_url_name("list"))
    assert "Hilltop" in admin.get(url).text
    assert "Hilltop" not in admin.get(url, {"country": "Canada"}).text
    assert "Riverbend" not in admin.get(url, {"q": "hilltop"}).text


def test_a_school_shows_where_it_is_used(admin: Client, article_index: ArticleIndexPage) -> None:
    school = make_school()
    make_article(article_index, title="Working Nights", body=[listing((school, "<p>a</p>"))])
    response = admin.get(reverse(School.snippet_viewset.get_url_name("usage"), args=[school.pk]))
    assert "Working Nights" in response.text


def test_a_school_is_edited_with_its_other_names(admin: Client) -> None:
    school = make_school()
    form = nested_form_data(
        {
            "name": "Riverbend College",
            "slug": "riverbend-college",
            "description": rich_text("<p>By the river.</p>"),
            "city": "",
            "region": "",
            "country": "",
            "website": "",
            "logo": "",
            "aliases-TOTAL_FORMS": 1,
            "aliases-INITIAL_FORMS": 0,
            "aliases-MIN_NUM_FORMS": 0,
            "aliases-MAX_NUM_FORMS": "",
            "aliases-0-name": "RBC",
            "aliases-0-id": "",
            "aliases-0-DELETE": "",
            "aliases-0-ORDER": "1",
        }
    )
    url = reverse(School.snippet_viewset.get_url_name("edit"), args=[school.pk])
    response = admin.post(url, form | {"action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    assert list(School.objects.named("rbc")) == [school]


def test_a_call_to_action_leads_to_one_place_only(article_index: ArticleIndexPage) -> None:
    block: Any = public_blocks()["call_to_action"]
    value = BODY.child_blocks["call_to_action"].to_python(
        {"text": "Go", "page": article_index.pk, "url": "https://example.com/"}
    )
    with pytest.raises(ValidationError) as error:
        block.clean(value)
    problem: Any = error.value
    assert "not both" in str(problem.block_errors["url"])


def test_every_kind_of_block_has_a_public_name_of_its_own() -> None:
    names = [block.public_name for block in public_blocks().values()]
    assert len(set(names)) == len(names) == 8


def test_an_article_is_shown_to_people(client: Client, article_index: ArticleIndexPage) -> None:
    body = [
        section("Pay", "<p>Well.</p>"),
        listing((make_school(), "<p>By the river.</p>")),
        ("call_to_action", {"text": "Search", "url": "https://example.com/"}),
        ("table", {"columns": [{"type": "text", "heading": "Job"}], "rows": [{"values": ["Nurse"]}], "caption": ""}),
    ]
    article = make_article(article_index, title="Working Nights", body=body)
    page = client.get(article.url).text
    for words in ("<h2>Pay</h2>", 'id="pay"', "Riverbend College", "By the river.", "Nurse", "https://example.com/"):
        assert words in page


def test_the_first_page_says_where_everything_is(client: Client, article_index: ArticleIndexPage) -> None:
    make_article(article_index, title="Working Nights")
    page = client.get("/").text
    for link in ("/admin/", "/api/v1/docs/", "/api/v1/articles/", "Working Nights"):
        assert link in page
