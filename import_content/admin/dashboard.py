"""The dashboard's panel: what of the imports waits for a person."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component

from import_content.admin.permissions import may_see_imports
from import_content.models import ImportConflict, ImportItem, ImportRun, Outcome, RunState

MAX_RUNS = 3


class ImportPanel(Component):
    """Runs under way or just finished, open conflicts, pages waiting.  Three queries."""

    name = "imports"
    template_name = "import_content/admin/dashboard.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        runs = list(ImportRun.objects.select_related("user").order_by("-pk")[:MAX_RUNS])
        latest = runs[0].pk if runs else None
        waiting = ImportItem.objects.filter(run=latest, outcome=Outcome.PROPOSED).count() if latest else 0
        return {
            "request": request,
            "runs": runs,
            "running": [run for run in runs if run.state != RunState.FINISHED],
            "conflicts": ImportConflict.objects.open().count(),
            "waiting": waiting,
            "may_import": request.user.has_perm("import_content.import_articles"),
            "may_resolve": request.user.has_perm("import_content.resolve_conflicts"),
        }


def add_import_panel(request: Any, panels: list[Any]) -> None:
    if may_see_imports(request.user):
        panels.append(ImportPanel())
