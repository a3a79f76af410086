"""Search, tree, files and forms: the rest of what can be read."""

from __future__ import annotations

import gzip
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from api.http import responses as answers
from pages.renditions import make_renditions
from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import home, make_article, make_image, make_index, make_school, restrict

pytestmark = pytest.mark.django_db


def titles(answer: Any) -> list[str]:
    return [item["article"]["title"] for item in answer["items"]]


def test_search_finds_articles_by_all_their_words_best_first(get: Any) -> None:
    make_article("Sourdough", body=[section("Bread", "<p>Rye bread needs patience.</p>")])
    make_article("Bread", body=[section("Bread", "<p>All about bread, and bread again.</p>")])
    make_article("Cake", body=[section("Cake", "<p>Sugar.</p>")])
    found = get("search/", q="bread", total="true")
    assert titles(found) == ["Bread", "Sourdough"]
    assert found["page"]["total"] == 2
    assert titles(get("search/", q="rye bread")) == ["Sourdough"]
    assert titles(get("search/", q='"bread needs"')) == ["Sourdough"]
    assert titles(get("search/", q='"needs bread"')) == []
    assert titles(get("search/", q="breads")) == ["Bread", "Sourdough"]
    assert titles(get("search/", q="bread", locale="fr")) == []


def test_an_excerpt_shows_the_words_marked_and_everything_else_escaped(get: Any) -> None:
    make_article("T", body=[section("S", "<p>" + "Filler words. " * 60 + "Now 1 &lt; 2 rye loaves &amp; more.</p>")])
    (hit,) = get("search/", q="rye")["items"]
    assert "1 &lt; 2 <mark>rye</mark> loaves &amp; more" in hit["excerpt"]
    assert hit["excerpt"].startswith("… ")
    assert len(hit["excerpt"]) < 400


def test_search_goes_on_by_cursor(get: Any) -> None:
    for number in range(5):
        make_article(f"Bread {number}")
    first = get("search/", q="bread", limit=2)
    second = get("search/", q="bread", limit=2, cursor=first["page"]["next"])
    third = get("search/", q="bread", limit=2, cursor=second["page"]["next"])
    assert len({*titles(first), *titles(second), *titles(third)}) == 5
    assert third["page"]["next"] is None
    assert get("search/", q="bread", limit=2, cursor=second["page"]["previous"])["items"] == first["items"]


@pytest.mark.parametrize(
    "q", ['"', "AND", "NEAR(", "a* OR -b", "'; DROP", "\\", "()", "!!", "é", "*" * 200, "a:b", "^x"]
)
def test_search_takes_any_text_for_words(get: Any, q: str) -> None:
    make_article("Bread")
    assert get("search/", q=q)["items"] == []


def test_hidden_articles_and_listings_are_not_found(get: Any) -> None:
    restrict(make_article("Xylophone"))
    school = make_school("S", live=False)
    make_article("Listing", body=[listing(school, description="<p>xylophone</p>")])
    assert get("search/", q="xylophone", total="true")["page"]["total"] == 0


def test_what_is_at_a_path(client: Client, get: Any) -> None:
    guides = make_index("Guides")
    article = make_article("Flour", guides)
    Redirect.add_redirect("/old/", article)
    Redirect.add_redirect("/away/", "https://example.com/", is_permanent=False)
    page = get("by-path/", path="/guides/flour/")
    assert (page["kind"], page["article"]["id"]) == ("article", article.pk)
    assert get("by-path/", path="/guides/")["index"]["title"] == "Guides"
    assert get("by-path/", path="/")["page"]["id"] == home().pk
    assert get("by-path/", path="/old/")["redirect"] == {
        "id": Redirect.objects.get(old_path="/old").pk,
        "path": "/old",
        "to": "http://localhost/guides/flour/",
        "to_path": "/guides/flour/",
        "permanent": True,
    }
    assert get("by-path/", path="/away")["redirect"]["permanent"] is False
    restrict(article)
    for path in ("/nothing/", "nothing", "/guides/flour/", "/old/"):
        assert client.get("/api/v1/by-path/", {"path": path}).json()["code"] == "not-found"
    assert [item["path"] for item in get("redirects/")["items"]] == ["/away"]


