"""Schools in the admin: their list, their forms, and how they are chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.admin.widgets import Button
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from pages.admin.merge_action import may_merge, merge_url
from pages.models import School


class SchoolFilterSet(WagtailFilterSet):
    class Meta:
        model = School
        fields = ["live", "country", "region"]


class SchoolColumns:
    """What tells schools of similar names apart."""

    @property
    def columns(self) -> list[Column]:
        columns: list[Column] = super().columns  # type: ignore[misc]  # a mixin
        place = Column("place", label=_("Place"), accessor="place")
        other_names = Column("other_names", label=_("Other names"), accessor="other_names")
        return [columns[0], place, other_names, *columns[1:]]

    def get_object_list(self) -> Any:
        return super().get_object_list().prefetch_related("aliases")  # type: ignore[misc]  # a mixin


class SchoolChooseView(SchoolColumns, ChooseView):
    pass


class SchoolChooseResultsView(SchoolColumns, ChooseResultsView):
    pass


class NewSchoolForm(forms.ModelForm):  # type: ignore[type-arg]  # its model is given below
    """As much of a school as is known where an article is written."""

    class Meta:
        model = School
        fields = ["name", "city", "region", "country", "website"]


class SchoolChooserViewSet(SnippetChooserViewSet):
    choose_view_class = SchoolChooseView
    choose_results_view_class = SchoolChooseResultsView
    creation_form_class = NewSchoolForm
    create_action_label = _("Create school")
    creation_tab_label = _("New school")


class SchoolEditView(EditView):
    @property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = [*super().header_more_buttons]
        if may_merge(self.request.user, self.object):
            buttons.append(
                Button(_("Merge into..."), url=merge_url([self.object]), icon_name="collapse-down", priority=25)
            )
        return buttons


class SchoolViewSet(SnippetViewSet):
    model = School
    icon = "home"
    menu_label = _("Schools")
    menu_order = 210
    add_to_admin_menu = True
    list_display = [
        "name",
        "city",
        "region",
        "country",
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    filterset_class = SchoolFilterSet
    ordering = ["name"]
    list_per_page = 50
    copy_view_enabled = False
    edit_view_class = SchoolEditView
    chooser_viewset_class = SchoolChooserViewSet
    edit_handler = School.edit_handler


def register_school_buttons(snippet: Any, user: Any, next_url: str | None = None) -> list[Button]:
    """*Merge into ...* beside each school in the list."""
    if not isinstance(snippet, School) or not may_merge(user, snippet):
        return []
    url = merge_url([snippet], next_url=next_url or "")
    return [Button(_("Merge into..."), url=url, icon_name="collapse-down", priority=25)]
