"""Other packages add panels, columns and filters to the admin's views of articles."""

from __future__ import annotations

from typing import Any

import django_filters
import pytest
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.ui.tables import Column

from pages.models import ArticleIndexPage
from tests.factories import make_article

pytestmark = pytest.mark.django_db


class NotesPanel(BaseSidePanel):
    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = "Toggle notes"
        icon_name = "edit"

    name = "notes"
    title = "Notes of another package"
    template_name = "wagtailadmin/shared/side_panels/comments.html"


def test_a_side_panel_of_another_package_stands_in_the_edit_view(
    admin_client: Client, article_index: ArticleIndexPage
) -> None:
    article = make_article(article_index, title="Night work")

    def add(request: Any, page: Any, panels: list[Any]) -> None:
        assert page.pk == article.pk
        panels.append(NotesPanel(page, request))

    with hooks.register_temporarily("construct_article_side_panels", add):
        page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert "Notes of another package" in page


def test_the_listing_has_columns_and_filters_of_another_package(
    admin_client: Client, article_index: ArticleIndexPage
) -> None:
    make_article(article_index, title="Night work")
    make_article(article_index, title="Day work")

    def add(columns: list[Any], filters: dict[str, Any]) -> None:
        columns.append(Column("length", label="Letters", accessor=lambda page: f"{len(page.title)} letters"))
        filters["starts"] = django_filters.CharFilter(label="Begins with", field_name="title", lookup_expr="startswith")

    with hooks.register_temporarily("construct_article_listing", add):
        listing = reverse("wagtailadmin_explore", args=[article_index.pk])
        everything = admin_client.get(listing).content.decode()
        filtered = admin_client.get(listing, {"starts": "Day"}).content.decode()
    assert "10 letters" in everything
    assert "8 letters" in everything
    assert "10 letters" not in filtered
    assert "8 letters" in filtered
