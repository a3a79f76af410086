"""The report of calls to action that lead nowhere; what editors are told when they save one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page
from wagtail.permissions import policy_registry

from pages.merging.calls import CallWithoutLink, calls_without_link, link_calls, texts_without_link
from pages.models import ArticlePage


class LinkForm(forms.Form):
    """Where all calls of one text shall lead."""

    text = forms.CharField(widget=forms.HiddenInput)
    url = forms.URLField(label=_("Address elsewhere"), required=False, assume_scheme="https")
    page = forms.ModelChoiceField(
        queryset=Page.objects.all(), label=_("... or a page of this site"), required=False, widget=AdminPageChooser
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("url")) == bool(cleaned.get("page")):
            raise forms.ValidationError(_("Give an address or choose a page, one of the two."))
        return cleaned


def may_see(request: HttpRequest) -> bool:
    policy = policy_registry.get_by_type(Page)
    return bool(policy.user_has_any_permission(request.user, ["change", "publish"]))


def may_change_all(request: HttpRequest, call: CallWithoutLink) -> bool:
    """What is live changes at once: whoever may publish each of the articles."""
    policy = policy_registry.get_by_type(Page)
    pages = Page.objects.filter(pk__in=call.pages)
    return all(policy.user_has_permission_for_instance(request.user, "publish", page) for page in pages)


def report(request: HttpRequest) -> HttpResponse:
    """The list, and below each text the form that gives all calls of this text one link."""
    if not may_see(request):
        raise PermissionDenied
    calls = calls_without_link()
    form = LinkForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        call = next((call for call in calls if call.text == form.cleaned_data["text"]), None)
        if call is None:
            messages.warning(request, gettext("There is no such call without a link any more."))
        elif not may_change_all(request, call):
            raise PermissionDenied
        else:
            page = form.cleaned_data["page"]
            changed = link_calls(
                call, url=form.cleaned_data["url"], page_id=page.pk if page else None, user=request.user
            )
            messages.success(request, gettext("%(count)d article(s) changed.") % {"count": changed})
        return HttpResponseRedirect(reverse("calls_without_link"))
    chosen = request.POST.get("text") or request.GET.get("text")
    titles = dict(
        Page.objects.filter(pk__in={pk for call in calls for pk in call.pages[:5]}).values_list("pk", "title")
    )
    rows: list[dict[str, Any]] = [
        {
            "call": call,
            "form": (form or LinkForm(initial={"text": call.text})) if call.text == chosen else None,
            "articles": [(pk, titles.get(pk, "")) for pk in call.pages[:5]],
        }
        for call in calls
    ]
    return render(request, "pages/admin/calls_report.html", {"rows": rows, "media": LinkForm().media})


def warn_of_calls_without_link(request: HttpRequest, page: Page) -> None:
    """A hook that runs after an article was saved by hand."""
    if request.headers.get("accept", "").startswith("application/json") or not isinstance(page, ArticlePage):
        return
    texts = texts_without_link(page.get_latest_revision_as_object().body.get_prep_value())
    if texts:
        names = ", ".join(f"“{text}”" for text in dict.fromkeys(texts))
        messages.warning(
            request, gettext("Leads nowhere yet: %(names)s. Readers see text, no button.") % {"names": names}
        )


class CallsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request)


def register_calls_menu_item() -> CallsMenuItem:
    url = reverse("calls_without_link")
    return CallsMenuItem(
        _("Calls without a link"), url, name="calls-without-link", icon_name="link-external", order=810
    )


def register_calls_urls() -> list[URLPattern]:
    return [path("reports/calls-without-link/", report, name="calls_without_link")]
