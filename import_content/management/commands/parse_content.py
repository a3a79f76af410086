"""``manage.py parse_content``: show the structure of sources as JSON lines, without a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from import_content.cli.argument_types import positive
from import_content.cli.exit_codes import ExitCode
from import_content.cli.output import quiet_end
from import_content.cli.parse_report import print_results
from import_content.parsing import parse_many
from import_content.parsing.profile_template import suggest_profile
from import_content.sources import DEFAULT_MAX_BYTES, discover
from import_content.sources.errors import SourceError
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.profiles import load_profile


class Command(BaseCommand):
    help = (
        "Print, for each source, one JSON line: {source, document, accounting, encoding, uncertain} or "
        "{source, error, code}. Exit codes: 0 all sources parsed, 2 wrong usage, 5 some source failed."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sources", nargs="+", metavar="SOURCE", help="file, folder, pattern, or - for standard input"
        )
        parser.add_argument("--profile", type=Path, help="profile for all sources, instead of those in their folders")
        parser.add_argument("--no-profiles", action="store_true", help="look for no import_profile.toml")
        parser.add_argument(
            "--workers", type=positive, help="processes (default: one per core when there are many files)"
        )
        parser.add_argument("--max-bytes", type=positive, default=DEFAULT_MAX_BYTES, help="refuse larger files")
        parser.add_argument(
            "--two-passes",
            action="store_true",
            help="let sure names of schools in one file help with all others",
        )
        parser.add_argument(
            "--suggest-profile",
            action="store_true",
            help="print a template of import_profile.toml made from the sources",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with quiet_end(self.stdout):
            code = self.parse(options)
        if code is not ExitCode.CLEAN:
            sys.exit(code)

    def parse(self, options: dict[str, Any]) -> ExitCode:
        try:
            profile = load_profile(options["profile"]) if options["profile"] else None
        except SourceError as error:
            raise CommandError(str(error), returncode=ExitCode.USAGE) from error
        stdin = sys.stdin.buffer if "-" in options["sources"] else None
        left_out = LeftOutFiles()
        results = parse_many(
            discover(options["sources"], stdin=stdin, left_out=left_out, max_bytes=options["max_bytes"]),
            workers=options["workers"],
            profile=profile,
            use_profiles=not options["no_profiles"],
            max_bytes=options["max_bytes"],
            stdin=stdin,
            two_passes=options["two_passes"],
        )
        if options["suggest_profile"]:
            self.stdout.write(suggest_profile(results), ending="")
            return ExitCode.CLEAN
        code = print_results(results, self.stdout)  # type: ignore[arg-type]  # OutputWrapper is a TextIO in all but name
        for files in left_out:
            self.stderr.write(str(files))
        return code
