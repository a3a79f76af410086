"""The rule of what readers may see, as the site's own pages ask it; and what it costs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page, Site

from pages.models import ArticlePage
from pages.visibility import SiteTrees, public_page
from tests.api.factories import home, make_article, make_index, make_site, restrict

pytestmark = pytest.mark.django_db


def default_trees() -> SiteTrees:
    return SiteTrees.of(Site.objects.get(is_default_site=True))


def seen(condition: Q) -> set[str]:
    return set(ArticlePage.objects.filter(condition).values_list("title", flat=True))


def test_a_site_shows_what_is_public_below_its_roots_and_below_no_other_sites_root() -> None:
    shelf = make_index()
    make_article("Shown", shelf)
    make_article("Draft", shelf, publish=False)
    restrict(make_article("For some", shelf))
    make_article("Elsewhere", make_index(parent=make_site().root_page))
    nested = make_index("Nested", shelf)
    make_article("In the nested site", nested)
    Site.objects.create(hostname="nested.example", root_page=nested)
    assert seen(default_trees().visible_page()) == {"Shown"}
    assert seen(SiteTrees.of(Site.objects.get(hostname="nested.example")).visible_page()) == {"In the nested site"}


def test_a_site_shows_its_translations() -> None:
    french = Locale.objects.create(language_code="fr")
    article = make_article("Shown")
    other = article.copy_for_translation(french, copy_parents=True, alias=False)
    other.title = "Traduit"
    other.save_revision().publish()
    assert seen(default_trees().visible_page()) == {"Shown", "Traduit"}


def test_where_a_site_stands_costs_two_queries(django_assert_num_queries: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    with django_assert_num_queries(2):
        SiteTrees.of(site)


def rows_looked_at(queryset: Any) -> int:
    """By all nodes of PostgreSQL's plan together."""
    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE wagtailcore_page")
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        answer = cursor.fetchone()[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]

    def count(node: dict[str, Any]) -> float:
        own = node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        return float(own) + sum(map(count, node.get("Plans", [])))

    return round(count(plan))


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.parametrize("aliases", [1, 40])
def test_aliases_cost_a_look_at_their_sources_and_not_at_all_pages(aliases: int) -> None:
    shelf = make_index()
    article = make_article(parent=shelf)
    restrict(make_article("For some", shelf))
    fields = {"depth": shelf.depth + 1, "content_type": article.content_type, "locale": article.locale}
    Page._base_manager.bulk_create(
        Page(path=f"{shelf.path}{number:04}", slug=f"p{number}", url_path=f"{shelf.url_path}p{number}/", **fields)
        for number in range(1000, 2000)
    )
    for number in range(aliases):
        CreatePageAliasAction(article, parent=Page.objects.get(pk=home().pk), update_slug=f"alias-{number}").execute()
    shown = 50
    rule = Page._base_manager.filter(public_page()).order_by("-pk").values_list("pk")[:shown]
    # Each row, its twelve levels where restrictions may lie, and the sources of aliases among them.
    assert rows_looked_at(rule) < 20 * (shown + aliases)
