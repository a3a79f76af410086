"""A translation has an address of its own, everywhere an address is shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from pages.models import ArticleIndexPage, ArticlePage
from tests.factories import make_article, section

pytestmark = pytest.mark.django_db
LANGUAGES = [("en", "English"), ("es", "Spanish")]


@pytest.fixture
def spanish(settings: Any) -> Locale:
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
    locale: Locale = Locale.objects.create(language_code="es")
    return locale


@pytest.fixture
def translated(spanish: Locale, article_index: ArticleIndexPage) -> tuple[ArticlePage, ArticlePage]:
    """The same slug in two languages."""
    original = make_article(article_index, title="Working Nights", body=[section("Pay", "<p>Well.</p>")])
    original.copy_for_translation(spanish, copy_parents=True)
    copy: ArticlePage = original.get_translation(spanish)
    copy.title = "Trabajar de noche"
    copy.save_revision().publish()
    return original, ArticlePage.objects.get(pk=copy.pk)


def test_each_language_has_its_own_address_and_opens_there(
    client: Client, translated: tuple[ArticlePage, ArticlePage]
) -> None:
    original, copy = translated
    assert original.url == "/articles/working-nights/"
    assert copy.url == "/es/articles/working-nights/"
    assert "<h1>Working Nights</h1>" in client.get(original.url).text
    page = client.get(copy.url).text
    assert "<h1>Trabajar de noche</h1>" in page
    assert '<html lang="es">' in page


def test_what_a_browser_prefers_makes_no_difference(
    client: Client, translated: tuple[ArticlePage, ArticlePage]
) -> None:
    original, _ = translated
    page = client.get(original.url, headers={"accept-language": "es"}).text
    assert "<h1>Working Nights</h1>" in page
    assert '<html lang="en">' in page


def test_view_live_in_the_admin_leads_to_the_translation(
    admin_client: Client, translated: tuple[ArticlePage, ArticlePage]
) -> None:
    _, copy = translated
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[copy.pk])).text
    assert f'href="{copy.url}"' in page


def test_the_shelf_and_the_first_page_link_to_pages_of_their_own_language(
    client: Client, translated: tuple[ArticlePage, ArticlePage]
) -> None:
    shelf = client.get("/es/articles/").text
    assert 'href="/es/articles/working-nights/"' in shelf
    assert 'href="/articles/working-nights/"' not in shelf
    assert client.get("/es/").status_code == 200
    assert 'href="/articles/working-nights/"' in client.get("/").text


def test_a_language_that_the_site_does_not_have_is_no_address(client: Client, article_index: ArticleIndexPage) -> None:
    assert client.get("/es/articles/").status_code == 404
