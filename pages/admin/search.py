"""Search in the admin: pages by words of their titles, their bodies and the schools they list; and schools."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.search import SearchArea
from wagtail.admin.views.pages.search import SearchView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry
from wagtail.search.backends import get_search_backend

from pages.models import School

MAX_HITS = 200
"""Of each kind: the best by title, the best by their text, those that list a school of this name."""
MAX_SCHOOLS = 20


class WordSearchView(SearchView):
    """Wagtail's, which looks at titles alone, with what it does not find."""

    def get_queryset(self) -> Any:
        by_title = super().get_queryset()
        words = (self.search_query or "").strip()
        if not words:
            return by_title
        ids = dict.fromkeys(page.pk for page in by_title[:MAX_HITS])
        ids |= dict.fromkeys(page.pk for page in Page.objects.all().search(words, operator="and")[:MAX_HITS])
        ids |= dict.fromkeys(pages_listing_named(words))
        explorable = self.permission_policy.explorable_instances(self.request.user).values("pk")
        found = Page.objects.filter(pk__in=list(ids)).filter(pk__in=explorable)
        self.all_pages = found
        kinds = found.order_by().values_list("content_type").annotate(count=Count("pk"))
        self.content_types = [(ContentType.objects.get_for_id(pk), count) for pk, count in kinds]
        if self.selected_content_type:
            found = found.filter(content_type=self.selected_content_type)
        ordered = found.order_by(self.ordering) if self.ordering else in_order(found, list(ids))
        if self.show_locale_labels:
            ordered = ordered.select_related("locale")
        return self.annotate_queryset(ordered)


def in_order(pages: QuerySet[Any], ids: list[int]) -> QuerySet[Any]:
    """Pages in the order of their ids in the list."""
    places = [When(pk=pk, then=Value(number)) for number, pk in enumerate(ids)]
    return pages.order_by(Case(*places, default=Value(len(ids)), output_field=IntegerField()), "pk")


def pages_listing_named(words: str) -> list[int]:
    """Ids of pages that list a school of this name, in part or as another name."""
    schools = [school.pk for school in get_search_backend().autocomplete(words, School)[:MAX_SCHOOLS]]
    schools += [school.pk for school in School.objects.named(words)[:MAX_SCHOOLS]]
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(School),
        to_object_id__in=[str(pk) for pk in schools],
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    return [int(pk) for pk in references.order_by("-pk").values_list("object_id", flat=True)[:MAX_HITS]]


class AnyPageViewSet(PageViewSet):
    """Views of pages of no kind in particular."""

    model = Page
    search_view_class = WordSearchView


class SchoolSearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        policy = policy_registry.get_by_type(School)
        return bool(policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]))


def register_school_search_area() -> SchoolSearchArea:
    url = reverse(School.snippet_viewset.get_url_name("list"))
    return SchoolSearchArea(_("Schools"), url, name="schools", icon_name="home", order=150)
