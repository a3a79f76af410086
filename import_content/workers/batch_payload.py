"""What a batch carries from the machine where the sources are to a worker: their bytes, profiles, and the options."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from import_content.errors import UsageError
from import_content.models import ImportRun
from import_content.options import ImportOptions
from import_content.schools.matching import SchoolSnapshot
from import_content.sources.profiles import Profile
from import_content.sources.source import FileContents, SourceFile

_PLAIN = ("key", "max_bytes", "strict", "reparse", "two_passes")
_FOLDERS = ("root", "moved_from")


def pack(files: Sequence[SourceFile]) -> bytes:
    """Compressed JSON: ``{"profiles": [...], "sources": [{"key", "path", "root", "profile", "data"}]}``.

    Nothing in it is code, whoever may have written it.
    """
    profiles: list[Profile] = []
    sources = [_source_json(file, profiles) for file in files]
    values = {"profiles": [profile_json(profile) for profile in profiles], "sources": sources}
    return zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(payload: bytes) -> list[SourceFile]:
    values = json.loads(zlib.decompress(payload))
    profiles = [profile_of_json(profile) for profile in values["profiles"]]
    return [_source_of_json(source, profiles) for source in values["sources"]]


def _source_json(file: SourceFile, profiles: list[Profile]) -> dict[str, Any]:
    if file.contents is None:
        raise ValueError(f"{file.key}: its bytes have not been read")
    profile = file.contents.profile
    if profile is not None and profile not in profiles:
        profiles.append(profile)
    return {
        "key": file.key,
        "path": _text(file.path),
        "root": _text(file.root),
        "profile": profiles.index(profile) if profile is not None else None,
        "data": base64.b64encode(file.contents.data).decode(),
    }


def _source_of_json(values: dict[str, Any], profiles: Sequence[Profile]) -> SourceFile:
    data = base64.b64decode(values["data"])
    profile = profiles[values["profile"]] if values["profile"] is not None else None
    return SourceFile(
        values["key"], _path(values["path"]), len(data), _path(values["root"]), FileContents(data, profile)
    )


def options_json(options: ImportOptions, until: SchoolSnapshot) -> dict[str, Any]:
    """What a run's own columns do not say.  `until`: the schools that the parser knows, the same for every batch."""
    return {
        **{name: getattr(options, name) for name in _PLAIN},
        **{name: _text(folder.resolve()) if (folder := getattr(options, name)) else None for name in _FOLDERS},
        "profile": profile_json(options.profile) if options.profile is not None else None,
        "schools": [until.last_school, until.last_alias],
    }


def options_of(run: ImportRun) -> tuple[ImportOptions, SchoolSnapshot]:
    """Raises `UsageError` for a run whose index was deleted."""
    if run.parent is None:
        raise UsageError(f"run {run.pk}: the article index was deleted meanwhile")
    kept = run.options
    rest: dict[str, Any] = {
        **{name: kept[name] for name in _PLAIN},
        **{name: _path(kept[name]) for name in _FOLDERS},
        "profile": profile_of_json(kept["profile"]) if kept["profile"] is not None else None,
    }
    options = ImportOptions(parent=run.parent, publish=run.publish, user=run.user, collection=run.collection, **rest)
    return options, SchoolSnapshot(*kept["schools"])


def profile_json(profile: Profile) -> dict[str, Any]:
    return {field.name: getattr(profile, field.name) for field in fields(Profile) if field.name != "path"}


def profile_of_json(values: dict[str, Any]) -> Profile:
    arguments: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Profile(**arguments)


def _text(path: Path | None) -> str | None:
    return str(path) if path is not None else None


def _path(text: str | None) -> Path | None:
    return Path(text) if text is not None else None
