"""Articles are found by what they show of others, and by that only as long as readers may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page

from pages.models import ArticlePage, School
from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_image, make_index, make_school, make_site, restrict
from tests.api.search.test_search import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(get: Any) -> Callable[..., list[str]]:
    """Titles of what a search finds, in order."""

    def titles(words: str, **parameters: Any) -> list[str]:
        answer = get("search/", q=words, total="true", **parameters)
        assert answer["page"]["total"] == len(answer["items"])
        return [item["article"]["title"] for item in answer["items"]]

    return titles


@pytest.fixture
def school() -> School:
    """Listed by an article."""
    school = make_school("Quillfeather College")
    make_article("Bees", body=[section("S"), listing(school, description="<p>Zymurgy is taught.</p>")])
    return school


@pytest.mark.usefixtures("school")
def test_an_article_is_found_by_the_schools_it_lists_and_what_it_says_of_them(found: Any) -> None:
    assert found("quillfeather") == found("zymurgy ") == found("bees quillfeather") == ["Bees"]


def test_a_school_that_is_renamed_is_found_by_its_new_name_alone(found: Any, school: School) -> None:
    school.name = "Thornapple College"
    school.save_revision().publish()
    assert (found("quillfeather"), found("thornapple"), found("zymurgy ")) == ([], ["Bees"], ["Bees"])


def unpublish(school: School) -> None:
    school.unpublish()


def hide_by_update(school: School) -> None:
    School.objects.filter(pk=school.pk).update(live=False)


def expire(school: School) -> None:
    School.objects.filter(pk=school.pk).update(expire_at=timezone.now() - timedelta(seconds=1))


def postpone(school: School) -> None:
    School.objects.filter(pk=school.pk).update(go_live_at=timezone.now() + timedelta(days=1))


@pytest.mark.parametrize("hide", [unpublish, hide_by_update, expire, postpone])
def test_a_school_that_is_hidden_finds_nothing_from_that_moment(
    found: Any, school: School, hide: Callable[[School], None]
) -> None:
    hide(school)
    assert found("quillfeather") == found("zymurgy ") == []
    assert found("bees ") == ["Bees"]


def test_a_school_that_is_published_again_is_found_again(found: Any, school: School) -> None:
    school.unpublish()
    School.objects.get(pk=school.pk).save_revision().publish()
    assert found("quillfeather") == ["Bees"]


def test_a_deleted_school_finds_nothing(found: Any, school: School) -> None:
    school.delete()
    assert found("quillfeather") == []


def test_other_names_of_a_school_are_no_words_of_its_articles(found: Any, school: School) -> None:
    school.aliases.create(name="Oldfeather Academy")
    school.save_revision().publish()
    assert found("oldfeather") == []


def test_an_article_is_found_by_the_page_that_it_calls_to(found: Any) -> None:
    target = make_article("Wax Chandlery", make_index())
    make_article("Bees", body=[call_to_action("Go on", page=target)])
    assert sorted(found("chandlery ")) == ["Bees", "Wax Chandlery"]
    target.title = "Candle Making"
    target.save_revision().publish()
    assert found("chandlery ") == []
    assert sorted(found("candle ")) == ["Bees", "Candle Making"]
    restriction = restrict(target)
    assert found("candle ") == []
    restriction.delete()
    ArticlePage.objects.get(pk=target.pk).unpublish()
    assert found("candle ") == []


def test_the_page_of_another_site_is_no_word_of_an_article(found: Any) -> None:
    target = make_index("Chandlery", Page.objects.get(pk=make_site().root_page_id))
    make_article("Bees", body=[call_to_action("Go on", page=target)])
    assert found("chandlery ") == []


def test_an_article_is_found_by_the_captions_of_its_images(found: Any) -> None:
    image = make_image()
    picture = {"image": {"image": image.pk, "alt_text": "A skep", "decorative": False}, "caption": "Woven of straw"}
    make_article("Bees", body=[{"type": "image", "value": picture}])
    assert found("straw ") == found("skep ") == ["Bees"]
    CollectionViewRestriction.objects.create(collection=Collection.get_first_root_node(), restriction_type="login")
    assert found("straw ") == []


def test_the_last_word_stands_for_all_that_begin_so(found: Any) -> None:
    make_article("Library Science")
    for typed in ("li", "libr", "librar", "library", "libraries", "scien", "science libr", '"library science" libr'):
        assert found(typed) == ["Library Science"], typed
    for typed in ("libr ", "libr science", '"libr"', '"library sci"', "l"):
        assert found(typed) == [], typed


def test_a_word_that_is_cut_within_its_ending_is_found(found: Any) -> None:
    make_article("Nursing and Studying Organizations")
    for typed in ("nurs", "nursi", "nursin", "nursing", "study", "studyi", "organizatio", "organi"):
        assert found(typed) == ["Nursing and Studying Organizations"], typed


def test_what_was_typed_is_marked(get: Any) -> None:
    make_article("Bees", body=[text("The librarian reads in libraries.")])
    (item,) = get("search/", q="libr")["items"]
    assert item["excerpt"] == "The <mark>librarian</mark> reads in <mark>libraries</mark>."


@pytest.mark.parametrize(
    ("title", "finding", "others"),
    [
        ("看護師になるには", ["看護", "看護師", "なる", "護師"], ["師看", "医師"]),
        ("東京University入門", ["東京", "university", "入門", "東京university"], ["京東"]),
        ("학교에서 배우는 법", ["학교", "배우", "학교 배우는"], ["교학"]),
        ("护士学校", ["护士", "学校"], ["士护"]),
    ],
)
def test_chinese_japanese_and_korean_are_found_by_any_run_of_letters(
    found: Any, title: str, finding: list[str], others: list[str]
) -> None:
    make_article(title, slug="page")
    for typed in finding:
        assert found(typed) == [title], typed
    for typed in others:
        assert found(typed) == [], typed


def test_letters_that_are_words_are_shown_as_they_were_written(get: Any) -> None:
    make_article("看護師になるには", slug="page", body=[text("東京の学校で看護を学ぶ。")])
    (item,) = get("search/", q="看護")["items"]
    assert item["title"] == "<mark>看護</mark>師になるには"
    assert item["excerpt"] == "東京の学校で<mark>看護</mark>を学ぶ。"


def test_a_search_shows_what_is_asked_for(get: Any) -> None:
    make_article("Bees", topics=("Insects",))
    (item,) = get("search/", q="bees", fields="title,topics", include="topics")["items"]
    assert set(item["article"]) == {"id", "type", "title", "topics"}
    assert [topic["name"] for topic in item["article"]["topics"]] == ["Insects"]


def test_schools_and_topics_are_found_by_parts_of_their_names(get: Any) -> None:
    make_school("Rye College of Baking")
    make_school("Oat Academy")
    make_article("Bees", topics=("Bee Keeping", "Éclairs"))

    def names(path: str, words: str) -> list[str]:
        return [item["name"] for item in get(path, q=words)["items"]]

    assert names("schools/", "rye") == names("schools/", "bak coll") == ["Rye College of Baking"]
    assert names("schools/", "oat") == ["Oat Academy"]
    assert names("schools/", "rye oat") == names("schools/", "%") == []
    assert names("topics/", "keep") == names("topics/", "KEEP bee") == ["Bee Keeping"]
    assert names("topics/", "éclair") == ["Éclairs"]
    assert names("topics/", "??") == []
