"""The first five minutes: accounts, articles, pictures."""

from __future__ import annotations

import io
import re

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cms.sample_decoration import DECORATIONS, IMAGE_TITLES, IMAGES
from pages.models import ArticlePage, School, Topic
from tests.factories import make_school

pytestmark = pytest.mark.django_db


def quickstart() -> str:
    out = io.StringIO()
    call_command("quickstart", stdout=out)
    return out.getvalue()


def sign_in(client: Client, said: str, role: str) -> None:
    found = re.search(rf"^ +{role} +(\S+), password (\S+)$", said, re.MULTILINE)
    assert found, said
    answer = client.post(reverse("wagtailadmin_login"), {"username": found[1], "password": found[2]})
    assert answer.status_code == 302


def test_both_accounts_are_printed_and_open_the_admin(client: Client) -> None:
    said = quickstart()
    sign_in(client, said, "Administrator")
    assert client.get("/admin/users/").status_code == 200
    client.logout()
    sign_in(client, said, "Editor")
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/users/").status_code == 302


def test_the_editor_writes_schools_and_topics_and_publishes_none(client: Client) -> None:
    sign_in(client, quickstart(), "Editor")
    page = client.get(reverse(School.snippet_viewset.get_url_name("add"))).text
    assert 'name="action-publish"' not in page
    assert "Save draft" in page
    assert client.get(reverse(Topic.snippet_viewset.get_url_name("add"))).status_code == 200
    school = make_school()
    assert client.get(reverse(School.snippet_viewset.get_url_name("delete"), args=[school.pk])).status_code == 302


def test_every_sample_has_a_picture_and_topics_and_again_changes_nothing() -> None:
    quickstart()
    articles = ArticlePage.objects.live()
    assert articles.count() == len(DECORATIONS)
    assert not articles.filter(lead_image=None).exists()
    assert not articles.filter(article_topics=None).exists()
    before = list(ArticlePage.objects.values_list("pk", "latest_revision").order_by("pk"))
    assert "as printed when it was made" in quickstart()
    assert list(ArticlePage.objects.values_list("pk", "latest_revision").order_by("pk")) == before


def test_every_picture_has_a_title_for_those_who_do_not_see_it() -> None:
    assert {path.name for path in IMAGES.iterdir()} == set(IMAGE_TITLES)


@pytest.mark.parametrize(
    ("group", "rights"),
    [
        ("Editors", {"add_school", "change_school", "add_topic", "import_articles", "resolve_conflicts"}),
        ("Moderators", {"publish_school", "delete_school", "lock_school", "delete_topic", "import_articles"}),
    ],
)
def test_groups_have_the_rights_that_their_names_promise(group: str, rights: set[str]) -> None:
    held = set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))
    assert rights <= held
    assert ("publish_school" in held) is (group == "Moderators")


def test_rights_of_imports_are_offered_where_groups_are_edited(admin_client: Client) -> None:
    page = admin_client.get(reverse("wagtailusers_groups:add")).text
    for right in ("Can import articles", "Can resolve import conflicts"):
        assert right in page
