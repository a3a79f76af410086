"""Articles as readers get them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.actions.create_alias import CreatePageAliasAction

from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_document, make_image, make_index, make_school, make_site

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
        "alias_of": None,
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
        f'<p><a href="/guides/flour/" data-page="{target.pk}" data-type="article">flour</a> '
        f'<a href="http://testserver/documents/{document.pk}/{document.filename}">recipe</a> '
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
    assert found["lead_image"]["url"].startswith("http://testserver/media/")
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


def test_addresses_of_pages_do_not_follow_the_host_header(client: Client) -> None:
    article = make_article("Flour", make_index("Guides"))
    response = client.get(f"/api/v1/articles/{article.pk}/", headers={"host": "localhost"})
    assert response.json()["url"] == "http://localhost/guides/flour/"
    assert b"testserver" not in client.get("/api/v1/articles/", {"limit": 1}).content


def test_addresses_of_files_follow_the_request_unless_they_are_set(client: Client, settings: Any) -> None:
    article = make_article(lead_image=make_image())
    url = f"/api/v1/articles/{article.pk}/"

    def image(host: str) -> tuple[str, str]:
        answer = client.get(url, headers={"host": host})
        return answer.json()["lead_image"]["url"].partition("/media/")[0], answer.headers["ETag"]

    (here, etag), (there, other_etag) = image("testserver"), image("localhost:8231")
    assert (here, there) == ("http://testserver", "http://localhost:8231")
    assert etag != other_etag
    assert b"http://localhost:8231/api/" in client.get("/llms.txt", headers={"host": "localhost:8231"}).content
    settings.API_BASE_URL = "https://files.example.com/"
    assert image("testserver")[0] == image("localhost:8231")[0] == "https://files.example.com"


def test_links_in_markdown_are_full_urls(client: Client, get: Any) -> None:
    target = make_article("Flour", make_index("Guides"))
    article = make_article(body=[section("S", f'<p><a linktype="page" id="{target.pk}">flour</a></p>')])
    assert "http://localhost/guides/flour/" in get(f"articles/{article.pk}/", body="markdown")["body_markdown"]
    assert b"http://localhost/guides/flour/" in client.get(f"/api/v1/articles/{article.pk}/markdown/").content


def test_an_alias_says_what_it_is_an_alias_of(get: Any) -> None:
    source = make_article("Flour", make_index("Guides"))
    alias = CreatePageAliasAction(source, parent=make_index("More"), update_slug="flour-too").execute()
    found = get(f"articles/{alias.pk}/")
    assert (found["path"], found["alias_of"]) == ("/more/flour-too/", source.pk)
    assert found["seo"]["canonical_url"] == "http://localhost/guides/flour/"
    own = get(f"articles/{source.pk}/")
    assert (own["alias_of"], own["seo"]["canonical_url"]) == (None, None)


def test_an_alias_of_a_page_of_another_site_says_nothing_of_it(get: Any) -> None:
    source = make_article("Flour", make_index("Guides", make_site().root_page))
    alias = CreatePageAliasAction(source, parent=make_index("More"), update_slug="flour-too").execute()
    found = get(f"articles/{alias.pk}/")
    assert (found["alias_of"], found["seo"]["canonical_url"]) == (None, None)


def test_articles_are_listed_by_title_and_by_place(get: Any) -> None:
    first, second = make_index("First"), make_index("Second")
    titles = {"Éclairs": second, "apples": first, "Bread": second, "Zucchini": first}
    for title, shelf in titles.items():
        make_article(title, shelf)

    def told(order: str) -> list[str]:
        found, cursor = [], None
        while True:
            answer = get("articles/", order=order, limit=1, **({"cursor": cursor} if cursor else {}))
            found += [item["title"] for item in answer["items"]]
            cursor = answer["page"]["next"]
            if cursor is None:
                return found

    assert told("title") == ["apples", "Bread", "Éclairs", "Zucchini"]
    assert told("-title") == ["Zucchini", "Éclairs", "Bread", "apples"]
    assert told("tree") == ["apples", "Zucchini", "Éclairs", "Bread"]
