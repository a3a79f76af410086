"""How merges are told in the history of pages and records."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter

from pages.merging import calls, schools, topics


class ListingsRewritten(LogFormatter):
    label = _("Merge schools")

    def format_message(self, log_entry: Any) -> str:
        names = ", ".join(log_entry.data.get("schools", []))
        return gettext("Lists “%(into)s” instead of %(names)s, merged") % {
            "into": log_entry.data["into"],
            "names": names,
        }


class TopicsRewritten(LogFormatter):
    label = _("Merge topics")

    def format_message(self, log_entry: Any) -> str:
        names = ", ".join(log_entry.data.get("topics", []))
        return gettext("Has the topic “%(into)s” instead of %(names)s, merged") % {
            "into": log_entry.data["into"],
            "names": names,
        }


class MergedInto(LogFormatter):
    label = _("Merge")

    def format_message(self, log_entry: Any) -> str:
        return gettext("Took the place of %(names)s") % {"names": ", ".join(log_entry.data.get("names", []))}


class CallsLinked(LogFormatter):
    label = _("Link calls to action")

    def format_message(self, log_entry: Any) -> str:
        return gettext("Gave the call to action “%(text)s” its link") % {"text": log_entry.data["text"]}


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(schools.PAGE_ACTION)(ListingsRewritten)
    actions.register_action(schools.SCHOOL_ACTION)(MergedInto)
    actions.register_action(topics.PAGE_ACTION)(TopicsRewritten)
    actions.register_action(calls.LINK_ACTION)(CallsLinked)
