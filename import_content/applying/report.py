"""What an import did or would do, added up as results come: for people and for programs, behind every door."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, override
from wagtail.models import Site

from import_content.applying.results import Result
from import_content.models import Outcome
from import_content.sources.left_out import LeftOut

MAX_LISTED_SOURCES = 5
"""Sources that are named of those with one trouble."""
UNCERTAIN = "uncertain"
"""The code of a refusal that `strict` asked for."""


class ImportReport:
    """Adds up the results of one import."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.causes: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        """(code, message) to the sources it befell, with their lines."""
        self.uncertain = 0
        """Places that the parser is not sure of."""
        self.uncertain_refused = 0
        """Sources refused for such places."""
        self.left_out: tuple[LeftOut, ...] = ()
        """Files of the folders that are no sources."""

    def add(self, result: Result) -> None:
        item = result.planned
        self.outcomes[result.outcome] += 1
        self.uncertain += len(item.uncertain)
        if result.outcome in (Outcome.FAILED, Outcome.REFUSED, Outcome.PROPOSED):
            where = f"{item.key}, line {item.line}" if item.line is not None else item.key
            self.causes[(item.code, result.message)].append(where)
            self.uncertain_refused += item.code == UNCERTAIN

    def leave_out(self, files: Iterable[LeftOut]) -> None:
        self.left_out = tuple(files)

    @property
    def total(self) -> int:
        return self.outcomes.total()

    def summary(self, *, would: bool = False) -> Iterator[str]:
        """Outcomes with their numbers, then what went wrong, grouped by cause, then what was left out."""
        parts = [f"{self.outcomes[outcome]} {outcome.value}" for outcome in Outcome if self.outcomes[outcome]]
        noun = "source" if self.total == 1 else "sources"
        yield f"{self.total} {noun}: {', '.join(parts) or 'nothing to do'}" + (
            " (nothing was written)" if would else ""
        )
        for (_, message), sources in sorted(self.causes.items(), key=lambda cause: (-len(cause[1]), cause[0])):
            more = len(sources) - MAX_LISTED_SOURCES
            shown = ", ".join(sources[:MAX_LISTED_SOURCES]) + (f" and {more} more" if more > 0 else "")
            yield f"  {message}: {shown}"
        if self.uncertain:
            noun = "place" if self.uncertain == 1 else "places"
            yield f"  {self.uncertain} {noun} uncertain; manage.py parse_content SOURCE shows which"
        for left_out in self.left_out:
            yield f"  {left_out}"

    def summary_json(self) -> dict[str, Any]:
        """``{"summary": {outcome: number}, "left_out": [{"reason", "ending", "count", "example"}]}``; `left_out` only
        where something was."""
        values: dict[str, Any] = {"summary": {outcome.value: number for outcome, number in self.outcomes.items()}}
        if self.left_out:
            values["left_out"] = [
                {"reason": it.reason.value, "ending": it.ending, "count": it.count, "example": it.example}
                for it in self.left_out
            ]
        return values


def result_json(result: Result) -> dict[str, Any]:
    """``{"source", "outcome", "code", "message", "line", "page", "path", "uncertain": [...], "near": [...],
    "deleted_schools": [...], "conflicts": [...]}``; what does not apply is left out."""
    item = result.planned
    values = {
        "source": item.key,
        "outcome": result.outcome.value,
        "code": item.code,
        "message": result.message,
        "line": item.line,
        "page": result.page_id,
        "path": public_path(result.url_path) if result.url_path else "",
        "uncertain": list(item.uncertain),
        "near": [{"name": name, "known": other} for name, other in item.near],
        "deleted_schools": list(item.deleted_schools),
        "conflicts": item.conflict_places if result.outcome is Outcome.CONFLICT else [],
    }
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def public_path(url_path: str) -> str:
    """A page's path as readers have it: without the site's root page, with the prefix of its locale."""
    for root in Site.get_site_root_paths():
        if url_path.startswith(root.root_path):
            with override(root.language_code or get_language()):
                return reverse("wagtail_serve", args=[url_path.removeprefix(root.root_path)])
    return url_path
