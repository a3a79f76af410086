"""An article as readers of the site see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, Site

from pages import references
from pages.models import ArticlePage, PublishedArticle
from pages.publication import render
from pages.site.relations import PublicRelations
from pages.visibility import SiteTrees


@dataclass(frozen=True, slots=True)
class PublicArticle:
    introduction: str
    """HTML."""
    body: list[dict[str, Any]]
    """Blocks as the content API has them."""
    lead_image: dict[str, Any] | None


def public_article(page: ArticlePage, request: HttpRequest) -> PublicArticle | None:
    """The stored public form; in a preview, the form that publishing would store.  None: nothing is public.

    At most seven queries.
    """
    is_preview = getattr(request, "is_preview", False)
    row = render(page) if is_preview else PublishedArticle.objects.filter(pk=page.pk).first()
    if row is None:
        return None
    names = [name for text in (row.head, row.introduction, row.body) for name in references.names(text)]
    relations = PublicRelations(names, site=Site.find_for_request(request), request=request)
    return PublicArticle(
        introduction=relations.fill(row.introduction),
        body=relations.fill_body(row.body),
        lead_image=relations.fill(row.head)["lead_image"],
    )


@dataclass(frozen=True, slots=True)
class Alternate:
    language: str
    url: str


def alternates(page: Page, request: HttpRequest) -> list[Alternate]:
    """The page in all languages that readers may see, if there are several.  Three queries."""
    site = Site.find_for_request(request)
    if site is None or page.pk is None:
        return []
    pages = Page.objects.filter(SiteTrees.of(site).visible_page(), translation_key=page.translation_key)
    found = [Alternate(row.locale.language_code, row.full_url) for row in pages.select_related("locale").order_by("pk")]
    return found if len(found) > 1 else []
