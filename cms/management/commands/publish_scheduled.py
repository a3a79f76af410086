"""`manage.py publish_scheduled`: expires and publishes what is due, and goes on past what cannot be.

Takes the place of Wagtail's command of the same name.  Exit codes: 0, everything that was due is done; 1, something
could not be done (it is named on standard error and tried again by the next run) while all the rest was.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.scheduling import Outcome, carry_out, due


class Command(BaseCommand):
    help = (
        "Expires and publishes what is due, each item by itself. Exit code 0: all done; 1: some could not be, and are "
        "named; the rest was done all the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", "--dryrun", action="store_true", help="only say what is due")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        failed = 0
        for item in due():
            if dry_run:
                self.stdout.write(str(item))
                continue
            failed += self._report(carry_out(item))
        if failed:
            raise CommandError(f"{failed} scheduled item(s) could not be carried out", returncode=1)

    def _report(self, outcome: Outcome | None) -> int:
        """1 if it failed."""
        if outcome is None:
            return 0
        if outcome.error is None:
            self.stdout.write(f"done: {outcome.item}")
            return 0
        self.stderr.write(f"failed: {outcome.item}: {type(outcome.error).__name__}: {outcome.error}")
        return 1
