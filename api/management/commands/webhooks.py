"""`manage.py webhooks`: what was sent, again, and what would be."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.journal.sequencer import catch_up
from api.models import WebhookDelivery, WebhookEndpoint
from api.webhooks.delivery import attempt, message, news, replay

SHOWN = 20


class Command(BaseCommand):
    help = "log: the latest deliveries. resend ID: one of them again. replay NAME SEQUENCE: all since. listen: print."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("log", help="the latest deliveries")
        resend = actions.add_parser("resend", help="send a delivery again")
        resend.add_argument("message", help="its id, msg_...")
        again = actions.add_parser("replay", help="tell a webhook again of everything after a number")
        again.add_argument("name")
        again.add_argument("sequence", type=int)
        listen = actions.add_parser("listen", help="print what a webhook for everything would be sent, until stopped")
        listen.add_argument("--once", action="store_true", help="what has happened since --since, and no more")
        listen.add_argument("--since", type=int, help="number to begin after; without it, now")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(**options)

    def _log(self, **options: Any) -> None:
        for one in WebhookDelivery.objects.select_related("endpoint")[:SHOWN]:
            state = "delivered" if one.delivered_at else f"tried {one.attempts} times"
            self.stdout.write(
                f"{one.message_id} {one.endpoint.name} {one.first}..{one.last} {state} {one.status or ''}"
            )

    def _resend(self, message: str, **options: Any) -> None:
        found = WebhookDelivery.objects.select_related("endpoint").filter(message_id=message).first()
        if found is None:
            raise CommandError("there is no such delivery")
        result = attempt(found)
        self.stdout.write(f"{result.status or result.answer}")

    def _replay(self, name: str, sequence: int, **options: Any) -> None:
        found = WebhookEndpoint.objects.filter(name=name).first()
        if found is None:
            raise CommandError("there is no such webhook")
        replay(found, sequence)
        self.stdout.write(f"{name} is told again of everything after {sequence}")

    def _listen(self, once: bool, since: int | None, **options: Any) -> None:
        now = catch_up()
        endpoint = WebhookEndpoint(name="listen", sequence=now.sequence if since is None else since)
        while True:
            now = catch_up()
            while entries := news(endpoint):
                self.stdout.write(message(endpoint, entries, now.epoch))
                endpoint.sequence = entries[-1].sequence
            if once:
                return
            time.sleep(1)
