"""Full-text search of articles, as readers ask it."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client

from api.http.cursors import SIGNATURE_BYTES
from api.search import hits
from api.search.query import understand
from pages.models import ArticlePage, PublishedText
from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_document, make_image, make_index, make_school, make_site, restrict
from tests.api.visibility import test_rules

pytestmark = pytest.mark.django_db


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "value": {"text": f"<p>{words}</p>"}}


@pytest.fixture
def found(get: Any) -> Callable[..., list[str]]:
    """Titles of what a search finds, in order."""

    def titles(words: str, **parameters: Any) -> list[str]:
        return [item["article"]["title"] for item in get("search/", q=words, **parameters)["items"]]

    return titles


def test_an_article_is_found_by_words_of_its_title_headings_introduction_and_blocks(found: Any) -> None:
    table = {
        "caption": "Wages",
        "columns": [{"type": "text", "heading": "Season"}],
        "rows": [{"values": ["Harvest"]}],
    }
    make_article(
        "Keeping Bees",
        introduction="<p>Honey is <b>old</b>.</p>",
        body=[
            section("Frames and Hives", "<p>Smoke calms them.</p>"),
            text("Queens emerge."),
            call_to_action("Buy a veil"),
            {"type": "quote", "value": {"text": "Patience pays.", "attribution": "Melissa"}},
            {"type": "table", "value": table},
        ],
    )
    for word in [
        "bees",
        "honey",
        "old",
        "hives",
        "smoke",
        "queens",
        "veil",
        "patience",
        "melissa",
        "wages",
        "season",
        "harvest",
    ]:
        assert found(word) == ["Keeping Bees"], word


def test_case_accents_and_english_endings_make_no_difference(found: Any) -> None:
    make_article("Educación and Nursing")
    for words in ("EDUCACION", "educación", "Nurse", "NURSES", "nursing"):
        assert found(words) == ["Educación and Nursing"], words


def test_every_word_must_occur(found: Any) -> None:
    make_article("Bees", body=[text("smoke")])
    assert found("bees smoke") == ["Bees"]
    assert found("bees mirrors") == []


def test_quoted_words_follow_each_other(found: Any) -> None:
    make_article("Bees", body=[text("the night shift begins")])
    assert found('"night shift"') == ["Bees"]
    assert found('bees "night shift"') == ["Bees"]
    assert found('"shift night"') == []
    assert found('"the night"') == ["Bees"]
    assert found('"shift night') == ["Bees"]  # a quotation mark alone quotes nothing


@pytest.mark.parametrize("words", ["night-shift", "night/shift", "e.g.night@shift", "night’s"])
def test_punctuation_separates_words(found: Any, words: str) -> None:
    make_article("Bees", body=[text(f"on {words} eg e g")])
    assert found("night") == ["Bees"]
    assert found(words) == ["Bees"]


def test_no_word_is_too_common_to_be_found(found: Any) -> None:
    make_article("The Art of It")
    assert found("the") == found("of it") == ["The Art of It"]


def test_the_title_weighs_more_than_a_heading_and_a_heading_more_than_text(found: Any) -> None:
    filler = text("plain words " * 30)
    make_article("In a Heading", body=[section("Bees", "<p>None.</p>"), filler])
    make_article("In the Text", body=[section("None", "<p>Bees.</p>"), filler])
    make_article("Bees in the Title", body=[section("None", "<p>None.</p>"), filler])
    make_article("Other", body=[filler])
    assert found("bees") == ["Bees in the Title", "In a Heading", "In the Text"]


def test_what_says_a_word_more_often_comes_first(found: Any) -> None:
    make_article("Often", body=[text("bees and bees and bees"), text("plain words " * 20)])
    make_article("Once", body=[text("bees and flies and wasps"), text("plain words " * 20)])
    make_article("Never", body=[text("plain words " * 20)])
    assert found("bees") == ["Often", "Once"]


def test_of_equals_the_newest_comes_first(found: Any) -> None:
    for title in ("Bees A", "Bees B", "Bees C"):
        make_article(title)
    assert found("bees") == ["Bees C", "Bees B", "Bees A"]


def test_each_item_shows_where_it_hits(get: Any) -> None:
    make_article("Keeping Bees", body=[text("A hive & a <b>frame</b> for your bees.")])
    (item,) = get("search/", q="bees hive")["items"]
    assert {"title": item["title"], "excerpt": item["excerpt"]} == {
        "title": "Keeping <mark>Bees</mark>",
        "excerpt": "A <mark>hive</mark> &amp; a frame for your <mark>bees</mark>.",
    }


def test_text_cannot_bring_markup_of_its_own(get: Any) -> None:
    evil = "&lt;script&gt;alert(1)&lt;/script&gt; \x02bees\x03 &lt;mark&gt;"
    make_article("<i>Bees</i> \x02 & co", body=[text(evil)])
    (item,) = get("search/", q="bees")["items"]
    assert item["title"] == "&lt;i&gt;<mark>Bees</mark>&lt;/i&gt; &amp; co"
    assert item["excerpt"].startswith("&lt;script&gt;alert(1)&lt;/script&gt; <mark>bees</mark>")
    assert item["excerpt"].endswith("&lt;mark&gt;")


def test_an_excerpt_is_the_part_with_most_of_the_words(get: Any) -> None:
    far = "Nothing of note happens. " * 40
    make_article("A", body=[text(f"{far} Bees fly. {far} Here bees meet smoke in a hive. {far}")])
    (item,) = get("search/", q="bees smoke hive")["items"]
    excerpt = item["excerpt"]
    assert "Here <mark>bees</mark> meet <mark>smoke</mark> in a <mark>hive</mark>." in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(excerpt) < 400


def test_an_article_that_hits_in_a_heading_shows_the_heading(get: Any) -> None:
    make_article("A", body=[section("Why Bees Matter", "<p>Because.</p>")])
    (item,) = get("search/", q="bees")["items"]
    assert item["excerpt"] == "Why <mark>Bees</mark> Matter Because."


def test_what_is_published_again_is_found_by_its_new_words_only(found: Any) -> None:
    article = make_article("Bees", body=[text("hive")])
    article.body = [("text", {"text": "<p>skep</p>"})]
    article.save_revision().publish()
    assert (found("hive"), found("skep")) == ([], ["Bees"])


@pytest.mark.parametrize("end", ["unpublish", "delete"])
def test_what_is_withdrawn_is_no_longer_in_the_index(found: Any, end: str) -> None:
    article = make_article("Bees")
    getattr(article, end)()
    assert found("bees") == []
    assert not PublishedText.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pages_publishedtext_fts WHERE title MATCH 'bees'")
            assert cursor.fetchone() == (0,)


HIDDEN = [
    getattr(test_rules, name)
    for name in (
        *("draft", "unpublished", "no_longer_live_by_update", "expired_but_not_yet_swept", "before_its_time"),
        *("under_login", "under_a_password", "for_a_group", "below_a_restricted_page", "far_below_a_restricted_page"),
        *("alias_of_a_restricted_page", "on_another_site", "on_a_site_nested_in_this_one"),
    )
]


@pytest.mark.parametrize("make", HIDDEN, ids=lambda make: make.__name__)
def test_what_readers_may_not_see_is_not_found_and_not_counted(get: Any, make: Callable[[], ArticlePage]) -> None:
    make()
    seen = make_article(f"Open {test_rules.SECRET}")
    answer = get("search/", q=test_rules.SECRET, limit=1, total="true")
    assert [item["article"]["id"] for item in answer["items"]] == [seen.pk]
    assert answer["page"] == {"limit": 1, "next": None, "previous": None, "total": 1}


def test_hidden_hits_leave_no_gap_in_a_page(get: Any) -> None:
    shelf, members = make_index("Open"), make_index("Members")
    for number in range(9):
        make_article(f"Bees {number}", shelf if number % 3 == 0 else members)
    restrict(members)
    first = get("search/", q="bees", limit=2)
    assert [item["article"]["title"] for item in first["items"]] == ["Bees 6", "Bees 3"]
    second = get("search/", q="bees", limit=2, cursor=first["page"]["next"])
    assert [item["article"]["title"] for item in second["items"]] == ["Bees 0"]
    assert second["page"]["next"] is None


def test_many_hidden_hits_before_a_visible_one_do_not_hide_it(get: Any) -> None:
    seen = make_article("Bees")
    members = make_index("Members")
    for number in range(12):
        make_article(f"Bees {number}", members)
    restrict(members)
    assert [item["article"]["id"] for item in get("search/", q="bees", limit=1)["items"]] == [seen.pk]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_following_the_cursors_shows_each_article_once_in_order(get: Any, limit: int) -> None:
    for number in range(7):
        make_article(f"Article {number}", body=[text("bees " * (number % 3 + 1) + "filler " * number)])
    whole = get("search/", q="bees", limit=50)["items"]
    pages = [get("search/", q="bees", limit=limit)]
    while pages[-1]["page"]["next"]:
        pages.append(get("search/", q="bees", limit=limit, cursor=pages[-1]["page"]["next"]))
    assert list(itertools.chain.from_iterable(page["items"] for page in pages)) == whole
    assert len(whole) == 7
    for earlier, later in itertools.pairwise(pages):
        back = get("search/", q="bees", limit=limit, cursor=later["page"]["previous"])
        assert back["items"] == earlier["items"]


def test_pages_do_not_shift_when_an_article_is_published_meanwhile(get: Any) -> None:
    for number in range(6):
        make_article(f"Article {number}", body=[text("bees " * (number + 1) + "filler " * 30)])
    first = get("search/", q="bees", limit=3)
    make_article("New", body=[text("other " * 500)])
    second = get("search/", q="bees", limit=3, cursor=first["page"]["next"])
    ids = [item["article"]["id"] for item in [*first["items"], *second["items"]]]
    assert len(set(ids)) == 6


def test_a_cursor_belongs_to_its_search(client: Client, get: Any) -> None:
    for number in range(3):
        make_article(f"Bees and Hives {number}")
    cursor = get("search/", q="bees", limit=1)["page"]["next"]
    for change in ({"q": "hives"}, {"q": "bees", "locale": "en"}):
        response = client.get("/api/v1/search/", {"limit": 1, "cursor": cursor, **change})
        assert response.json()["code"] == "invalid-cursor"


def test_a_search_can_be_narrowed_by_filters(get: Any, found: Any) -> None:
    school = make_school()
    make_article("Bees One", topics=("Honey",))
    make_article("Bees Two", body=[section("S"), listing(school)])
    assert found("bees", topic="honey") == ["Bees One"]
    assert found("bees", school=school.pk) == ["Bees Two"]
    assert sorted(found("bees", locale="en")) == ["Bees One", "Bees Two"]
    assert found("bees", locale="fr") == []
    assert found("bees", descendant_of=make_index("Empty").pk) == []


def test_each_site_finds_its_own_articles(get: Any, found: Any) -> None:
    site = make_site("bees.example")
    make_article("Bees There", make_index("Shelf", site.root_page))
    make_article("Bees Here")
    assert found("bees") == ["Bees Here"]
    assert found("bees", site="bees.example") == ["Bees There"]


@pytest.fixture
def few_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.search.hits.MAX_RANKED_HITS", 3)
    monkeypatch.setattr("api.search.hits.MAX_RANKED_TITLES", 2)


@pytest.mark.usefixtures("few_are_ranked")
def test_of_too_many_hits_the_newest_are_ranked(found: Any) -> None:
    make_article("Old Bees Often", body=[text("bees bees bees")])
    for number in range(5):
        make_article(f"Article {number}", body=[text("bees")])
    assert found("bees") == ["Old Bees Often", "Article 4", "Article 3", "Article 2"]


@pytest.mark.usefixtures("few_are_ranked")
def test_filters_that_few_articles_pass_find_all_hits_among_them(found: Any) -> None:
    make_article("Old", topics=("Honey",), body=[text("bees are here")])
    for number in range(5):
        make_article(f"Article {number}", body=[text("bees")])
    assert found("bees", topic="honey") == ["Old"]
    assert found('"bees are"', topic="honey") == ["Old"]


@pytest.mark.usefixtures("few_are_ranked")
def test_a_small_site_finds_all_of_its_articles_beside_a_large_one(found: Any) -> None:
    site = make_site("bees.example")
    make_article("Old", make_index("Shelf", site.root_page), body=[text("bees")])
    for number in range(5):
        make_article(f"Article {number}", body=[text("bees")])
    assert found("bees", site="bees.example") == ["Old"]


@pytest.mark.parametrize("words", ["!!!", "&|()<->:*", "''", '""', '"', "\\", "—", "%", "٪", "\U0001f41d"])
def test_what_holds_no_word_finds_nothing(found: Any, words: str) -> None:
    make_article("Bees")
    assert found(words) == []


@pytest.mark.parametrize(
    "words", ["bees OR", "bees AND NOT", "NEAR(bees hive)", "title:bees", "bees*", "^bees", "bees & !"]
)
def test_operators_of_databases_are_words_like_others(client: Client, words: str) -> None:
    make_article("Bees")
    assert client.get("/api/v1/search/", {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=",
        "q=" + "a" * 201,
        "q=bees&q=hive",
        "q=b%00s",
        "q=%ff",
        "q=bees&order=id",
        "colour=red&q=bees",
        "",
        "q=bees&colour=red",
        "q=" + "bees%20" * 700,
    ],
)
def test_a_search_that_cannot_be_meant_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/search/?{query}").status_code == 400


def test_words_behind_the_twelfth_do_not_count(found: Any) -> None:
    make_article("a b c d e f g h i j k l")
    assert found("a b c d e f g h i j k l missing") == ["a b c d e f g h i j k l"]
    assert found("a b c d e f g h i j k missing") == []


@pytest.mark.parametrize("few", [0, 100])
def test_a_search_within_articles_finds_the_same_however_it_is_carried_out(few: int) -> None:
    articles = [make_article(f"Bees {number}", body=[text("the hive and the honey")]) for number in range(6)]
    within = [article.pk for article in articles[:3]]
    with mock.patch.object(hits, "MAX_ARTICLES_PROBED", few):
        for words in ("hive", 'bees "the honey"'):
            found = hits.find(understand(words), within).best_first
            assert sorted(-number for _, number in found) == within
        assert hits.find(understand('"honey hive"'), within).best_first == []


def test_an_answer_is_revalidated_without_making_its_excerpts(client: Client, django_assert_num_queries: Any) -> None:
    make_article("Bees", body=[text("hive")])
    url = "/api/v1/search/?q=bees"
    first = client.get(url)
    # sites, hits, visible, hidden schools, rows
    with django_assert_num_queries(5):
        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("count", [1, 6])
def test_a_search_costs_the_same_queries_however_much_it_finds(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        school = make_school(f"School {number}", logo=make_image())
        links = f'<p><a linktype="document" id="{make_document().pk}">bees</a></p>'
        make_article(
            f"Bees {number}", lead_image=make_image(), topics=("Bees",), body=[section("S", links), listing(school)]
        )
    # sites, hits, visible, hidden schools, rows with schools, documents, images, renditions, texts; on PostgreSQL word
    # forms too
    with django_assert_num_queries(9 if connection.vendor == "sqlite" else 10):
        answer = client.get("/api/v1/search/", {"q": "bees", "limit": "50"})
    assert len(answer.json()["items"]) == count


@pytest.mark.usefixtures("few_are_ranked")
def test_the_most_expensive_search_keeps_to_fifteen_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    shelf, members = make_index("Open"), make_index("Members")
    for number in range(4):
        target = make_article(f"Target {number}", shelf)
        links = (
            f'<p><a linktype="page" id="{target.pk}">a</a> <a linktype="document" id="{make_document().pk}">b</a></p>'
        )
        school = make_school(f"School {number}", logo=make_image())
        make_article(
            f"Bees {number}",
            shelf if number == 0 else members,
            lead_image=make_image(),
            topics=("Bees",),
            body=[section("S", links), listing(school)],
        )
    restrict(members)
    query = {"q": "bees", "limit": 1, "total": "true", "topic": "bees", "locale": "en", "school": school.pk}
    query["descendant_of"] = target.get_parent().pk
    with django_assert_max_num_queries(15):
        assert client.get("/api/v1/search/", query).status_code == 200


def test_of_many_words_fewer_articles_are_ranked(found: Any, get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.search.hits.MAX_RANKED_HITS", 6)
    for number in range(7):
        make_article(f"Article {number}", body=[text("bees hives smoke honey")])
    assert len(found("bees hives")) == 6
    newest = ["Article 6", "Article 5", "Article 4", "Article 3"]
    assert found("bees hives smoke") == newest
    assert found("bees hives smoke honey") == newest[:3]


def cursor_key(cursor: str) -> Any:
    """What a client can read in a cursor: the bytes behind its signature."""
    return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[SIGNATURE_BYTES:])


def test_a_cursor_tells_no_score(get: Any) -> None:
    articles = [make_article(f"Article {number}", body=[text("bees")]) for number in range(3)]
    (first,) = get("search/", q="bees", limit=1)["items"]
    key = cursor_key(get("search/", q="bees", limit=1)["page"]["next"])
    assert first["article"]["id"] == articles[2].pk
    assert key == [0, 0, articles[2].pk]
