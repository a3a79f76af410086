"""What the form of an article refuses, and what it keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages.models import ArticleIndexPage, ArticlePage, School, SchoolAlias
from tests.factories import listing, make_article, make_school, section

pytestmark = pytest.mark.django_db


def form(body: list[tuple[str, Any]], *, ids: list[str] | None = None, **more: str) -> dict[str, str]:
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
        "comments": inline_formset([]),
    }
    flat: dict[str, str] = nested_form_data(data) | more
    for number, pk in enumerate(ids or []):
        flat[f"body-{number}-id"] = pk
    return flat


def part(heading: str, anchor: str = "", **fields: str) -> tuple[str, Any]:
    return "section", {"heading": heading, "level": "2", "text": rich_text("<p>Text.</p>"), "anchor": anchor, **fields}


def save(client: Client, page: ArticlePage, data: dict[str, str], *, publish: bool = False) -> Any:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(url, data | ({"action-publish": "1"} if publish else {}))


@pytest.fixture
def article(article_index: ArticleIndexPage) -> ArticlePage:
    return make_article(article_index, title="Working Nights", body=[section("Pay")])


def test_two_equal_anchors_are_refused_with_a_message(admin_client: Client, article: ArticlePage) -> None:
    for publish in (False, True):
        answer = save(admin_client, article, form([part("Pay", "pay"), part("Wages", "pay")]), publish=publish)
        assert answer.status_code == 200
        assert "The section “Pay” has this anchor" in answer.text.replace("\\u201c", "“").replace("\\u201d", "”")


def test_an_anchor_is_not_made_of_a_heading_that_is_still_being_typed(
    admin_client: Client, article: ArticlePage
) -> None:
    new = "0a9f0f0e-3c5f-4a43-8f52-5d8d4a3a1111"
    for typed in ("", "Wh", "What it pa"):
        answer = save(admin_client, article, form([part(typed)], ids=[new]))
        assert answer.status_code == 302, answer.text
    save(admin_client, article, form([part("What It Pays")], ids=[new]), publish=True)
    assert [block.value["anchor"] for block in ArticlePage.objects.get(pk=article.pk).body] == ["what-it-pays"]


def test_a_public_anchor_stays_when_the_form_that_is_still_open_changes_the_heading(
    admin_client: Client, article: ArticlePage
) -> None:
    new = "0a9f0f0e-3c5f-4a43-8f52-5d8d4a3a2222"
    save(admin_client, article, form([part("What It Pays")], ids=[new]), publish=True)
    save(admin_client, article, form([part("Pay and Hours")], ids=[new]))
    save(admin_client, article, form([part("Pay and Hours")], ids=[new]), publish=True)
    [block] = ArticlePage.objects.get(pk=article.pk).body
    assert (block.value["heading"], block.value["anchor"]) == ("Pay and Hours", "what-it-pays")


def test_the_same_school_twice_in_one_listing_is_refused_at_its_entry(
    admin_client: Client, article: ArticlePage
) -> None:
    school = make_school()
    entry = {"school": str(school.pk), "description": rich_text("<p>a</p>")}
    body = [("school_listing", {"schools": streamfield([("item", entry), ("item", entry)])})]
    data = {name: value for name, value in form(body).items() if not name.endswith("-type") or "schools" not in name}
    answer = save(admin_client, article, data, publish=True)
    assert answer.status_code == 200
    assert "is in this listing already" in answer.text


def test_an_empty_table_is_refused_and_one_with_a_cell_is_not(admin_client: Client, article: ArticlePage) -> None:
    def table(cell: str) -> dict[str, str]:
        names = form([]) | {"body-count": "1", "body-0-type": "table", "body-0-order": "0", "body-0-deleted": ""}
        value = {
            "caption": "",
            "column-count": "1",
            "row-count": "1",
            "column-0-type": "text",
            "column-0-order": "0",
            "column-0-deleted": "",
            "column-0-heading": "Job",
            "row-0-order": "0",
            "row-0-deleted": "",
            "cell-0-0": cell,
        }
        return names | {f"body-0-value-{name}": text for name, text in value.items()}

    refused = save(admin_client, article, table(" "), publish=True)
    assert "The table is empty" in refused.text
    assert save(admin_client, article, table("Nurse"), publish=True).status_code == 302


def test_the_chooser_shows_place_and_other_names_and_makes_a_school(admin_client: Client) -> None:
    school = make_school("Riverbend College", city="Dayton", region="Ohio")
    SchoolAlias.objects.create(school=school, name="RBC")
    views = School.snippet_viewset.chooser_viewset
    page = admin_client.get(reverse(views.get_url_name("choose"))).json()["html"]
    for words in ("Riverbend College", "Dayton, Ohio", "RBC", "Create school"):
        assert words in page
    fields = {"name": "New College", "city": "Bern", "region": "", "country": "", "website": ""}
    prefix = page.split('name="')[1:]
    field = next(part.split('"')[0] for part in prefix if part.split('"')[0].endswith("city"))
    names = {field.removesuffix("city") + name: value for name, value in fields.items()}
    answer = admin_client.post(reverse(views.get_url_name("create")), names)
    assert answer.json()["step"] == "chosen", answer.json()
    assert School.objects.get(name="New College").city == "Bern"


def test_a_preview_of_a_draft_gives_sections_the_anchors_that_publishing_would(
    admin_client: Client, article: ArticlePage
) -> None:
    save(admin_client, article, form([part("What It Pays")]))
    revision = ArticlePage.objects.get(pk=article.pk).latest_revision
    page = admin_client.get(reverse("wagtailadmin_pages:revisions_view", args=[article.pk, revision.pk])).text
    assert '<section id="what-it-pays">' in page


def test_an_entry_of_a_listing_knows_its_script(admin_client: Client, article_index: ArticleIndexPage) -> None:
    article = make_article(article_index, title="B", body=[listing((make_school(), ""))])
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).text
    assert "pages/admin/listed_school.js" in page
