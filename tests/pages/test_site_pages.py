"""The site's own pages show what the content API shows, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from pages.models import ArticleIndexPage, ArticlePage
from pages.site.serving import CHILDREN_PER_PAGE
from tests.factories import ensure_site, listing, make_article, make_index, make_school, section

pytestmark = pytest.mark.django_db


def link(page: Page) -> str:
    return f'<p>See <a linktype="page" id="{page.pk}">that one</a>.</p>'


def test_a_link_or_call_to_a_draft_keeps_its_words_and_tells_nothing(
    client: Client, article_index: ArticleIndexPage
) -> None:
    draft = make_article(article_index, title="Secret plans", live=False)
    body = [
        section("Pay", link(draft)),
        ("text", {"text": link(draft)}),
        ("call_to_action", {"text": "Go there", "page": draft, "url": ""}),
        listing((make_school(), link(draft))),
    ]
    article = make_article(article_index, title="Open", introduction=link(draft), body=body)
    page = client.get(article.url).text
    assert "secret-plans" not in page
    assert "Secret plans" not in page
    assert page.count("that one") == 4
    assert '<p class="call">Go there</p>' in page
    article_index.introduction = link(draft)
    article_index.save_revision().publish()
    assert "secret-plans" not in client.get(article_index.url).text


def test_a_link_to_a_visible_page_leads_there(client: Client, article_index: ArticleIndexPage) -> None:
    target = make_article(article_index, title="Target")
    body = [section("Pay", link(target)), ("call_to_action", {"text": "Go there", "page": target, "url": ""})]
    page = client.get(make_article(article_index, title="Open", body=body).url).text
    assert page.count('href="/articles/target/"') == 2
    assert '<a class="button" href="/articles/target/">Go there</a>' in page


@pytest.mark.django_db(transaction=True)
def test_private_images_are_not_shown_and_public_ones_are(client: Client) -> None:
    ensure_site()
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    index = make_index()
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    images = [
        get_image_model().objects.create(title=name, file=get_test_image_file(f"{name}.png"), collection=collection)
        for name, collection in (("shown", Collection.get_first_root_node()), ("kept", private))
    ]
    for image in images:
        body = [
            ("image", {"image": {"image": image.pk, "alt_text": "A picture", "decorative": False}, "caption": "Cap"})
        ]
        article = ArticlePage(title=image.title, live=False, lead_image=image)
        article.body = [{"type": kind, "value": value} for kind, value in body]
        index.add_child(instance=article)
        article.save_revision().publish()
    shown = client.get("/articles/shown/").text
    assert shown.count("<img") == 2
    assert "srcset" in shown
    kept = client.get("/articles/kept/").text
    assert "<img" not in kept
    assert "/media/" not in kept
    assert "Cap" not in kept


def test_what_is_live_by_its_row_alone_is_not_served_or_listed(client: Client, article_index: ArticleIndexPage) -> None:
    expired = make_article(article_index, title="Expired")
    early = make_article(article_index, title="Early")
    Page.objects.filter(pk=expired.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    Page.objects.filter(pk=early.pk).update(go_live_at=timezone.now() + timedelta(hours=1))
    for page in (expired, early):
        assert client.get(page.url).status_code == 404
    for url in (article_index.url, "/"):
        shown = client.get(url).text
        assert "Expired" not in shown
        assert "Early" not in shown


def test_an_alias_of_a_restricted_page_is_not_served_or_listed(client: Client, article_index: ArticleIndexPage) -> None:
    private = make_index(article_index, title="Private")
    source = make_article(private, title="Kept back")
    alias = CreatePageAliasAction(source, parent=article_index, update_slug="alias").execute()
    assert client.get(alias.url).status_code == 200
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    assert client.get(alias.url).status_code == 404
    assert "Kept back" not in client.get(article_index.url).text
    assert "Kept back" not in client.get("/").text


def test_a_restricted_page_still_opens_to_whom_wagtail_lets_in(
    client: Client, admin_client: Client, article_index: ArticleIndexPage
) -> None:
    article = make_article(article_index, title="Members only")
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    assert client.get(article.url).status_code == 302
    assert "Members only" in admin_client.get(article.url).text
    assert "Members only" not in admin_client.get(article_index.url).text


def test_the_first_page_shows_articles_of_its_own_site_only(client: Client, article_index: ArticleIndexPage) -> None:
    other = Page.get_first_root_node().add_child(instance=Page(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=other)
    make_article(make_index(other), title="Of the other site")
    make_article(article_index, title="Of this site")
    page = client.get("/").text
    assert "Of this site" in page
    assert "Of the other site" not in page


def test_hidden_schools_are_left_out(client: Client, article_index: ArticleIndexPage) -> None:
    hidden = make_school("Hidden College", live=False)
    page = client.get(make_article(article_index, body=[listing((hidden, "<p>Hidden words</p>"))]).url).text
    assert "Hidden" not in page


def test_an_article_costs_the_same_however_long_it_is(client: Client, article_index: ArticleIndexPage) -> None:
    schools = [make_school(f"College {number}") for number in range(12)]
    short = make_article(article_index, title="Short", body=[listing((schools[0], ""))])
    long = make_article(article_index, title="Long", body=[listing(*((school, "") for school in schools))])
    client.get(short.url)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    assert queries(long.url) == queries(short.url) <= 20


def test_a_long_shelf_is_paged_and_none_is_left_out(client: Client, article_index: ArticleIndexPage) -> None:
    for number in range(CHILDREN_PER_PAGE + 3):
        make_article(article_index, title=f"Article {number:03}")
    first, second = (client.get(article_index.url, {"p": number}).text for number in (1, 2))
    assert first.count("<li>") == CHILDREN_PER_PAGE
    assert second.count("<li>") == 3
    assert 'rel="next" href="?p=2"' in first
    assert "Page 2 of 2" in second


def test_a_preview_shows_the_draft(admin_client: Client, article_index: ArticleIndexPage) -> None:
    article = make_article(article_index, title="Working Nights", body=[section("Pay")])
    article.body = [section("Pay and hours", "<p>Anew.</p>")]
    revision = article.save_revision()
    url = reverse("wagtailadmin_pages:revisions_view", args=[article.pk, revision.pk])
    assert "<h2>Pay and hours</h2><p>Anew.</p>" in admin_client.get(url).text
    assert "<h2>Pay</h2>" in admin_client.get(article.url).text
