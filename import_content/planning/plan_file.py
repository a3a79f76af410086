"""A plan as a file: made now, looked at by people, carried out later or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from import_content.options import ImportOptions, UsageError, site_path
from import_content.planning.diff import diff_lines
from import_content.planning.plan import LeaveAlone, PlanItem, RefuseSource

VERSION = 1


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """``{"version", "sources", "options", "items": [{"source", "verdict", "code", "message", "digest", "diff"}]}``"""

    sources: Sequence[str]
    options: Mapping[str, Any]
    """The command's options that decide what an import does; ``parent`` is a URL path."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Source to the digest of its decision."""


OPTIONS = ("publish", "collection", "strict", "reparse", "two_passes", "prune", "prune_share", "max_bytes")
PATHS = ("root", "moved_from", "profile")


def save_plan(
    path: Path, sources: Sequence[str], options: ImportOptions, plan: Iterable[PlanItem]
) -> Iterator[PlanItem]:
    """Write decisions to a file as they pass by.  The file is complete when the last one was taken.

    Raises `UsageError` where the file cannot be written or the plan could not be carried out later.
    """
    if "-" in sources:
        raise UsageError("text from standard input cannot be item: it is gone when the plan is carried out")
    chosen: dict[str, Any] = {name: getattr(options, name) for name in OPTIONS}
    chosen["parent"] = site_path(options.parent)
    chosen["root"] = str(options.root.resolve()) if options.root else None
    chosen["moved_from"] = str(options.moved_from.resolve()) if options.moved_from else None
    chosen["profile"] = str(options.profile.path.resolve()) if options.profile and options.profile.path else None
    items: list[dict[str, Any]] = []
    for item in plan:
        items.append(_item(item))
        yield item
    data = {
        "version": VERSION,
        "sources": [str(Path(source).resolve()) for source in sources],
        "options": chosen,
        "items": items,
    }
    try:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the plan cannot be written: {error.strerror}: {path}") from error


def _item(item: PlanItem) -> dict[str, Any]:
    values = {
        "source": item.key,
        "verdict": item.verdict.value,
        "code": item.code,
        "message": item.message,
        "digest": item.digest,
        "diff": list(diff_lines(item)),
    }
    return {key: value for key, value in values.items() if value}


def load_plan(path: Path) -> SavedPlan:
    """Raises `UsageError` for what is no plan."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the plan cannot be read: {error.strerror}: {path}") from error
    except ValueError as error:
        raise UsageError(f"{path} is no plan: {error}") from error
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise UsageError(f"{path} is no plan that this version understands")
    return SavedPlan(
        sources=data["sources"],
        options=data["options"],
        digests={item["source"]: item["digest"] for item in data["items"]},
    )


def only_as_saved(plan: Iterable[PlanItem], saved: SavedPlan) -> Iterator[PlanItem]:
    """Of a fresh plan, what is decided as in the saved one; everything else is refused."""
    seen: set[str] = set()
    for item in plan:
        seen.add(item.key)
        digest = saved.digests.get(item.key)
        if digest is None:
            yield _moved(item, "it is not in the plan")
        elif item.writes and digest != item.digest:
            yield _moved(item, "the source or its page has changed since the plan was made")
        else:
            yield item
    for key in saved.digests.keys() - seen:
        yield PlanItem(key, RefuseSource("moved", "it is gone since the plan was made"))


def _moved(item: PlanItem, message: str) -> PlanItem:
    return item if isinstance(item.decision, LeaveAlone) else item.refused("moved", message)
