"""The site's routes, and beside them what the API is measured against."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from cms.urls import urlpatterns as site
from pages.models import ArticlePage, PublishedArticle

ArticlePage.api_fields = [APIField("introduction"), APIField("body")]


class OpenPages(PagesAPIViewSet):
    """As it comes, but for the limit on lists."""

    authentication_classes: list[Any] = []


router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", OpenPages)


def bare(request: HttpRequest, pk: int) -> HttpResponse:
    """The least that Django can do: one row of the same size, as it is."""
    row = PublishedArticle.objects.values_list("head", "introduction", "body").get(pk=pk)
    return HttpResponse("".join(row), content_type="application/json")


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")


urlpatterns = [path("v2/", router.urls), path("bare/<int:pk>/", bare), path("nothing/", nothing), *site]
