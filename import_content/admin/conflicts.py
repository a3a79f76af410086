"""Conflicts in the admin: the report that lists them, and the page on which one is decided."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminAutoHeightTextInput

from import_content.admin.permissions import POLICY, RESOLVE
from import_content.admin.word_marks import marked
from import_content.errors import UsageError
from import_content.models import ImportConflict, Resolution
from import_content.planning.diff import plain
from import_content.service import resolve

SHOWN_CHARACTERS = 120
"""Of each version in the report."""


class ConflictFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("open", _("Open")), ("decided", _("Decided"))],
        method="filter_state",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )

    def filter_state(self, queryset: QuerySet[ImportConflict], name: str, value: str) -> QuerySet[ImportConflict]:
        return queryset.filter(resolution="") if value == "open" else queryset.exclude(resolution="")

    class Meta:
        model = ImportConflict
        fields = ["state"]


class PlaceColumn(TitleColumn):
    """Where the conflict is, leading to the page on which it is decided."""

    cell_template_name = "import_content/admin/conflict_cell.html"


class ConflictReport(ReportView):
    """Every conflict, the open ones first; several can be decided at once.  Queries: constant for a page of rows."""

    page_title = _("Import conflicts")
    header_icon = "warning"
    index_url_name = "import_content:conflicts"
    index_results_url_name = "import_content:conflict_results"
    results_template_name = "import_content/admin/conflict_results.html"
    model = ImportConflict
    permission_policy = POLICY
    permission_required = RESOLVE
    filterset_class = ConflictFilterSet
    default_ordering = "resolution"
    list_export = ["record.key", "place", "base", "ours", "theirs", "get_resolution_display"]
    export_headings = {
        "record.key": _("Source"),
        "place": _("Place"),
        "base": _("Was"),
        "ours": _("Editor"),
        "theirs": _("Source says"),
        "get_resolution_display": _("Decided"),
    }

    @cached_property
    def columns(self) -> list[Column]:
        return [
            PlaceColumn("place", label=_("Place"), accessor="place", get_url=_decide_url, width="28%"),
            Column("ours", label=_("Editor"), accessor=lambda conflict: plain(conflict.ours, SHOWN_CHARACTERS)),
            Column("theirs", label=_("Source"), accessor=lambda conflict: plain(conflict.theirs, SHOWN_CHARACTERS)),
            DateColumn("since", label=_("Since"), accessor="item.created_at", width="10%"),
            Column("state", label=_("State"), accessor=_state_of, width="12%"),
        ]

    def get_queryset(self) -> QuerySet[ImportConflict]:
        conflicts = ImportConflict.objects.select_related("record__page", "item", "resolved_by")
        return conflicts.order_by("resolution", "-pk")


def _decide_url(conflict: ImportConflict) -> str:
    return reverse("import_content:conflict", args=[conflict.pk])


def _state_of(conflict: ImportConflict) -> str:
    return str(conflict.get_resolution_display()) if conflict.resolution else gettext("open")


class ThirdVersionForm(forms.Form):
    """What a person writes in the place of both versions."""

    version = forms.CharField(label=_("A third version"))

    def __init__(self, *args: Any, conflict: ImportConflict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = conflict.ours
        features = ["bold", "italic", "link", "document-link", "ol", "ul"]
        rich = is_rich_text(conflict)
        widget = get_rich_text_editor_widget(features=features) if rich else AdminAutoHeightTextInput()
        self.fields["version"].widget = widget


def is_text(conflict: ImportConflict) -> bool:
    """Whether both versions are text, so that a person can write a third."""
    return isinstance(conflict.ours, str) and isinstance(conflict.theirs, str)


def is_rich_text(conflict: ImportConflict) -> bool:
    return is_text(conflict) and str(conflict.ours).lstrip().startswith("<")


class DecideConflict(WagtailAdminTemplateMixin, PermissionCheckedMixin, TemplateView):
    """Was, editor and source side by side; keep, take, or write a third version."""

    template_name = "import_content/admin/conflict.html"
    header_icon = "warning"
    permission_policy = POLICY
    permission_required = RESOLVE

    @cached_property
    def conflict(self) -> ImportConflict:
        found: ImportConflict = get_object_or_404(
            ImportConflict.objects.select_related("record__page", "item__run", "resolved_by"), pk=self.kwargs["pk"]
        )
        return found

    def get_page_title(self) -> str:
        return gettext("Conflict in “%(title)s”") % {"title": _title_of(self.conflict)}

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        report = {"url": reverse("import_content:conflicts"), "label": gettext("Import conflicts")}
        return [*self.breadcrumbs_items, report, {"url": "", "label": self.conflict.place}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        conflict = self.conflict
        form = kwargs.get("form") or (ThirdVersionForm(conflict=conflict) if is_text(conflict) else None)
        versions = [
            (gettext("Was"), gettext("what the source said at the last import"), plain(conflict.base, None)),
            (gettext("Editor"), gettext("what the page says"), marked(conflict.base, conflict.ours, "new")),
            (gettext("Source"), gettext("what the source says now"), marked(conflict.base, conflict.theirs, "new")),
        ]
        present = [name for name, is_there in _tracks_of(conflict) if is_there]
        context: dict[str, Any] = super().get_context_data(
            conflict=conflict,
            versions=versions,
            form=form,
            tracks=present,
            others=ImportConflict.objects.open().filter(record=conflict.record).exclude(pk=conflict.pk),
            media=form.media if form else forms.Media(),
            next=get_valid_next_url_from_request(self.request),
            **{name: value for name, value in kwargs.items() if name != "form"},
        )
        return context

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = request.POST.get("answer", "")
        version = None
        if answer == Resolution.EDITED and "write" in request.POST:
            form = ThirdVersionForm(request.POST, conflict=self.conflict)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            version = form.cleaned_data["version"]
        if answer not in (Resolution.OURS, Resolution.THEIRS, Resolution.EDITED):
            messages.error(request, gettext("Choose one of the answers."))
            return self.render_to_response(self.get_context_data())
        try:
            resolve(self.conflict, Resolution(answer), user=request.user, version=version)  # type: ignore[arg-type]
        except UsageError as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data())
        messages.success(request, gettext("Decided: %(place)s") % {"place": self.conflict.place})
        target = get_valid_next_url_from_request(request) or reverse("import_content:conflicts")
        return HttpResponseRedirect(target)


def _title_of(conflict: ImportConflict) -> str:
    page = conflict.record.page
    return str(page.draft_title or page.title) if page is not None else conflict.record.key


def _tracks_of(conflict: ImportConflict) -> list[tuple[str, bool]]:
    return [(gettext("the live version"), conflict.on_live), (gettext("the draft"), conflict.on_draft)]


class DecideSeveral(PermissionCheckedMixin, View):
    """Decides the ticked conflicts alike; each that cannot be decided is named and stays open."""

    permission_policy = POLICY
    permission_required = RESOLVE

    def post(self, request: HttpRequest) -> HttpResponse:
        answer = request.POST.get("answer", "")
        report = HttpResponseRedirect(reverse("import_content:conflicts"))
        chosen = [int(pk) for pk in request.POST.getlist("conflict") if pk.isdecimal()]
        if answer not in (Resolution.OURS, Resolution.THEIRS) or not chosen:
            messages.warning(request, gettext("Tick the conflicts, then choose an answer."))
            return report
        decided = 0
        for conflict in ImportConflict.objects.open().filter(pk__in=chosen).order_by("pk"):
            try:
                resolve(conflict, Resolution(answer), user=request.user)  # type: ignore[arg-type]
                decided += 1
            except UsageError as error:
                messages.error(request, f"{conflict}: {error}")
        messages.success(request, gettext("%(count)d decided.") % {"count": decided})
        return report
