"""`manage.py api_leakcheck`: does anything reach readers that they may not see?  See `api.leakcheck`.

Exit codes: 0, no leak; 1, leaks, each of which is printed.  Works in a transaction that is rolled back; while it runs
(seconds), other writers of an SQLite database wait, so run it where nobody edits.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from api.leakcheck.audit import audit


class Command(BaseCommand):
    help = (
        "Make something hidden of every kind, ask every route with every parameter, and fail if any of it shows. "
        "Nothing of it stays. Exit code 0: no leak; 1: leaks, which are printed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        result = audit()
        for leak in result.leaks:
            self.stderr.write(f"LEAK: {leak}")
        if result.leaks:
            raise CommandError(f"{len(result.leaks)} leak(s), or more", returncode=1)
        self.stdout.write(
            f"no leak: {result.kinds} hidden kinds, {result.words} words, {result.requests} requests, "
            f"{result.answered} of them answered with content"
        )
