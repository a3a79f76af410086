"""Which pages the site serves: those that the one rule shows, and restricted ones to whom Wagtail lets in."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page as PageOfItems
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.utils import timezone
from wagtail.models import Page, Site

from pages.visibility import SiteTrees, public_page

CHILDREN_PER_PAGE = 50


def refuse_hidden(page: Page, request: HttpRequest, *args: Any) -> None:
    """A hook that runs before a page is served.  Raises 404 for what is live by its row alone: expired or early by its
    own dates, or an alias of what readers may not see.

    A page under a restriction is left to Wagtail's own hook, which asks for the password or the sign-in.
    """
    if Page.objects.filter(public_page(), pk=page.pk).exists():
        return
    now = timezone.now()
    in_time = (page.expire_at is None or page.expire_at > now) and (page.go_live_at is None or page.go_live_at <= now)
    if page.live and in_time and page.alias_of_id is None and page.get_view_restrictions().exists():
        return
    raise Http404


def visible_pages(request: HttpRequest) -> Any:
    """Pages that readers of the requested site may see."""
    site = Site.find_for_request(request)
    return Page.objects.none() if site is None else Page.objects.filter(SiteTrees.of(site).visible_page())


def visible_children(index: Page, request: HttpRequest) -> PageOfItems[Any]:
    """One page of the list of what stands on a shelf, by title; `?p=` says which."""
    children = visible_pages(request).child_of(index).order_by("title", "pk")
    return Paginator(children, CHILDREN_PER_PAGE).get_page(request.GET.get("p"))
