"""What is found in the admin, and under which name the site stands there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from pages.models import ArticleIndexPage, School, SchoolAlias, SchoolNameProposal, SimilarNames
from tests.factories import listing, make_article, make_school, section

pytestmark = pytest.mark.django_db


def found(client: Client, words: str) -> str:
    return client.get(reverse("wagtailadmin_pages:search_results"), {"q": words}).text


@pytest.mark.parametrize("words", ["working", "stethoscope", "Riverbend", "RBC", "riverb"])
def test_pages_are_found_by_title_body_and_listed_schools(
    admin_client: Client, article_index: ArticleIndexPage, words: str
) -> None:
    school = make_school()
    SchoolAlias.objects.create(school=school, name="RBC")
    body = [section("Pay", "<p>Bring a stethoscope.</p>"), listing((school, ""))]
    make_article(article_index, title="Working Nights", body=body)
    make_article(article_index, title="Something Else")
    page = found(admin_client, words)
    assert "Working Nights" in page
    assert "Something Else" not in page


def test_a_search_costs_the_same_for_one_hit_and_for_many(
    admin_client: Client, article_index: ArticleIndexPage, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        make_article(article_index, title=f"Nights {number}")
    found(admin_client, "nights")
    with django_assert_max_num_queries(45):
        found(admin_client, "nights")


def test_schools_are_among_the_search_areas(admin_client: Client) -> None:
    page = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": "x"}).text
    assert reverse(School.snippet_viewset.get_url_name("list")) + "?q=x" in page


def test_sign_in_and_tabs_carry_the_name_of_the_site(client: Client, admin_client: Client, settings: Any) -> None:
    settings.WAGTAIL_SITE_NAME = "Trades Weekly"
    page = Client().get(reverse("wagtailadmin_login")).text
    assert "Sign in to Trades Weekly" in page
    assert "<title>Sign in - Trades Weekly</title>" in page
    assert "- Trades Weekly</title>" in admin_client.get("/admin/").text
    for answer in (page, admin_client.get("/admin/").text, client.get("/").text):
        assert "pages/favicon.svg" in answer
    assert "<title>Start · Trades Weekly</title>" in client.get("/").text


def test_similar_names_are_listed_with_their_merge_and_dismissed_for_good(admin_client: Client) -> None:
    new, old = make_school("Gem City Coll."), make_school("Gem City College")
    pair = SimilarNames(new.name, old.name, "a.txt")
    SchoolNameProposal.objects.propose([pair], locale_id=Locale.get_default().pk)
    page = admin_client.get(reverse("school_name_proposals")).text
    assert "a.txt" in page
    assert f"/school/merge/?id={new.pk}&amp;into={old.pk}" in page
    proposal = SchoolNameProposal.objects.get()
    admin_client.post(reverse("dismiss_school_name_proposal", args=[proposal.pk]))
    SchoolNameProposal.objects.propose([pair], locale_id=Locale.get_default().pk)
    assert "No names look alike" in admin_client.get(reverse("school_name_proposals")).text
    assert reverse("school_name_proposals") in admin_client.get("/admin/").text


def test_another_name_that_is_another_schools_is_refused_with_a_way_to_merge(admin_client: Client) -> None:
    other, school = make_school("Gem City Coll."), make_school("Gem City College")
    form = {
        "name": school.name,
        "slug": school.slug,
        "description": "null",
        "website": "",
        "logo": "",
        "city": "",
        "region": "",
        "country": "",
        "aliases-TOTAL_FORMS": "1",
        "aliases-INITIAL_FORMS": "0",
        "aliases-MIN_NUM_FORMS": "0",
        "aliases-MAX_NUM_FORMS": "",
        "aliases-0-name": "gem city coll.",
        "aliases-0-id": "",
        "aliases-0-DELETE": "",
        "aliases-0-ORDER": "1",
        "action-publish": "1",
    }
    url = reverse(School.snippet_viewset.get_url_name("edit"), args=[school.pk])
    page = admin_client.post(url, form)
    assert page.status_code == 200
    assert "This is a name of “Gem City Coll.”" in page.text
    assert f"/school/merge/?id={other.pk}&into={school.pk}" in page.text.replace("&amp;", "&")
    assert admin_client.post(url, form | {"aliases-0-name": "GCC"}).status_code == 302
    add = reverse(School.snippet_viewset.get_url_name("add"))
    assert "This is a name of “Gem City College”" in admin_client.post(add, form | {"name": "GCC", "slug": "x"}).text
