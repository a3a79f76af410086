"""*Merge into ...*: one school, or one topic, takes the place of those that were chosen, by the list or one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import classproperty
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.widgets import AdminSnippetChooser

from pages.merging.schools import MergeRefusedError, merge_schools, pages_listing
from pages.merging.topics import articles_about, merge_topics
from pages.models import School, Topic


def merge_url(objects: Iterable[Model], *, next_url: str = "", into: Model | None = None) -> str:
    """Where these schools, or these topics, can be merged into another."""
    objects = list(objects)
    meta = objects[0]._meta
    query = [("id", str(row.pk)) for row in objects]
    query += [("next", next_url)] if next_url else []
    query += [("into", str(into.pk))] if into is not None else []
    return reverse("wagtail_bulk_action", args=[meta.app_label, meta.model_name, "merge"]) + "?" + urlencode(query)


def may_merge(user: AbstractBaseUser, row: Model) -> bool:
    """A merge deletes records and rewrites what is published: whoever may delete may merge."""
    may: bool = policy_registry.get_by_type(type(row)).user_has_permission_for_instance(user, "delete", row)
    return may


def used_in(rows: Iterable[Model]) -> set[int]:
    """Ids of the articles, drafts included, that use these schools, or these topics."""
    rows = list(rows)
    ids = {row.pk for row in rows}
    return pages_listing(ids) if isinstance(rows[0], School) else articles_about(ids)


class MergeForm(forms.Form):
    """Which record takes the place of the others."""

    def __init__(self, *args: Any, model: type[Model], chosen: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen = chosen
        self.fields["into"] = forms.ModelChoiceField(
            queryset=model._default_manager.all(),
            label=_("Takes their place"),
            widget=AdminSnippetChooser(model),
            error_messages={"required": _("Choose the one that takes their place.")},
        )

    def clean_into(self) -> Model:
        into: Model = self.cleaned_data["into"]
        if self._chosen == {into.pk}:
            raise forms.ValidationError(_("Choose another one than the one that is to be merged."))
        return into


class MergeBulkAction(SnippetBulkAction):
    display_name = _("Merge into...")
    action_type = "merge"
    aria_label = _("Merge selected records into one")
    template_name = "pages/admin/merge.html"
    action_priority = 20

    @classproperty
    def models(cls) -> list[type[Model]]:  # noqa: N805 -- as Wagtail's
        return [School, Topic]

    def check_perm(self, row: Model) -> bool:
        return may_merge(self.request.user, row)

    def get_form(self, form_class: Any = None) -> MergeForm:
        objects, _refused = self.get_actionable_objects()
        initial = {"into": self.request.GET.get("into")} if self.request.GET.get("into", "").isdecimal() else {}
        data = self.request.POST if self.request.method == "POST" else None
        return MergeForm(data, model=self.model, chosen={row.pk for row in objects}, initial=initial)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        items = [item["item"] for item in context["items"]]
        context["usage_count"] = len(used_in(items)) if items else 0
        context["is_school"] = self.model is School
        context["form"] = kwargs.get("form") or self.get_form()
        return context

    def form_valid(self, form: MergeForm) -> HttpResponse:
        objects, _refused = self.get_actionable_objects()
        into = form.cleaned_data["into"]
        policy = policy_registry.get_by_type(self.model)
        if not objects or not policy.user_has_permission_for_instance(self.request.user, "change", into):
            raise PermissionDenied
        merge: Any = merge_schools if self.model is School else merge_topics
        try:
            result = merge(objects, into, user=self.request.user)
        except MergeRefusedError as error:
            form.add_error("into", str(error))
            refused: HttpResponse = self.render_to_response(self.get_context_data(form=form))
            return refused
        text = gettext("%(count)d merged into “%(into)s”; %(pages)d article(s) were changed.")
        messages.success(self.request, text % {"count": result.merged, "into": into, "pages": result.pages})
        return HttpResponseRedirect(reverse(self.model.snippet_viewset.get_url_name("list")))
