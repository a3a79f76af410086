"""`manage.py api_contract check|accept`: the contract as the code has it, against the one that was promised.

``check`` lists what changed since the committed snapshot, api/openapi/contract.json: breaking or compatible.
``accept`` writes the snapshot anew, which belongs into the commit that changes the contract.

Exit code of ``check`` 0: no change; 1: compatible changes that the snapshot lacks; 2: breaking changes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.management.commands.export_schema import contract_text
from api.openapi.contract import compare

SNAPSHOT = Path(__file__).resolve().parents[2] / "openapi" / "contract.json"


class Command(BaseCommand):
    help = "Compares the contract of the content API with the one that was promised."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["check", "accept"])
        parser.add_argument("--against", type=Path, default=SNAPSHOT, metavar="FILE", help="Another snapshot.")

    def handle(self, *args: Any, action: str, against: Path, **options: Any) -> None:
        if action == "accept":
            against.write_text(contract_text(), encoding="utf-8")
            return
        try:
            promised = json.loads(against.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{against} cannot be read: {error}") from error
        text = contract_text()
        changes = compare(promised, json.loads(text))
        for change in changes:
            self.stdout.write(str(change))
        if any(change.breaking for change in changes):
            sys.exit(2)
        if against.read_text(encoding="utf-8") != text:
            self.stdout.write("The snapshot is not up to date: run `manage.py api_contract accept`.")
            sys.exit(1)
        self.stdout.write("The contract is as promised.")
