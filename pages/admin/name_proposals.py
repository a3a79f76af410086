"""The report of school names that look alike: merge the two, or dismiss the proposal once and for all."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from pages.admin.merge_action import may_merge, merge_url
from pages.models import School, SchoolNameProposal
from pages.names import normalise_name


def may_decide(request: HttpRequest) -> bool:
    """Whoever may change schools."""
    return bool(policy_registry.get_by_type(School).user_has_permission(request.user, "change"))


class ProposalReportView(ReportView):
    page_title = _("Similar school names")
    header_icon = "home"
    template_name = "pages/admin/report.html"
    results_template_name = "pages/admin/name_proposals.html"
    index_url_name = "school_name_proposals"
    index_results_url_name = "school_name_proposals_results"
    is_searchable = False
    columns = [
        Column("name", label=_("Name")),
        Column("similar_name", label=_("Looks like")),
        Column("source_key", label=_("Source")),
        DateColumn("created_at", label=_("Proposed")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_decide(request):
            raise PermissionDenied
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_queryset(self) -> QuerySet[SchoolNameProposal]:
        return SchoolNameProposal.objects.open().order_by("-created_at", "-pk")

    def decorate_paginated_queryset(self, object_list: Any) -> list[SchoolNameProposal]:
        """With the records that the names mean now.  Two queries a page of the report."""
        rows = list(object_list)
        records = _records([name for row in rows for name in (row.name, row.similar_name)])
        for row in rows:
            first = records.get((row.locale_id, normalise_name(row.name)))
            second = records.get((row.locale_id, normalise_name(row.similar_name)))
            row.school, row.similar_school = first, second
            row.merge_url = self._merge_url(first, second)
        return rows

    def _merge_url(self, first: School | None, second: School | None) -> str:
        if first is None or second is None or first == second or not may_merge(self.request.user, first):
            return ""
        return merge_url([first], into=second)


def _records(names: list[str]) -> dict[tuple[int, str], School]:
    """Locale and normalised name to the record that has it, as its name or as another name."""
    schools = School.objects.named(*names).prefetch_related("aliases")
    known: dict[tuple[int, str], School] = {}
    for school in schools:
        for alias in school.aliases.all():
            known.setdefault((school.locale_id, alias.normalised_name), school)
    return known | {(school.locale_id, school.normalised_name): school for school in schools}


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the two names are two schools: no import proposes them again."""
    if not may_decide(request):
        raise PermissionDenied
    proposal = get_object_or_404(SchoolNameProposal, pk=pk)
    proposal.dismissed_at = timezone.now()
    proposal.dismissed_by_id = request.user.pk
    proposal.save(update_fields=["dismissed_at", "dismissed_by"])
    messages.success(request, gettext("“%(pair)s” will not be proposed again.") % {"pair": proposal})
    return HttpResponseRedirect(reverse("school_name_proposals"))


class ProposalMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_decide(request)


def register_proposal_menu_item() -> ProposalMenuItem:
    url = reverse("school_name_proposals")
    return ProposalMenuItem(_("Similar school names"), url, name="similar-school-names", icon_name="home", order=800)


def register_proposal_urls() -> list[URLPattern]:
    return [
        path("reports/school-names/", ProposalReportView.as_view(), name="school_name_proposals"),
        path(
            "reports/school-names/results/",
            ProposalReportView.as_view(results_only=True),
            name="school_name_proposals_results",
        ),
        path("reports/school-names/<int:pk>/dismiss/", dismiss, name="dismiss_school_name_proposal"),
    ]
