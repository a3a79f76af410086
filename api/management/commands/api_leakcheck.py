"""`manage.py api_leakcheck`: does anything hidden show, in whatever way, in any answer of the API?

Makes content of every hidden kind with a random word in every field, and public content related to all of it; asks
every route with every parameter, following lists to their end; then removes what is hidden and asks again.  No word
may stand in a body or a header, and no answer (its status, headers, count or order) may differ between the two.
All of it happens in a transaction that is rolled back, with files in a temporary folder.

Exit code 0: nothing leaks.  1: something does; each finding is a line.
"""

from __future__ import annotations

import sys
import tempfile
from typing import Any
from urllib.parse import unquote

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.test import override_settings
from wagtail.models import Site

from api.leakcheck.canaries import Canaries, build
from api.leakcheck.walk import Answers, Walk


class Command(BaseCommand):
    help = "Makes hidden content of every kind, asks the API everything, and fails if any of it shows."

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(is_default_site=True).first()
        if site is None:
            raise CommandError("There is no default site to check.")
        findings, asked = audit(site)
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            self.stderr.write(f"{len(findings)} leaks in {asked} answers")
            sys.exit(1)
        self.stdout.write(f"{asked} answers, and nothing hidden in any")


def audit(site: Site) -> tuple[list[str], int]:
    """What leaks, and how many answers were looked at."""
    with (
        tempfile.TemporaryDirectory(prefix="leakcheck-") as folder,
        override_settings(MEDIA_ROOT=folder),
        transaction.atomic(),
    ):
        made = build(site)
        walk = Walk(made)
        before = walk.answers()
        made.remove()
        after = walk.answers(list(before))
        transaction.set_rollback(True)
    return [*words_that_show(before, made), *differences(before, after)], len(before)


def words_that_show(answers: Answers, made: Canaries) -> list[str]:
    """A word that the question held may stand in an error about the question; nowhere else may it."""
    return [
        f"{url}: shows the word of “{kind}”"
        for url, (_, headers, body) in answers.items()
        for kind, word in made.words.items()
        if word in body + headers and word not in unquote(url)
    ]


def differences(before: Answers, after: Answers) -> list[str]:
    return [
        f"{url}: differs when nothing is hidden ({before[url][0]} and {after[url][0]})"
        for url in before
        if before[url] != after[url]
    ]
