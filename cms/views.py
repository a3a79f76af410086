"""The first page a person sees."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pages.models import ArticleIndexPage, ArticlePage, School


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Where everything is: the admin, the content API, its documentation, the articles."""
    public = ArticlePage.objects.live().public()
    context = {
        "articles": public.order_by("-first_published_at", "title")[:6],
        "article_count": public.count(),
        "school_count": School.objects.live().count(),
        "indexes": ArticleIndexPage.objects.live().public().order_by("path")[:10],
    }
    return render(request, "cms/welcome.html", context)
