"""The importer's pages in the admin: their addresses and their place in the menus."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from import_content.admin import conflicts, runs
from import_content.admin.permissions import IMPORT, POLICY, RESOLVE


class ImportViewSet(ViewSet):
    """Everything below ``/admin/imports/``."""

    name = "import_content"
    url_prefix = "imports"
    icon = "upload"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", runs.RunList.as_view(), name="runs"),
            path("results/", runs.RunList.as_view(results_only=True), name="run_results"),
            path("runs/<int:pk>/", runs.RunReport.as_view(), name="run"),
            path("runs/<int:pk>/items/", runs.RunReport.as_view(results_only=True), name="run_items"),
            path("runs/<int:pk>/lines/", runs.RunLines.as_view(), name="run_lines"),
            path("runs/<int:pk>/undo/", runs.UndoRun.as_view(), name="undo"),
            path("conflicts/", conflicts.ConflictReport.as_view(), name="conflicts"),
            path("conflicts/results/", conflicts.ConflictReport.as_view(results_only=True), name="conflict_results"),
            path("conflicts/decide/", conflicts.DecideSeveral.as_view(), name="decide_conflicts"),
            path("conflicts/<int:pk>/", conflicts.DecideConflict.as_view(), name="conflict"),
        ]


class PermittedMenuItem(MenuItem):
    """Shown to those who have the permission."""

    def __init__(self, label: Any, url: str, *, permission: str, **options: Any) -> None:
        super().__init__(label, url, **options)
        self._permission = permission

    def is_shown(self, request: Any) -> bool:
        return POLICY.user_has_permission(request.user, self._permission)


def runs_menu_item(url: str) -> PermittedMenuItem:
    return PermittedMenuItem(_("Imports"), url, permission=IMPORT, icon_name="upload", order=230)


def conflicts_menu_item(url: str) -> PermittedMenuItem:
    return PermittedMenuItem(_("Import conflicts"), url, permission=RESOLVE, icon_name="warning", order=800)
