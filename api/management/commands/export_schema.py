"""`manage.py export_schema`: the OpenAPI document of the content API, as a file or on standard output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.contract.snapshot import current, text_of


class Command(BaseCommand):
    help = "Write the content API's contract (OpenAPI 3.1, JSON)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE", help="where to; without it, standard output")

    def handle(self, *args: Any, output: Path | None, **options: Any) -> None:
        text = text_of(current())
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
