"""What the listing of an article index says of imports: a column and filters."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from import_content.models import ImportConflict, ImportItem, Outcome, SourceRecord

CHOICES = [
    ("imported", _("Imported")),
    ("by_hand", _("Written by hand")),
    ("conflict", _("With an open conflict")),
    ("uncertain", _("With uncertain blocks")),
    ("waiting", _("An update waits")),
    ("gone", _("Its source is gone")),
]


def _items(*outcomes: Outcome) -> QuerySet[ImportItem]:
    return ImportItem.objects.filter(page=OuterRef("pk"), outcome__in=outcomes)


def _conflicts() -> QuerySet[ImportConflict]:
    return ImportConflict.objects.open().filter(record__page=OuterRef("pk"))


def _records() -> QuerySet[SourceRecord]:
    return SourceRecord.objects.filter(page=OuterRef("pk"))


def narrow(queryset: Any, name: str, value: str) -> Any:
    """Filter articles by what imports have to do with them; each choice is one condition of the statement."""
    conditions = {
        "imported": Q(Exists(_records())),
        "by_hand": ~Q(Exists(_records())),
        "conflict": Q(Exists(_conflicts())),
        "uncertain": Q(Exists(ImportItem.objects.filter(page=OuterRef("pk"), uncertain__gt=0))),
        "waiting": Q(Exists(_records().exclude(proposal=""))),
        "gone": Q(Exists(_items(Outcome.VANISHED, Outcome.UNPUBLISHED))),
    }
    return queryset.filter(conditions[value]) if value in conditions else queryset


def extend_listing(columns: list[Any], filters: dict[str, Any]) -> None:
    columns.append(Column("source", label=_("Source"), accessor=_describe, width="16%"))
    filters["imports"] = django_filters.ChoiceFilter(
        label=_("Imports"), choices=CHOICES, method=narrow, widget=forms.RadioSelect, empty_label=_("All")
    )


def annotate(pages: Any) -> Any:
    """What the column shows, in the listing's own statement."""
    return pages.annotate(
        import_key=Subquery(_records().values("key")[:1]),
        has_import_conflict=Exists(_conflicts()),
    )


def _describe(page: Any) -> str:
    key = getattr(page, "import_key", None)
    if key is None:
        return gettext("by hand")
    return f"{key} ({gettext('conflict')})" if page.has_import_conflict else str(key)