def test_indexes_and_what_stands_under_them(get: Any) -> None:
    guides = make_index("Guides", introduction="<p>Hi<script>x</script></p>")
    inner = make_index("Inner", guides)
    article = make_article("Flour", inner)
    other = make_article("Elsewhere")
    assert get(f"indexes/{guides.pk}/")["introduction"] == "<p>Hi</p>"
    assert [item["id"] for item in get("indexes/", parent=guides.pk)["items"]] == [inner.pk]
    assert [item["id"] for item in get("articles/", parent=guides.pk)["items"]] == []
    assert [item["id"] for item in get("articles/", parent=inner.pk)["items"]] == [article.pk]
    assert [item["id"] for item in get("articles/", descendant_of=guides.pk)["items"]] == [article.pk]
    assert {item["id"] for item in get("articles/", descendant_of=home().pk)["items"]} == {article.pk, other.pk}
    assert get("articles/", parent=999999)["items"] == []


def test_navigation_is_a_tree_of_the_pages_shown_in_menus(get: Any) -> None:
    guides = make_index("Guides", show_in_menus=True)
    hidden_between = make_index("Between", guides)
    make_article("Flour", hidden_between, show_in_menus=True)
    make_index("About", show_in_menus=True)
    restrict(make_index("Members", show_in_menus=True))
    items = get("navigation/")["items"]
    assert [(item["title"], [child["title"] for child in item["children"]]) for item in items] == [
        ("Guides", ["Flour"]),
        ("About", []),
    ]


def test_the_sitemap_leaves_out_what_search_engines_should_not_show(get: Any) -> None:
    guides = make_index("Guides")
    make_article("Flour", guides)
    make_article("Quiet", guides, noindex=True)
    assert [item["path"] for item in get("sitemap/")["items"]] == ["/", "/guides/", "/guides/flour/"]


def test_topics_are_those_of_visible_articles(get: Any, client: Client) -> None:
    make_article("Flour", topics=("Bread",))
    restrict(make_article("Hidden", topics=("Secrets",)))
    assert [item["slug"] for item in get("topics/")["items"]] == ["bread"]
    assert get("topics/bread/")["name"] == "Bread"
    assert client.get("/api/v1/topics/secrets/").status_code == 404


