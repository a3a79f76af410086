"""What an import tells people and programs: lines, progress, summary, JSON Lines, exit codes."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from types import TracebackType
from typing import Any, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from wagtail.models import Site

from import_content.applying.results import Result
from import_content.cli.exit_codes import ExitCode
from import_content.models import Outcome
from import_content.planning.plan import PlanItem


def exit_code(results: Counter[Outcome], *, uncertain_refused: int) -> ExitCode:
    if results[Outcome.FAILED]:
        return ExitCode.FAILED
    refused = results[Outcome.REFUSED] - uncertain_refused
    if results[Outcome.CONFLICT] or results[Outcome.PROPOSED] or refused > 0:
        return ExitCode.CONFLICTS
    return ExitCode.UNCERTAIN if uncertain_refused else ExitCode.CLEAN


class Tally:
    """Adds up results as they come."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.causes: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        """(code, message) to the sources it befell, with their lines."""
        self.uncertain = 0
        self.uncertain_refused = 0

    def add(self, result: Result) -> None:
        planned = result.planned
        self.outcomes[result.outcome] += 1
        self.uncertain += len(planned.uncertain)
        if result.outcome in (Outcome.FAILED, Outcome.REFUSED, Outcome.PROPOSED):
            where = f"{planned.key}, line {planned.line}" if planned.line is not None else planned.key
            self.causes[(result.planned.code, result.message)].append(where)
            self.uncertain_refused += planned.code == "uncertain"

    @property
    def exit_code(self) -> ExitCode:
        return exit_code(self.outcomes, uncertain_refused=self.uncertain_refused)

    def summary(self, *, would: bool = False) -> Iterator[str]:
        """Outcomes with their numbers, then what went wrong, grouped by cause."""
        total = self.outcomes.total()
        parts = [f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome if self.outcomes[outcome]]
        noun = "source" if total == 1 else "sources"
        yield f"{total} {noun}: {', '.join(parts) or 'nothing to do'}" + (" (nothing was written)" if would else "")
        for (_, message), sources in sorted(self.causes.items(), key=lambda cause: (-len(cause[1]), cause[0])):
            shown = ", ".join(sources[:5]) + (f" and {len(sources) - 5} more" if len(sources) > 5 else "")
            yield f"  {message}: {shown}"
        if self.uncertain:
            noun = "block" if self.uncertain == 1 else "blocks"
            yield f"  {self.uncertain} {noun} uncertain; manage.py parse_content SOURCE shows which"

    def as_json(self) -> dict[str, Any]:
        return {outcome.value: number for outcome, number in self.outcomes.items()}


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


def public_path(url_path: str) -> str:
    """A page's path as readers have it, without the site's root page."""
    for _, root_path, _, _ in Site.get_site_root_paths():
        if url_path.startswith(root_path):
            return "/" + url_path.removeprefix(root_path)
    return url_path


def _conflicts(planned: PlanItem) -> str:
    places = planned.conflict_places
    return f"{len(places)} {'conflict' if len(places) == 1 else 'conflicts'}: {'; '.join(places)}"


def result_json(result: Result) -> dict[str, Any]:
    """``{"source", "outcome", "code", "message", "line", "page", "path", "uncertain": [...], "near": [...],
    "conflicts": [...]}``;
    what does not apply is left out."""
    planned = result.planned
    values = {
        "source": planned.key,
        "outcome": result.outcome.value,
        "code": planned.code,
        "message": result.message,
        "line": planned.line,
        "page": result.page_id,
        "path": public_path(result.url_path) if result.url_path else "",
        "uncertain": list(planned.uncertain),
        "near": [{"name": name, "known": other} for name, other in planned.near],
        "conflicts": planned.conflict_places if result.outcome is Outcome.CONFLICT else [],
    }
    return {key: value for key, value in values.items() if value not in (None, "", [])}


class JsonLines(AbstractContextManager["JsonLines"]):
    """A report for programs: one line per source, a last one ``{"run", "summary", "exit_code"}``.

    Where it cannot be written to its end (a full disk), that is said once, and the import goes on.
    """

    def __init__(self, out: TextIO | None, say: Callable[[str], object]) -> None:
        self._out = out
        self._say = say

    @property
    def is_open(self) -> bool:
        """Whether anybody wants one."""
        return self._out is not None

    def write(self, values: dict[str, Any]) -> None:
        if self._out is None:
            return
        try:
            self._out.write(json.dumps(values, ensure_ascii=False) + "\n")
        except OSError as error:
            self._give_up(error)

    def __exit__(self, *exception: object) -> None:
        if self._out is None:
            return
        try:
            self._out.close()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        out, self._out = self._out, None
        with suppress(OSError):
            out.close() if out is not None else None
        self._say(f"The report is not complete: {error.strerror or error}. The import went on.")


class Screen:
    """Lines for people; on a terminal with a bar, rate and remaining time below them."""

    def __init__(self, out: Any, *, total: int | None, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._progress: Progress | None = None
        if total is not None and out.isatty():
            console = Console(file=getattr(out, "_out", out))
            self._progress = Progress(
                SpinnerColumn(),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=console,
                transient=True,
            )
            self._task = self._progress.add_task("", total=total, rate="")

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def line(self, text: str) -> None:
        if self._quiet:
            return
        text = one_line(text)
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            self._out.write(text)

    def advance(self) -> None:
        if self._progress is None:
            return
        task = self._progress.tasks[0]
        rate = f"{task.speed:.0f}/s" if task.speed else ""
        self._progress.update(self._task, advance=1, rate=rate)
