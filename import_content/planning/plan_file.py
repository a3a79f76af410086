"""A plan as a file: made now, looked at by people, carried out later just as it was shown, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from import_content.article_index import describe_index, site_path
from import_content.errors import UsageError
from import_content.options import SETTINGS, ImportOptions, ImportRequest, ImportSettings
from import_content.planning.diff import diff_lines
from import_content.planning.plan import LeaveAlone, PlanItem, RefuseSource
from import_content.planning.plan_schema import PLAN_VERSION, PlanFile, PlanOptions
from import_content.planning.plan_seal import database_identity, is_sealed, seal, site_identity

MAX_PLAN_BYTES = 256 * 1024 * 1024
_SAVED_SETTINGS = tuple(name for name in SETTINGS if name in PlanOptions.model_fields)


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan file that this site has sealed, for this database."""

    sources: Sequence[str]
    options: PlanOptions
    digests: Mapping[str, str]
    """Source to the digest of its decision."""

    def request(self, *, user: str | None = None, workers: int | None = None) -> ImportRequest:
        """The import that was planned; who carries it out, and in how many processes, is no part of a plan."""
        options = self.options
        chosen = {name: getattr(options, name) for name in _SAVED_SETTINGS}
        return ImportRequest(
            sources=self.sources,
            parent=options.parent,
            make_parent=options.make_parent,
            user=user,
            root=_path(options.root),
            moved_from=_path(options.moved_from),
            profile=_path(options.profile),
            settings=ImportSettings(**chosen, workers=workers),
        )


def save_plan(
    path: Path, sources: Sequence[str], options: ImportOptions, plan: Iterable[PlanItem]
) -> Iterator[PlanItem]:
    """Write decisions to a file as they pass by.  The file is complete, and sealed, when the last one was taken.

    Raises `UsageError` where the file cannot be written or the plan could not be carried out later.
    """
    if "-" in sources:
        raise UsageError("text from standard input cannot be planned: it is gone when the plan is carried out")
    _write(path, "")  # what cannot be written is said before the work, not after it
    return _saved(path, sources, options, plan)


def _saved(path: Path, sources: Sequence[str], options: ImportOptions, plan: Iterable[PlanItem]) -> Iterator[PlanItem]:
    items: list[dict[str, Any]] = []
    for item in plan:
        items.append(_entry(item))
        yield item
    index = options.parent
    content = {
        "version": PLAN_VERSION,
        "site": site_identity(),
        "database": database_identity(),
        "index": site_path(index) if options.make_under else describe_index(index),
        "sources": [str(Path(source).resolve()) for source in sources],
        "options": _options_json(options),
        "items": items,
    }
    text = json.dumps({**content, "seal": seal(content)}, ensure_ascii=False, indent=1) + "\n"
    if len(text) > MAX_PLAN_BYTES // 4 and len(text.encode()) > MAX_PLAN_BYTES:
        raise UsageError(f"a plan of more than {MAX_PLAN_BYTES:,} bytes would not be read again; plan fewer sources")
    _write(path, text)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"the plan cannot be written: {error.strerror}: {path}") from error


def _options_json(options: ImportOptions) -> dict[str, Any]:
    profile = options.profile.path if options.profile else None
    return {
        **{name: getattr(options, name) for name in _SAVED_SETTINGS},
        "parent": options.asked_path if options.make_under else str(options.parent.pk),
        "make_parent": options.make_under is not None,
        "root": _absolute(options.root),
        "moved_from": _absolute(options.moved_from),
        "profile": _absolute(profile),
    }


def _absolute(path: Path | None) -> str | None:
    return str(path.resolve()) if path is not None else None


def _path(text: str | None) -> Path | None:
    return Path(text) if text is not None else None


def _entry(item: PlanItem) -> dict[str, Any]:
    values = {
        "source": item.key,
        "verdict": item.verdict.value,
        "code": item.code,
        "message": item.message,
        "digest": item.digest,
        "diff": list(diff_lines(item)),
    }
    return {key: value for key, value in values.items() if value}


# --- reading -------------------------------------------------------------------------------------------------


def load_plan(path: Path) -> SavedPlan:
    """Raises `UsageError` for what is no plan, or is not just as this site saved it for this database.

    One query.
    """
    data = _parsed(path)
    if data.get("version") != PLAN_VERSION:
        raise UsageError(f"{path} is no plan that this version understands")
    signature = data.pop("seal", None)
    if not isinstance(signature, str) or not is_sealed(data, signature):
        raise UsageError(f"{path} has been changed since it was saved, or was saved by another site: make a new plan")
    try:
        plan = PlanFile.model_validate({**data, "seal": signature})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(f"{path} is no plan: {where}: {first['msg']}") from error
    if plan.database != database_identity():
        raise UsageError(f"{path} was made on another database, of {plan.site}: make a new plan here")
    digests = {item.source: item.digest for item in plan.items}
    if len(digests) != len(plan.items):
        raise UsageError(f"{path} is no plan: it names a source twice")
    return SavedPlan(plan.sources, plan.options, digests)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_PLAN_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the plan cannot be read: {error.strerror}: {path}") from error
    if len(data) > MAX_PLAN_BYTES:
        raise UsageError(f"{path} is no plan: it has more than {MAX_PLAN_BYTES:,} bytes")
    try:
        values = json.loads(data.decode(), object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no plan: {error}") from error
    if not isinstance(values, dict):
        raise UsageError(f"{path} is no plan: it is no JSON object")
    return values


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that stands twice, people see one and programs take the other."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return values


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


# --- carrying out --------------------------------------------------------------------------------------------


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
