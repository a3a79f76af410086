"""Articles as readers get them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_document, make_image, make_index, make_school

RISE = "<p>They rise early.</p>"
pytestmark = pytest.mark.django_db


def test_an_article_comes_with_its_whole_body_typed(get: Any) -> None:
    school = make_school(city="Hull", website="https://rye.example/")
    guides = make_index("Guides")
    article = make_article(
        "Becoming a Baker",
        guides,
        introduction="<p>Bread is <b>old</b>.</p>",
        search_description="All about bread",
        topics=("Bread", "Apprenticeships"),
        body=[
            section("What Bakers Do", RISE, anchor="work"),
            listing(school),
            call_to_action("Compare bakeries", url="https://example.com/compare"),
            {"type": "text", "value": {"text": "<p>Before you apply.</p>"}},
            {"type": "quote", "value": {"text": "Patience.", "attribution": "A baker"}},
            {"type": "code", "value": {"code": "bake  --hot\n", "language": "sh"}},
            {
                "type": "table",
                "value": {
                    "caption": "Pay",
                    "columns": [{"type": "text", "heading": "Year"}, {"type": "text", "heading": "Pay"}],
                    "rows": [{"values": ["1", "20"]}],
                },
            },
        ],
    )
    found = get(f"articles/{article.pk}/")
    blocks = [{key: value for key, value in block.items() if key != "id"} for block in found.pop("body")]
    assert blocks == [
        {
            "type": "section",
            "heading": "What Bakers Do",
            "level": 2,
            "anchor": "work",
            "text": RISE,
        },
        {
            "type": "school_listing",
            "schools": [
                {
                    "id": blocks[1]["schools"][0]["id"],
                    "school": {
                        "id": school.pk,
                        "slug": "rye-college",
                        "name": "Rye College",
                        "website": "https://rye.example/",
                        "city": "Hull",
                        "region": "",
                        "country": "",
                    },
                    "description": "<p>Teaches it well.</p>",
                }
            ],
        },
        {"type": "call_to_action", "text": "Compare bakeries", "url": "https://example.com/compare", "page": None},
        {"type": "text", "text": "<p>Before you apply.</p>"},
        {"type": "quote", "text": "Patience.", "attribution": "A baker"},
        {"type": "code", "code": "bake  --hot\n", "language": "sh"},
        {"type": "table", "caption": "Pay", "header": ["Year", "Pay"], "rows": [["1", "20"]]},
    ]
    assert found.pop("published_at").endswith("Z")
    assert found.pop("updated_at").endswith("Z")
    assert found == {
        "id": article.pk,
        "type": "article",
        "locale": "en",
        "translation_key": str(article.translation_key),
        "slug": "becoming-a-baker",
        "path": "/guides/becoming-a-baker/",
        "url": "http://localhost/guides/becoming-a-baker/",
        "title": "Becoming a Baker",
        "seo": {"title": "Becoming a Baker", "description": "All about bread", "canonical_url": None, "noindex": False},
        "lead_image": None,
        "introduction": "<p>Bread is <b>old</b>.</p>",
    }


def test_links_lead_to_the_public_address_of_pages_and_documents(get: Any) -> None:
    target = make_article("Flour", make_index("Guides"))
    document = make_document()
    text = (
        f'<p><a linktype="page" id="{target.pk}">flour</a> <a linktype="document" id="{document.pk}">recipe</a> '
        '<a href="https://example.com/?a=1&amp;b=2">out</a></p>'
    )
    article = make_article(body=[section("Links", text), call_to_action(page=target)])
    body = get(f"articles/{article.pk}/")["body"]
    assert body[0]["text"] == (
        f'<p><a href="http://localhost/guides/flour/">flour</a> '
        f'<a href="http://127.0.0.1:8000/documents/{document.pk}/{document.filename}">recipe</a> '
        '<a href="https://example.com/?a=1&amp;b=2">out</a></p>'
    )
    assert body[1]["url"] == "http://localhost/guides/flour/"
    assert body[1]["page"] == {
        "id": target.pk,
        "type": "article",
        "title": "Flour",
        "path": "/guides/flour/",
        "url": "http://localhost/guides/flour/",
    }


def test_rich_text_is_sanitised_whatever_code_saved(get: Any) -> None:
    evil = '<p onclick="x()">Hi<script>alert(1)</script><a href="javascript:x()">there</a><img src=x onerror=y></p>'
    article = make_article(introduction=evil, body=[section("S", evil)])
    found = get(f"articles/{article.pk}/")
    assert found["introduction"] == '<p>Hi<a data-unavailable="true">there</a></p>'
    assert found["body"][0]["text"] == found["introduction"]


def test_text_cannot_pose_as_a_reference_to_something_else(get: Any) -> None:
    forged = "\ufdd0school:1\ufdd0"
    article = make_article(
        title=f"T{forged}",
        introduction=f"<p>{forged} &#xfdd0;school:1&#xfdd0;</p>",
        search_description=forged,
        body=[section(f"H{forged}", f"<p>{forged}</p>"), {"type": "quote", "value": {"text": forged}}],
    )
    found = get(f"articles/{article.pk}/")
    assert found["title"] == "Tschool:1"
    assert found["introduction"] == "<p>school:1 school:1</p>"
    assert [block.get("heading") or block["text"] for block in found["body"]] == ["Hschool:1", "school:1"]


def test_images_come_with_size_focal_point_and_full_address(get: Any) -> None:
    image = make_image(focal_point_x=320, focal_point_y=120, focal_point_width=64, focal_point_height=48)
    value = {"image": {"image": image.pk, "alt_text": "A loaf", "decorative": False}, "caption": "Fresh"}
    article = make_article(lead_image=image, body=[{"type": "image", "value": value}])
    found = get(f"articles/{article.pk}/")
    assert found["lead_image"]["url"].startswith("http://127.0.0.1:8000/media/")
    assert (found["lead_image"]["width"], found["lead_image"]["height"]) == (image.width, image.height)
    assert found["lead_image"]["focal_point"] == {"x": 0.5, "y": 0.25, "width": 0.1, "height": 0.1}
    block = found["body"][0]
    assert (block["alt"], block["caption"], block["image"]["id"]) == ("A loaf", "Fresh", image.pk)


def test_an_article_is_found_by_its_path_with_or_without_a_slash_at_the_end(get: Any) -> None:
    article = make_article("Flour", make_index("Guides"))
    assert get("articles/by-path/", path="/guides/flour/")["id"] == article.pk
    assert get("articles/by-path/", path="/guides/flour")["id"] == article.pk


def test_a_renamed_parent_changes_the_paths_below_at_once(get: Any) -> None:
    guides = make_index("Guides")
    article = make_article("Flour", guides)
    guides.slug = "manuals"
    guides.save_revision().publish()
    assert get(f"articles/{article.pk}/")["path"] == "/manuals/flour/"


def test_a_school_that_is_renamed_is_renamed_in_every_article(get: Any) -> None:
    school = make_school("Old Name")
    article = make_article(body=[listing(school)])
    school.name = "New Name"
    school.save()
    assert get(f"articles/{article.pk}/")["body"][0]["schools"][0]["school"]["name"] == "New Name"


def test_a_draft_of_a_live_article_stays_inside(get: Any) -> None:
    article = make_article("Public Words", introduction="<p>Seen</p>")
    article.title = "Secret Words"
    article.introduction = "<p>Unseen</p>"
    article.save_revision()
    found = get(f"articles/{article.pk}/")
    assert (found["title"], found["introduction"]) == ("Public Words", "<p>Seen</p>")


def test_lists_show_articles_without_bodies_unless_asked(get: Any) -> None:
    make_article(body=[section("S")])
    (plain,) = get("articles/")["items"]
    (full,) = get("articles/", body="html")["items"]
    assert "body" not in plain
    assert full["body"][0]["heading"] == "S"
    assert full == {**plain, "body": full["body"]}


def test_addresses_do_not_follow_the_host_header(client: Client) -> None:
    article = make_article("Flour", make_index("Guides"))
    response = client.get(f"/api/v1/articles/{article.pk}/", headers={"host": "localhost"})
    assert response.json()["url"] == "http://localhost/guides/flour/"
    assert b"testserver" not in client.get("/api/v1/articles/", {"limit": 1}).content
