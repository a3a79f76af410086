"""Tags of the site's own templates: everything they show goes through `pages.site`."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page as PageOfItems
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Site

from pages.site import articles, relations, serving

register = template.Library()


@register.simple_tag(takes_context=True)
def public_article(context: Context, page: Any) -> articles.PublicArticle | None:
    return articles.public_article(page, context["request"])


@register.simple_tag(takes_context=True)
def public_html(context: Context, rich_text: str) -> SafeString:
    """Rich text of the database, sanitised, with links to what readers may see."""
    request = context["request"]
    html = relations.public_html(rich_text, site=Site.find_for_request(request), request=request)
    return mark_safe(html)  # noqa: S308 -- sanitised by `publish`


@register.filter
def sanitised(html: str) -> SafeString:
    """HTML of a public form, which was sanitised when it was made."""
    return mark_safe(html)  # noqa: S308 -- see above


@register.simple_tag(takes_context=True)
def visible_children(context: Context, index: Any) -> PageOfItems[Any]:
    return serving.visible_children(index, context["request"])


@register.simple_tag(takes_context=True)
def alternates(context: Context, page: Any) -> list[articles.Alternate]:
    return articles.alternates(page, context["request"]) if page else []


@register.simple_tag
def site_name() -> str:
    name: str = settings.WAGTAIL_SITE_NAME
    return name
