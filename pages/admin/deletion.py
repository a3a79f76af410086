"""Schools and topics that articles use are not deleted: they are merged into the record that takes their place."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages

from pages.admin.merge_action import merge_url, used_in
from pages.models import School, Topic


def refuse_deletion_in_use(request: HttpRequest, instances: Sequence[Model]) -> HttpResponseBase | None:
    """A hook that runs before the confirmation and before the deletion, of one or of many.

    Sends to *Merge into ...* with those that are in use.  Articles that are drafts count: they could not be published
    any more.
    """
    used = [row for row in instances if isinstance(row, School | Topic) and used_in([row])]
    if not used:
        return None
    names = ", ".join(f"“{row}”" for row in used[:5]) + (" ..." if len(used) > 5 else "")
    count = len(used_in(used))
    messages.warning(
        request,
        gettext("%(names)s cannot be deleted: %(count)d article(s) use it. Choose what takes its place, or cancel.")
        % {"names": names, "count": count},
    )
    return redirect(merge_url(used, next_url=reverse(type(used[0]).snippet_viewset.get_url_name("list"))))
