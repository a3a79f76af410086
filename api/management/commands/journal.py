"""`manage.py journal`: how far the journal is, whether it is right, and how to set it right."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.journal import reconciliation
from api.journal.sequencer import catch_up, exclusively, forget
from api.models import JournalEntry

SHOWN = 20
LOCK_SECONDS = 60.0


class Command(BaseCommand):
    help = (
        "status: how far the journal of public changes is. reconcile: compare it with what is public, and with --fix "
        "enter what it has missed; exit code 1 where it differs and is not mended. compact: forget old tombstones now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="bring the journal up to date and say how far it is")
        reconcile = actions.add_parser("reconcile", help="compare the journal with what is public")
        reconcile.add_argument("--fix", action="store_true", help="enter the differences, as changes of this moment")
        actions.add_parser("compact", help="forget tombstones that are older than API_JOURNAL_DAYS")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(**options)

    def _status(self, **options: Any) -> None:
        found = catch_up(patience_seconds=LOCK_SECONDS)
        live = JournalEntry.objects.filter(gone=False).count()
        gone = JournalEntry.objects.filter(gone=True).count()
        self.stdout.write(f"sequence {found.sequence}, {live} public objects, {gone} tombstones")

    def _reconcile(self, fix: bool, **options: Any) -> None:
        started = time.monotonic()
        found = list(reconciliation.discrepancies())
        for discrepancy in found[:SHOWN]:
            self.stdout.write(str(discrepancy))
        if len(found) > SHOWN:
            self.stdout.write(f"... and {len(found) - SHOWN} more")
        if found and fix:
            reconciliation.mend()
        seconds = time.monotonic() - started
        told = "the journal is right" if not found else f"{len(found)} differences{', entered' if fix else ''}"
        self.stdout.write(f"{told} ({seconds:.1f} s)")
        if found and not fix:
            raise CommandError("the journal differs from what is public: run it again with --fix", returncode=1)

    def _compact(self, **options: Any) -> None:
        catch_up(patience_seconds=LOCK_SECONDS)
        with exclusively(LOCK_SECONDS) as ours:
            if not ours:
                raise CommandError("the journal is being written all the time; try again")
            dropped = forget()
        self.stdout.write(f"{dropped} tombstones forgotten")
