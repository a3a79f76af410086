"""Merging schools and topics, and deleting what is in use, through the admin."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from import_content.models import SourceRecord
from pages.admin.merge_action import merge_url
from pages.models import ArticleIndexPage, ArticlePage, MergedSchool, School, SchoolAlias, Topic
from tests.factories import listing, make_article, make_school

pytestmark = pytest.mark.django_db


def merge(client: Client, *rows: Any, into: Any) -> Any:
    return client.post(merge_url(rows), {"into": into.pk})


def entries(page: ArticlePage) -> list[tuple[str, str]]:
    return [
        (entry["school"].name, entry["description"].source)
        for block in page.body
        if block.block_type == "school_listing"
        for entry in block.value["schools"]
    ]


@pytest.fixture
def old() -> School:
    return make_school("Gem City Coll.", website="https://gem.example/")


@pytest.fixture
def new() -> School:
    return make_school("Gem City College")


def test_published_pages_list_the_other_school_and_say_what_they_said(
    admin_client: Client, article_index: ArticleIndexPage, old: School, new: School
) -> None:
    article = make_article(article_index, body=[listing((old, "<p>a</p>"))])
    assert merge(admin_client, old, into=new).status_code == 302
    article = ArticlePage.objects.get(pk=article.pk)
    assert entries(article) == [("Gem City College", "<p>a</p>")]
    assert article.live
    assert not article.has_unpublished_changes
    answer = admin_client.get(f"/api/v1/articles/{article.pk}/?fields=body").json()
    assert answer["body"][0]["schools"][0]["school"]["name"] == "Gem City College"
    assert article.pk in {row["id"] for row in admin_client.get(f"/api/v1/schools/{new.pk}/articles/").json()["items"]}


def test_a_draft_lists_it_too_and_stays_a_draft(
    admin_client: Client, article_index: ArticleIndexPage, old: School, new: School
) -> None:
    article = make_article(article_index, title="Live", body=[])
    article.title = "Draft"
    article.body = [listing((old, "<p>a</p>"))]
    article.save_revision()
    merge(admin_client, old, into=new)
    article = ArticlePage.objects.get(pk=article.pk)
    assert article.title == "Live"
    assert article.has_unpublished_changes
    draft = article.get_latest_revision_as_object()
    assert (draft.title, entries(draft)) == ("Draft", [("Gem City College", "<p>a</p>")])


def test_a_listing_of_both_keeps_one_entry_with_both_texts(
    admin_client: Client, article_index: ArticleIndexPage, old: School, new: School
) -> None:
    article = make_article(article_index, body=[listing((new, "<p>a</p>"), (old, "<p>b</p>"), (old, "<p>a</p>"))])
    merge(admin_client, old, into=new)
    assert entries(ArticlePage.objects.get(pk=article.pk)) == [("Gem City College", "<p>a</p><p>b</p>")]


def test_names_become_other_names_and_what_was_missing_is_taken_over_in_the_draft_as_well(
    admin_client: Client, old: School, new: School
) -> None:
    SchoolAlias.objects.create(school=old, name="GCC")
    new.city = "Dayton"
    new.save_revision()
    merge(admin_client, old, into=new)
    new = School.objects.get(pk=new.pk)
    assert {alias.name for alias in new.aliases.all()} == {"Gem City Coll.", "GCC"}
    assert new.website == "https://gem.example/"
    draft = new.get_latest_revision_as_object()
    assert (draft.city, draft.website) == ("Dayton", "https://gem.example/")
    new.latest_revision.publish()
    assert {alias.name for alias in School.objects.get(pk=new.pk).aliases.all()} == {"Gem City Coll.", "GCC"}


def test_what_was_merged_before_leads_to_the_last_school(admin_client: Client, old: School, new: School) -> None:
    oldest = make_school("Gem City Col")
    merge(admin_client, oldest, into=old)
    merge(admin_client, old, into=new)
    assert {row.former_id: row.school_id for row in MergedSchool.objects.all()} == {oldest.pk: new.pk, old.pk: new.pk}


def test_many_are_merged_at_once_and_each_history_says_so(
    admin_client: Client, article_index: ArticleIndexPage, old: School, new: School
) -> None:
    third = make_school("Gem City")
    pages = [
        make_article(article_index, title=f"A {school.pk}", body=[listing((school, ""))]) for school in (old, third)
    ]
    merge(admin_client, old, third, into=new)
    for page in pages:
        history = admin_client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).text
        assert "Lists “Gem City College” instead of" in history
    history = admin_client.get(reverse(School.snippet_viewset.get_url_name("history"), args=[new.pk])).text
    assert "Took the place of" in history


def test_the_importer_finds_the_merged_school_and_sees_nothing_new(
    admin_client: Client, article_index: ArticleIndexPage, new: School, tmp_path: Path
) -> None:
    text = "Schools of Dayton\n\nTwo good places to begin.\n\n## Schools\n\n- Gem City Coll.: By the river.\n- Hill College: On the hill.\n"
    (tmp_path / "a.txt").write_text(text)
    call_command("import_content", str(tmp_path), publish=True, stdout=io.StringIO())
    merge(admin_client, School.objects.get(name="Gem City Coll."), into=new)
    [record] = SourceRecord.objects.all()
    assert new.pk in record.base["names"].values()
    out = io.StringIO()
    call_command("import_content", str(tmp_path), publish=True, stdout=out)
    assert "1 unchanged" in out.getvalue()
    (tmp_path / "a.txt").write_text(text.replace("By the river", "By the wide river"))
    out = io.StringIO()
    call_command("import_content", str(tmp_path), publish=True, stdout=out)
    assert "conflict" not in out.getvalue()
    article = ArticlePage.objects.get()
    assert entries(article)[0] == ("Gem City College", "<p>By the wide river.</p>")
    assert School.objects.count() == 2


def test_a_merge_into_itself_or_into_another_language_or_a_locked_one_is_refused(
    admin_client: Client, old: School, new: School
) -> None:
    assert "Choose another one" in merge(admin_client, old, into=old).text
    School.objects.filter(pk=new.pk).update(locked=True)
    assert "is locked" in merge(admin_client, old, into=new).text
    assert School.objects.filter(pk=old.pk).exists()


def test_editors_cannot_merge_and_moderators_can(client: Client, old: School, new: School) -> None:
    for name, status in (("Editors", School.objects.filter(pk=old.pk)), ("Moderators", None)):
        user = User.objects.create_user(name, password="secret")
        user.groups.add(Group.objects.get(name=name))
        client.force_login(user)
        merge(client, old, into=new)
        if status is not None:
            assert status.exists()
    assert not School.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize("draft", [False, True])
def test_a_school_in_use_is_not_deleted_but_offered_for_a_merge(
    admin_client: Client, article_index: ArticleIndexPage, old: School, draft: bool
) -> None:
    make_article(article_index, live=not draft, body=[listing((old, ""))])
    for method in (admin_client.get, admin_client.post):
        answer = method(reverse(School.snippet_viewset.get_url_name("delete"), args=[old.pk]))
        assert answer.headers["location"].startswith(reverse("wagtail_bulk_action", args=["pages", "school", "merge"]))
    bulk = reverse("wagtail_bulk_action", args=["pages", "school", "delete"]) + f"?id={old.pk}"
    assert "merge" in admin_client.post(bulk).headers["location"]
    assert School.objects.filter(pk=old.pk).exists()
    assert "1 article uses them" in admin_client.get(merge_url([old])).text


def test_a_school_that_nobody_uses_is_deleted(admin_client: Client, old: School) -> None:
    admin_client.post(reverse(School.snippet_viewset.get_url_name("delete"), args=[old.pk]))
    assert not School.objects.exists()


def test_a_topic_in_use_is_merged_instead_of_deleted(admin_client: Client, article_index: ArticleIndexPage) -> None:
    article = make_article(article_index)
    article.topics.add("health", "care")
    article.save_revision().publish()
    topic, into = Topic.objects.get(name="care"), Topic.objects.create(name="nursing", slug="nursing")
    answer = admin_client.post(reverse(Topic.snippet_viewset.get_url_name("delete"), args=[topic.pk]))
    assert "/topic/merge/" in answer.headers["location"]
    merge(admin_client, topic, into=into)
    article = ArticlePage.objects.get(pk=article.pk)
    assert {topic.name for topic in article.topics.all()} == {"health", "nursing"}
    article.latest_revision.publish()
    assert {topic.name for topic in ArticlePage.objects.get(pk=article.pk).topics.all()} == {"health", "nursing"}
    assert not Topic.objects.filter(name="care").exists()


def test_merging_costs_the_same_however_many_pages_there_are_besides(
    admin_client: Client, article_index: ArticleIndexPage, old: School, new: School, django_assert_max_num_queries: Any
) -> None:
    make_article(article_index, body=[listing((old, ""))])
    for number in range(10):
        make_article(article_index, title=f"Other {number}", body=[listing((new, ""))])
    with django_assert_max_num_queries(140):
        merge(admin_client, old, into=new)


def test_the_list_and_the_form_offer_the_merge(admin_client: Client, old: School) -> None:
    for name, args in (("list", []), ("edit", [old.pk])):
        assert "/school/merge/" in admin_client.get(reverse(School.snippet_viewset.get_url_name(name), args=args)).text
