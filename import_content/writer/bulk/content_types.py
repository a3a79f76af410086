"""The content types under which Wagtail keeps what belongs to articles."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from pages.models import ArticlePage


def article_type() -> ContentType:
    return ContentType.objects.get_for_model(ArticlePage, for_concrete_model=False)


def page_type() -> ContentType:
    """The base: what is found again whatever kind a page is of."""
    return ContentType.objects.get_for_model(Page, for_concrete_model=False)
