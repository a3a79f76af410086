"""`manage.py api_contract check|accept`: is what front ends were promised still true?

``check`` compares the contract of the code with the committed snapshot and prints every change.  Exit codes: 0, nothing
changed, or compatible changes only; 1, a change breaks front ends; 2, with ``--exact``: compatible changes that the
snapshot does not have yet; 3, there is no readable snapshot.  ``accept`` makes the contract of the code the snapshot.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.contract import snapshot
from api.contract.changes import Change, compare

BREAKING, OUTDATED, NO_SNAPSHOT = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Compare the API's contract with its snapshot (check), or make it the snapshot (accept). Exit codes of check: "
        "0 same or compatible, 1 breaking, 2 compatible but not accepted yet (with --exact), 3 no readable snapshot."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("check", "accept"))
        parser.add_argument("--snapshot", type=Path, default=snapshot.SNAPSHOT, metavar="FILE")
        parser.add_argument("--exact", action="store_true", help="check: compatible changes fail too, with exit code 2")

    def handle(self, *args: Any, action: str, snapshot: Path, exact: bool, **options: Any) -> None:
        if action == "check":
            self._check(snapshot, exact=exact)
        else:
            self._accept(snapshot)

    def _check(self, file: Path, *, exact: bool) -> None:
        agreed, now = _read(file), snapshot.current()
        changes = compare(agreed, now)
        self._tell(changes)
        breaking = sum(change.breaking for change in changes)
        if breaking:
            raise CommandError(f"{breaking} change(s) of the contract break front ends", returncode=BREAKING)
        if exact and snapshot.text_of(agreed) != snapshot.text_of(now):
            raise CommandError("the snapshot is out of date: manage.py api_contract accept", returncode=OUTDATED)
        self.stdout.write("the contract holds" if changes else "the contract is as it was")

    def _accept(self, file: Path) -> None:
        now = snapshot.current()
        if file.exists():
            self._tell(compare(_read(file), now))
        file.write_text(snapshot.text_of(now), encoding="utf-8")
        self.stdout.write("accepted")

    def _tell(self, changes: list[Change]) -> None:
        for change in changes:
            self.stdout.write(str(change))


def _read(file: Path) -> dict[str, Any]:
    try:
        return snapshot.read(file)
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}", returncode=NO_SNAPSHOT) from error
