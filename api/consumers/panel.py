"""Is it live?  What each consumer and webhook shows of one page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.journal.sequencer import catch_up
from api.models import Consumer, JournalEntry, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class Showing:
    name: str
    text: str
    is_current: bool


def showings(page_id: int) -> list[Showing]:
    """One for each consumer and each webhook that fails.  Five queries, however many there are."""
    consumers = list(Consumer.objects.all())
    failing = list(WebhookEndpoint.objects.exclude(failing_since=None))
    if not consumers and not failing:
        return []
    now = catch_up(patience_seconds=0.2)
    own = JournalEntry.objects.filter(kind__in=("article", "index"), object_id=page_id)
    changed = own.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    oldest = min((one.sequence for one in consumers), default=now.sequence)
    behind = list(JournalEntry.objects.filter(sequence__gt=oldest).values_list("sequence", flat=True))
    told = []
    for one in consumers:
        since = date_format(localtime(one.deployed_at), "H:i")
        count = sum(number > one.sequence for number in behind)
        if changed <= one.sequence:
            told.append(Showing(one.name, _("shows this since %s") % since, True))
        else:
            text = ngettext("%d change behind", "%d changes behind", count) % count
            told.append(Showing(one.name, text, False))
    told += [Showing(hook.name, _("webhook failing, replay"), False) for hook in failing]
    return told
