"""What the importer adds to the admin: pages of its own, events in the history, rights that groups can be given."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.log_actions import LogActionRegistry, LogFormatter

from import_content import log_actions as audit
from import_content.admin.dashboard import add_import_panel
from import_content.admin.listing import annotate, extend_listing
from import_content.admin.source_panel import add_source_panel
from import_content.admin.viewset import ImportViewSet, PermittedMenuItem, conflicts_menu_item, runs_menu_item

_EVENTS = {
    audit.IMPORT: (_("Import"), _("Imported")),
    audit.UPDATE: (_("Update from source"), _("Updated from its source")),
    audit.MERGE: (_("Merge with source"), _("Merged with its changed source")),
    audit.UNDO: (_("Undo import"), _("Import taken back")),
    audit.CONFLICT: (_("Import conflict"), _("Source and editor disagree, the editor's version stays")),
    audit.RESOLVE: (_("Resolve import conflict"), _("Import conflict resolved")),
    audit.PRUNE: (_("Unpublish without source"), _("Unpublished, as its source is gone")),
}


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_import_events(actions: LogActionRegistry) -> None:
    for action, (label, message) in _EVENTS.items():
        actions.register_action(action)(_formatter(label, message))


def _formatter(label: Any, message: Any) -> type[LogFormatter]:
    class SourceFormatter(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            source = log_entry.data.get("source")
            return gettext("%(event)s: %(source)s") % {"event": message, "source": source} if source else str(message)

        def format_comment(self, log_entry: Any) -> str:
            return "; ".join(log_entry.data.get("places", ()))

    SourceFormatter.label = label
    return SourceFormatter


@hooks.register("register_permissions")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_import_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="import_content", codename__in=("import_articles", "resolve_conflicts")
    )


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_import_views() -> ImportViewSet:
    return ImportViewSet()


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def insert_import_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("import_content/admin.css"))


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_runs_menu_item() -> PermittedMenuItem:
    return runs_menu_item(reverse("import_content:runs"))


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_conflicts_menu_item() -> PermittedMenuItem:
    return conflicts_menu_item(reverse("import_content:conflicts"))


hooks.register("construct_homepage_panels", add_import_panel)
hooks.register("construct_article_side_panels", add_source_panel)
hooks.register("construct_article_listing", extend_listing)
hooks.register("annotate_article_listing", annotate)
