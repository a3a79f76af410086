"""Calls to action that lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_article
from tests.pages.admin.test_article_form import form

pytestmark = pytest.mark.django_db
URL = "https://example.com/find"


def call(text: str, url: str = "") -> tuple[str, Any]:
    return "call_to_action", {"text": text, "page": None, "url": url}


def links(page: ArticlePage) -> list[str]:
    return [block.value["url"] for block in page.body]


def set_link(client: Client, **fields: str) -> Any:
    return client.post(reverse("calls_without_link"), {"text": "Find a school", "url": "", "page": ""} | fields)


@pytest.fixture
def live(article_index: ArticleIndexPage) -> ArticlePage:
    return make_article(
        article_index, title="Live", body=[call("Find a school"), call("Other"), call("Find", "https://x.example/")]
    )


def test_texts_are_listed_with_their_articles_drafts_included(
    admin_client: Client, article_index: ArticleIndexPage, live: ArticlePage
) -> None:
    make_article(article_index, title="Draft", live=False, body=[call("Find a school ")])
    page = admin_client.get(reverse("calls_without_link")).text
    assert "2: <a" in page
    assert "Draft" in page
    assert ">Find</td>" not in page
    assert reverse("calls_without_link") in admin_client.get("/admin/").text


def test_one_link_is_set_for_all_of_the_same_text_and_nothing_is_published(
    admin_client: Client, article_index: ArticleIndexPage, live: ArticlePage
) -> None:
    live.title = "Live, with a draft"
    live.save_revision()
    draft = make_article(article_index, title="Draft", live=False, body=[call("Find a school")])
    assert set_link(admin_client, url=URL).status_code == 302
    live, draft = ArticlePage.objects.get(pk=live.pk), ArticlePage.objects.get(pk=draft.pk)
    assert links(live) == [URL, "", "https://x.example/"]
    assert live.title == "Live"
    assert links(live.get_latest_revision_as_object())[0] == URL
    assert not draft.live
    assert links(draft.get_latest_revision_as_object()) == [URL]
    assert admin_client.get(f"/api/v1/articles/{live.pk}/?fields=body").json()["body"][0]["url"] == URL
    assert f'<a class="button" href="{URL}">Find a school</a>' in admin_client.get(live.url).text
    history = admin_client.get(reverse("wagtailadmin_pages:history", args=[live.pk])).text
    assert "Gave the call to action “Find a school” its link" in history


def test_a_page_of_the_site_can_be_the_target_and_both_or_none_are_refused(
    admin_client: Client, article_index: ArticleIndexPage, live: ArticlePage
) -> None:
    for fields in ({}, {"url": URL, "page": str(article_index.pk)}):
        assert "one of the two" in set_link(admin_client, **fields).text
    set_link(admin_client, page=str(article_index.pk))
    assert ArticlePage.objects.get(pk=live.pk).body[0].value["page"].pk == article_index.pk


def test_who_may_not_publish_cannot_change_what_is_live(client: Client, live: ArticlePage) -> None:
    user = User.objects.create_user("ann", password="secret")
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    assert client.get(reverse("calls_without_link")).status_code == 200
    set_link(client, url=URL)
    assert links(ArticlePage.objects.get(pk=live.pk))[0] == ""


def test_saving_an_article_with_such_a_call_warns(admin_client: Client, live: ArticlePage) -> None:
    body = [("call_to_action", {"text": "Find a school", "page": "", "url": ""})]
    edit = reverse("wagtailadmin_pages:edit", args=[live.pk])
    answer = admin_client.post(edit, form(body) | {"action-publish": "1"}, follow=True)
    assert "Leads nowhere yet: “Find a school”" in answer.text