def test_images_come_with_the_renditions_that_publication_made(
    get: Any, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    image, unused = make_image(), make_image("Unused")
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(lead_image=image)
    found = get(f"articles/{article.pk}/")["lead_image"]
    assert found["renditions"]["small"]["width"] == 480
    assert (found["renditions"]["thumbnail"]["width"], found["renditions"]["thumbnail"]["height"]) == (320, 180)
    assert " 480w" in found["srcset"]
    assert [item["id"] for item in get("images/")["items"]] == [image.pk]
    assert get(f"images/{image.pk}/") == found
    assert client.get(f"/api/v1/images/{unused.pk}/").status_code == 404


def test_reading_makes_no_renditions(get: Any) -> None:
    image = make_image()
    article = make_article(lead_image=image)
    assert get(f"articles/{article.pk}/")["lead_image"]["renditions"] == {}
    assert image.renditions.count() == 0
    make_renditions([image.pk])
    assert set(get(f"articles/{article.pk}/")["lead_image"]["renditions"]) == {"thumbnail", "small", "medium", "large"}


def test_the_body_comes_in_the_form_that_is_asked_for(get: Any) -> None:
    school = make_school()
    article = make_article(
        "Flour",
        body=[
            section("Rye", "<p>One <b>two</b>.</p>", level="3"),
            listing(school),
            call_to_action(url="https://x.example/"),
        ],
    )
    markdown = get(f"articles/{article.pk}/", body="markdown")
    assert "body" not in markdown
    assert markdown["body_markdown"] == (
        "### Rye\n\nOne **two**.\n\n- **Rye College**: Teaches it well.\n\n[Compare bakeries](<https://x.example/>)"
    )
    assert get(f"articles/{article.pk}/", body="text")["body_text"] == (
        "Rye\nOne two.\n\nRye College: Teaches it well.\n\nCompare bakeries"
    )


def test_an_article_is_to_be_had_as_markdown(client: Client) -> None:
    article = make_article("Rye & <Wheat>", introduction="<p>Hi</p>", body=[section("S")])
    response = client.get(f"/api/v1/articles/{article.pk}/markdown/", headers={"accept": "text/markdown"})
    assert response.headers["Content-Type"].startswith("text/markdown")
    assert response.content.decode() == "# Rye \\& \\<Wheat\\>\n\nHi\n\n## S\n\nFlour and water.\n"
    negotiated = client.get(f"/api/v1/articles/{article.pk}/", headers={"accept": "text/markdown"})
    assert negotiated.status_code == 406
    plain = client.get(f"/api/v1/articles/{article.pk}/")
    assert plain.headers["Content-Type"] == "application/json"
    assert plain.headers["Vary"] == "Accept-Encoding"


def test_llms_txt_lists_visible_articles_as_markdown(client: Client) -> None:
    article = make_article("Rye", search_description="All about rye")
    restrict(make_article("Hidden"))
    told = client.get("/llms.txt").content.decode()
    assert f"- [Rye](http://testserver/api/v1/articles/{article.pk}/markdown/): All about rye" in told
    assert "Hidden" not in told


def test_a_section_comes_with_all_that_belongs_to_it(get: Any, client: Client) -> None:
    article = make_article(
        body=[
            section("One", anchor="one"),
            section("Below", anchor="below", level="3"),
            call_to_action(),
            section("Two", anchor="two"),
        ]
    )
    one = get(f"articles/{article.pk}/sections/one/")
    assert [block.get("heading") for block in one["blocks"]] == ["One", "Below", None]
    assert [block["heading"] for block in get(f"articles/{article.pk}/sections/two/")["blocks"]] == ["Two"]
    assert client.get(f"/api/v1/articles/{article.pk}/sections/three/").status_code == 404


def test_only_the_fields_that_are_asked_for_come(get: Any) -> None:
    article = make_article("Flour")
    assert get(f"articles/{article.pk}/", fields="title,path") == {
        "id": article.pk,
        "type": "article",
        "path": "/" + article.url_path.split("/", 2)[2],
        "title": "Flour",
    }


def test_related_objects_come_along_in_full(get: Any) -> None:
    school, image = make_school(city="Hull"), make_image()
    article = make_article(body=[listing(school)], lead_image=image, topics=("Bread",))
    french = Locale.objects.create(language_code="fr")
    home().copy_for_translation(french).save_revision().publish()
    Page.objects.get(pk=article.get_parent().pk).specific.copy_for_translation(french).save_revision().publish()
    translation = article.copy_for_translation(french)
    translation.save_revision().publish()
    found = get(f"articles/{article.pk}/", include="schools,images,topics,parent,translations")
    assert [(item["name"], item["city"]) for item in found["schools"]] == [("Rye College", "Hull")]
    assert [item["id"] for item in found["images"]] == [image.pk]
    assert [item["slug"] for item in found["topics"]] == ["bread"]
    assert found["parent"]["id"] == article.get_parent().pk
    assert [(item["locale"], item["id"]) for item in found["translations"]] == [("fr", translation.pk)]
    restrict(article.get_parent().specific.get_translation(french))
    assert get(f"articles/{article.pk}/", include="translations")["translations"] == []


def test_a_client_that_has_the_answer_is_told_so(client: Client, django_assert_num_queries: Any) -> None:
    article = make_article(body=[section("S")])
    path = f"/api/v1/articles/{article.pk}/"
    first = client.get(path)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    headers = {"if-none-match": f'"other", W/{tag}', "cache-control": "no-cache"}
    again = client.get(path, headers=headers)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert not {"Content-Type", "Last-Modified", "Cache-Tag"} & set(again.headers)
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    article.title = "New"
    article.save_revision().publish()
    changed = client.get(path, headers=headers)
    assert (changed.status_code, changed.json()["title"]) == (200, "New")
    assert changed.headers["ETag"] != tag


def test_a_renamed_school_changes_the_validator_of_its_articles(client: Client) -> None:
    school = make_school("Old")
    path = f"/api/v1/articles/{make_article(body=[listing(school)]).pk}/"
    tag = client.get(path).headers["ETag"]
    school.name = "New"
    school.save()
    assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_answers_say_how_long_they_hold_and_what_they_are_made_of(client: Client) -> None:
    school = make_school()
    article = make_article(body=[listing(school)])
    headers = client.get(f"/api/v1/articles/{article.pk}/").headers
    assert (
        headers["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
    )
    assert headers["Cache-Tag"] == f"page-{article.pk},school-{school.pk}"
    assert headers["Last-Modified"].endswith("GMT")
    missing = client.get("/api/v1/articles/999999/").headers["Cache-Control"]
    assert missing == "public, max-age=0, s-maxage=10"


def test_an_answer_made_of_too_much_names_the_kinds(client: Client) -> None:
    schools = [make_school(f"School number {number}") for number in range(60)]
    articles = [
        make_article(slug=f"bees-{number}", body=[listing(*schools[5 * number : 5 * number + 5])])
        for number in range(12)
    ]
    path = f"/api/v1/articles/?body=html&limit={len(articles)}"
    named = client.get(path).headers["Cache-Tag"].split(",")
    assert set(named) == {
        "articles",
        *(f"page-{article.pk}" for article in articles),
        *(f"school-{school.pk}" for school in schools),
    }
    with mock.patch.object(answers, "MAX_CACHE_TAG_CHARACTERS", 100):
        assert client.get(path).headers["Cache-Tag"] == "articles,pages,schools"


def test_answers_are_compressed_for_those_who_can_read_it(client: Client) -> None:
    article = make_article(body=[section("S", "<p>" + "Flour and water. " * 100 + "</p>")])
    path = f"/api/v1/articles/{article.pk}/"
    plain = client.get(path)
    packed = client.get(path, headers={"accept-encoding": "br, gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    for tag in (packed.headers["ETag"], plain.headers["ETag"]):
        assert client.get(path, headers={"accept-encoding": "gzip", "if-none-match": tag}).status_code == 304
    assert "Content-Encoding" not in client.get(path, headers={"accept-encoding": "gzip;q=0"}).headers


def test_any_origin_may_read_and_none_with_credentials(client: Client) -> None:
    headers = client.get("/api/v1/articles/", headers={"origin": "https://front.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in headers


def test_too_many_requests_are_refused_for_a_while(client: Client, settings: Any) -> None:
    settings.API_THROTTLE = "3/min"
    address: Any = {"REMOTE_ADDR": "192.0.2.7"}
    statuses = [client.get("/api/v1/", **address).status_code for _ in range(5)]
    refused = client.get("/api/v1/", **address)
    assert statuses[:3] == [200, 200, 200]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["code"] == "too-many-requests"
    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.8").status_code == 200


def test_a_client_cannot_change_its_address_by_a_header(client: Client, settings: Any) -> None:
    settings.API_THROTTLE = "1/hour"
    answers = [
        client.get("/api/v1/", REMOTE_ADDR="192.0.2.9", headers={"x-forwarded-for": f"198.51.100.{number}"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
