"""Runs in the admin: the list, the report of one, and taking one back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn, UserColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from import_content.admin.permissions import IMPORT, POLICY
from import_content.errors import UsageError
from import_content.models import WROTE, ImportItem, ImportRun, Outcome, RunKind, RunState
from import_content.service import undo

MAX_UNDO_LINES = 200
"""Pages named in the preview of an undo; all are counted."""


class RunFilterSet(WagtailFilterSet):
    class Meta:
        model = ImportRun
        fields = ["kind", "state"]


class RunList(ReportView):
    """Every run, started here or at the command line, newest first."""

    page_title = _("Imports")
    header_icon = "upload"
    index_url_name = "import_content:runs"
    index_results_url_name = "import_content:run_results"
    model = ImportRun
    permission_policy = POLICY
    permission_required = IMPORT
    filterset_class = RunFilterSet
    list_export = ["pk", "kind", "state", "user", "started_at", "finished_at", "counts"]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("run", label=_("Run"), accessor=str, get_url=lambda run: run_url(run), width="14%"),
            StatusTagColumn("state", label=_("State"), accessor="get_state_display", primary=_is_finished, width="10%"),
            Column("parent", label=_("Index"), accessor=lambda run: str(run.parent or "—")),
            Column("counts", label=_("Sources"), accessor=lambda run: counted(run.counts)),
            UserColumn("user", label=_("By"), width="14%"),
            DateColumn("started_at", label=_("Started"), width="12%"),
        ]

    def get_queryset(self) -> QuerySet[ImportRun]:
        return ImportRun.objects.select_related("user", "parent").order_by("-pk")


def run_url(run: ImportRun) -> str:
    return reverse("import_content:run", args=[run.pk])


def _is_finished(run: ImportRun) -> bool:
    return run.state == RunState.FINISHED


def counted(counts: dict[str, int]) -> str:
    """``12 created, 3 merged``"""
    return ", ".join(f"{number:,} {outcome.label}" for outcome, number in in_order(counts)) or "—"


def in_order(counts: dict[str, int]) -> list[tuple[Outcome, int]]:
    """The outcomes that occurred, as `Outcome` orders them: databases keep no order of keys."""
    return [(outcome, counts[outcome]) for outcome in Outcome if counts.get(outcome)]


class ItemFilterSet(WagtailFilterSet):
    outcome = django_filters.MultipleChoiceFilter(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ImportItem
        fields = ["outcome"]


class RunReport(ReportView):
    """What a run did with each source that it wrote or refused; problems by cause.  Queries: constant for a page."""

    header_icon = "upload"
    results_template_name = "import_content/admin/run_results.html"
    model = ImportItem
    permission_policy = POLICY
    permission_required = IMPORT
    filterset_class = ItemFilterSet
    list_export = ["key", "outcome", "code", "message", "line", "page_id", "uncertain"]

    @cached_property
    def run(self) -> ImportRun:
        found: ImportRun = get_object_or_404(ImportRun.objects.select_related("user", "parent"), pk=self.kwargs["pk"])
        return found

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("key", label=_("Source"), accessor="key", get_url=_edit_url),
            StatusTagColumn("outcome", label=_("Outcome"), accessor="get_outcome_display", primary=_wrote, width="18%"),
            Column("message", label=_("Why"), accessor=_reason),
            Column("uncertain", label=_("Uncertain blocks"), accessor=lambda item: item.uncertain or "", width="10%"),
        ]

    def get_index_url(self) -> str:
        return run_url(self.run)

    def get_index_results_url(self) -> str:
        return reverse("import_content:run_items", args=[self.run.pk])

    def get_page_title(self) -> str:
        return str(self.run).capitalize()

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        runs = {"url": reverse("import_content:runs"), "label": gettext("Imports")}
        return [*self.breadcrumbs_items, runs, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        lines = HeaderButton(
            gettext("Download as JSON lines"),
            url=reverse("import_content:run_lines", args=[self.run.pk]),
            icon_name="download",
        )
        if self.run.kind != RunKind.IMPORT:
            return [lines]
        url = reverse("import_content:undo", args=[self.run.pk])
        return [lines, HeaderButton(gettext("Take back ..."), url=url, icon_name="rotate")]

    def get_queryset(self) -> QuerySet[ImportItem]:
        return self.run.items.select_related("page").order_by("pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems = self.run.items.exclude(outcome__in=WROTE).exclude(message="")
        causes = problems.values("code", "message").annotate(number=Count("pk")).order_by("-number", "message")[:20]
        context: dict[str, Any] = super().get_context_data(
            run=self.run,
            counts=[(outcome.label, number) for outcome, number in in_order(self.run.counts)],
            causes=list(causes),
            **kwargs,
        )
        return context


def _edit_url(item: ImportItem) -> str | None:
    return reverse("wagtailadmin_pages:edit", args=[item.page_id]) if item.page_id else None


def _wrote(item: ImportItem) -> bool:
    return item.outcome in WROTE


def _reason(item: ImportItem) -> str:
    return f"{item.message} (line {item.line})" if item.line is not None else item.message


class RunLines(PermissionCheckedMixin, View):
    """The report for programs: a JSON object a line, streamed, with the run's counts last."""

    permission_policy = POLICY
    permission_required = IMPORT

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        run = get_object_or_404(ImportRun, pk=pk)
        response = StreamingHttpResponse(_lines(run), content_type="application/jsonl; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="import-run-{run.pk}.jsonl"'
        return response


def _lines(run: ImportRun) -> Iterator[str]:
    fields = ("key", "outcome", "code", "message", "line", "page_id", "uncertain")
    for values in run.items.order_by("pk").values(*fields).iterator(chunk_size=1000):
        told = {("source" if name == "key" else "page" if name == "page_id" else name): values[name] for name in fields}
        yield json.dumps({k: v for k, v in told.items() if v not in (None, "")}, ensure_ascii=False) + "\n"
    yield json.dumps({"run": run.pk, "state": run.state, "summary": run.counts}) + "\n"


class UndoRun(WagtailAdminTemplateMixin, PermissionCheckedMixin, TemplateView):
    """What taking a run back would do; a POST does it."""

    template_name = "import_content/admin/undo.html"
    header_icon = "rotate"
    permission_policy = POLICY
    permission_required = IMPORT

    @cached_property
    def run(self) -> ImportRun:
        found: ImportRun = get_object_or_404(ImportRun, pk=self.kwargs["pk"])
        return found

    def get_page_title(self) -> str:
        return gettext("Take back %(run)s") % {"run": self.run}

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        runs = {"url": reverse("import_content:runs"), "label": gettext("Imports")}
        run = {"url": run_url(self.run), "label": str(self.run).capitalize()}
        return [*self.breadcrumbs_items, runs, run, {"url": "", "label": gettext("Take back")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            results = list(undo(self.run, user=self.request.user, dry_run=True))  # type: ignore[arg-type]
            refusal = ""
        except UsageError as error:
            results, refusal = [], str(error)
        counts = Counter((result.outcome.label, result.message) for result in results)
        context: dict[str, Any] = super().get_context_data(
            run=self.run,
            refusal=refusal,
            results=list(islice(results, MAX_UNDO_LINES)),
            hidden=max(0, len(results) - MAX_UNDO_LINES),
            counts=sorted(counts.items(), key=lambda entry: -entry[1]),
            **kwargs,
        )
        return context

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            taking = undo(self.run, user=request.user)  # type: ignore[arg-type]
            counts = Counter(result.outcome.label for result in taking)
        except UsageError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(run_url(self.run))
        told = ", ".join(f"{number} {label}" for label, number in counts.items()) or gettext("nothing to take back")
        messages.success(request, gettext("%(run)s: %(told)s") % {"run": self.run, "told": told})
        return HttpResponseRedirect(run_url(taking.run if taking.run.pk else self.run))
