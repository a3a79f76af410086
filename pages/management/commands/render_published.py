"""`manage.py render_published`: writes the public form of every live article anew.

For the day when the public form itself changes (a new version of this software says so), or after rows were written
by other means.  Batches of 200, each in its own transaction; safe to stop and to run again.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from pages.models import ArticlePage
from pages.publication import publish

BATCH = 200


class Command(BaseCommand):
    help = "Writes the public form of every live article anew."

    def handle(self, *args: Any, **options: Any) -> None:
        done, last = 0, 0
        while True:
            with transaction.atomic():
                batch = list(ArticlePage.objects.live().filter(pk__gt=last).order_by("pk")[:BATCH])
                publish(batch)
            if not batch:
                break
            done, last = done + len(batch), batch[-1].pk
        self.stdout.write(f"{done} articles rendered")
