"""`manage.py export_schema [--output FILE]`: the OpenAPI document, to standard output or a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from api.openapi.document import document


def contract_text() -> str:
    """As it is committed: one property a line, in a stable order, so that changes are easy to read."""
    return json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


class Command(BaseCommand):
    help = "Writes the OpenAPI document of the content API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE", help="Write here instead of to standard output.")

    def handle(self, *args: Any, output: Path | None, **options: Any) -> None:
        if output is None:
            self.stdout.write(contract_text(), ending="")
        else:
            output.write_text(contract_text(), encoding="utf-8")
