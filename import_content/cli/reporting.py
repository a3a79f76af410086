"""What an import tells people and programs: lines, progress, summary, JSON Lines, exit codes."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from import_content.applying.report import ImportReport, public_path
from import_content.applying.results import Result
from import_content.cli.exit_codes import ExitCode
from import_content.errors import UsageError
from import_content.models import Outcome
from import_content.planning.plan import PlanItem


def exit_code(report: ImportReport) -> ExitCode:
    return exit_code_of(report.outcomes, uncertain_refused=report.uncertain_refused)


def exit_code_of(outcomes: Counter[Outcome], *, uncertain_refused: int) -> ExitCode:
    if outcomes[Outcome.FAILED]:
        return ExitCode.FAILED
    refused = outcomes[Outcome.REFUSED] - uncertain_refused
    if outcomes[Outcome.CONFLICT] or outcomes[Outcome.PROPOSED] or refused > 0:
        return ExitCode.CONFLICTS
    return ExitCode.UNCERTAIN if uncertain_refused else ExitCode.CLEAN


def result_line(result: Result) -> str:
    """``created    guides/a.txt → /articles/a/``"""
    message = f": {result.message}" if result.message else ""
    target = f" → {public_path(result.url_path)}" if result.url_path and not message else ""
    line = f", line {result.planned.line}" if result.planned.line is not None else ""
    conflicts = f" ({_conflicts(result.planned)})" if result.outcome is Outcome.CONFLICT else ""
    return f"{result.outcome.value:<11} {result.planned.key}{line}{target}{conflicts}{message}"


_NOT_FOR_TERMINALS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls, line separators, and marks that turn the direction of writing: names of files may hold them."""


def one_line(text: str) -> str:
    """`text` as a terminal may have it: what would begin a line or command the terminal is written as ``\\x1b``."""
    return _NOT_FOR_TERMINALS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _conflicts(planned: PlanItem) -> str:
    places = planned.conflict_places
    return f"{len(places)} {'conflict' if len(places) == 1 else 'conflicts'}: {'; '.join(places)}"


class ReportFile(AbstractContextManager["ReportFile"]):
    """A report for programs, in JSON Lines: one line per source, a last one
    ``{"run", "summary", "left_out", "exit_code"}``.  A full disk ends the report and not the import."""

    def __init__(self, path: Path | None, say: Callable[[str], object]) -> None:
        """Raises `UsageError` where the file cannot be made.  `say`: tells a person what went wrong later."""
        self._path = path
        self._say = say
        self._out: TextIO | None = None
        self.is_incomplete = False
        """It could not be written to its end."""
        if path is not None:
            try:
                self._out = path.open("w", encoding="utf-8")
            except OSError as error:
                raise UsageError(f"the report cannot be written: {error.strerror}: {path}") from error

    @property
    def is_open(self) -> bool:
        """Whether anybody wants one, and it can be written."""
        return self._out is not None

    def write(self, values: dict[str, Any]) -> None:
        if self._out is not None:
            with self._said():
                self._out.write(json.dumps(values, ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """Everything is written: what the disk does not take is said now."""
        if self._out is not None:
            with self._said():
                self._out.flush()

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except (OSError, UnicodeEncodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.is_incomplete = True
            self._say(f"The report cannot be written any further ({reason}): {self._path}; the import goes on.")
            self._close()

    def _close(self) -> None:
        out, self._out = self._out, None
        if out is not None:
            with suppress(OSError):
                out.close()

    def __exit__(self, *exception: object) -> None:
        self._close()
