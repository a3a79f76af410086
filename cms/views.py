"""The first page a person sees."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pages.models import ArticleIndexPage, ArticlePage, School
from pages.site.serving import visible_pages
from pages.visibility import visible_school


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Where everything is: the admin, the content API, its documentation, the articles."""
    shown = visible_pages(request)
    public = ArticlePage.objects.filter(pk__in=shown.values("pk"), locale__language_code=get_language())
    context = {
        "articles": public.order_by("-first_published_at", "title")[:6],
        "article_count": public.count(),
        "school_count": School.objects.filter(visible_school()).count(),
        "indexes": ArticleIndexPage.objects.filter(pk__in=shown.values("pk")).order_by("path")[:10],
    }
    return render(request, "cms/welcome.html", context)
