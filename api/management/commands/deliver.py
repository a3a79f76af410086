"""`manage.py deliver`: purges caches and sends webhooks that are due."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from api.webhooks.delivery import deliver_due

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Purges caches and sends the webhooks that are due. With --follow, goes on until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--follow", action="store_true", help="go on, looking once a second")

    def handle(self, *args: Any, follow: bool, **options: Any) -> None:
        while True:
            sent = deliver_due()
            if sent or not follow:
                self.stdout.write(f"{sent} sent")
            if not follow:
                return
            time.sleep(PAUSE_SECONDS)
