"""`manage.py doctor`: what an operator asks first, in one page, with what to do.

Exit codes: 0, nothing is wrong; 1, something has to be done.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from django.core.checks import WARNING, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from django.utils import timezone

from cms.health import examine
from cms.scheduling import due
from pages.models import SchoolNameProposal


class Command(BaseCommand):
    help = "Says whether all that the site needs is there, and what to do where it is not. Exit code 1: something is."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for finding in examine():
            wrong += bool(finding.problem)
            self._line(finding.name, finding.problem or f"ok, {finding.seconds * 1000:.0f} ms", failed=finding.problem)
        for message in run_checks(include_deployment_checks=True):
            if message.level >= WARNING:
                wrong += 1
                hint = f" {message.hint}" if message.hint else ""
                self._line(str(message.id), f"{message.msg}{hint}", failed=True)
        try:
            for name, text in self._facts():
                self._line(name, text)
        except Error as error:
            self._line("facts", f"cannot be asked for: {error}", failed=True)
        if wrong:
            raise CommandError(f"{wrong} to be looked at", returncode=1)

    def _facts(self) -> Iterator[tuple[str, str]]:
        """Worth knowing, and nothing wrong by itself."""
        version = (
            sqlite3.sqlite_version
            if connection.vendor == "sqlite"
            else str(connection.cursor().connection.info.server_version)
        )
        yield "engine", f"{connection.vendor} {version}"
        yield "clock", f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC"
        late = sum(1 for _ in due())
        yield (
            "scheduled",
            f"{late} due and not done: run manage.py publish_scheduled from cron" if late else "nothing due",
        )
        names = SchoolNameProposal.objects.open().count()
        yield "school names", f"{names} look alike: see the report in the admin" if names else "none look alike"

    def _line(self, name: str, text: str, *, failed: object = False) -> None:
        self.stdout.write(f"{'FAILED' if failed else '  '} {name:<14}{' '.join(text.split())}")
