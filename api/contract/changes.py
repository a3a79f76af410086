"""What a change of the contract means for front ends that were built on the old one.

Requests and answers are judged the opposite way round.  What a client may *send* must not get narrower: no parameter
goes, none becomes required, no value is refused that was accepted.  What a client may *receive* must not get wider:
no property goes or becomes optional, none becomes null or of another type.  Additions are compatible: routes, optional
parameters, properties, values of an enumeration, types of block (clients pass over what they do not know).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.contract.schemas import Direction, schema_changes

Json = dict[str, Any]
METHODS = ("get", "head", "options", "post", "put", "patch", "delete", "trace")


@dataclass(frozen=True, slots=True)
class Change:
    where: str
    what: str
    breaking: bool

    def __str__(self) -> str:
        return f"{'BREAKING' if self.breaking else 'compatible'}: {self.where}: {self.what}"


def compare(old: Json, new: Json) -> list[Change]:
    """Every change that clients may notice; words of explanation are none.  Breaking ones first."""
    found = [*_paths(old.get("paths", {}), new.get("paths", {})), *_components(old, new)]
    return sorted(dict.fromkeys(found), key=lambda change: (not change.breaking, change.where))


def _paths(old: Json, new: Json) -> Iterator[Change]:
    for path in [*old, *(path for path in new if path not in old)]:
        before, after = _operations(old.get(path, {})), _operations(new.get(path, {}))
        for method in dict.fromkeys([*before, *after]):
            where = f"{method.upper()} {path}"
            if method not in after:
                yield Change(where, "the operation is gone", True)
            elif method not in before:
                yield Change(where, "a new operation", False)
            else:
                yield from _operation(where, before[method], after[method])


def _operations(item: Json) -> Json:
    """Operations of a path, each with the parameters that the path declares for all of them."""
    shared = item.get("parameters", [])
    return {
        method: {**item[method], "parameters": [*shared, *item[method].get("parameters", [])]}
        for method in METHODS
        if method in item
    }


def _operation(where: str, old: Json, new: Json) -> Iterator[Change]:
    if old.get("operationId") != new.get("operationId"):
        yield Change(where, f"operationId {old.get('operationId')} is now {new.get('operationId')}", True)
    if "requestBody" in new and new["requestBody"].get("required") and "requestBody" not in old:
        yield Change(where, "a request body is required", True)
    yield from _parameters(where, old["parameters"], new["parameters"])
    yield from _responses(where, old.get("responses", {}), new.get("responses", {}))


def _parameters(where: str, old: list[Json], new: list[Json]) -> Iterator[Change]:
    before = {(entry["in"], entry["name"]): entry for entry in old}
    after = {(entry["in"], entry["name"]): entry for entry in new}
    for key, entry in before.items():
        name = f"{where} {key[0]} parameter {key[1]}"
        if key not in after:
            yield Change(name, "is gone", True)
            continue
        yield from _parameter(name, entry, after[key])
    for key, entry in after.items():
        if key not in before:
            required = bool(entry.get("required"))
            yield Change(
                f"{where} {key[0]} parameter {key[1]}", "is new and required" if required else "is new", required
            )


def _parameter(where: str, old: Json, new: Json) -> Iterator[Change]:
    if bool(old.get("required")) != bool(new.get("required")):
        yield Change(where, "is required now" if new.get("required") else "is optional now", bool(new.get("required")))
    for keyword in ("style", "explode"):
        if old.get(keyword) != new.get(keyword):
            yield Change(where, f"{keyword} {old.get(keyword)} is now {new.get(keyword)}", True)
    yield from _schemas(where, old.get("schema", {}), new.get("schema", {}), Direction.SENT)


def _responses(where: str, old: Json, new: Json) -> Iterator[Change]:
    for status in dict.fromkeys([*old, *new]):
        name = f"{where} {status}"
        if status not in new:
            yield Change(name, "is no longer answered", status[0] in "23")
        elif status not in old:
            yield Change(name, "may be answered now", status[0] in "3")
        else:
            yield from _response(name, old[status], new[status])


def _response(where: str, old: Json, new: Json) -> Iterator[Change]:
    if old.get("$ref") != new.get("$ref"):
        yield Change(where, f"{old.get('$ref')} is now {new.get('$ref')}", True)
    for header in old.get("headers", {}):
        if header not in new.get("headers", {}):
            yield Change(f"{where} header {header}", "is gone", True)
    before, after = old.get("content", {}), new.get("content", {})
    for media in dict.fromkeys([*before, *after]):
        if media not in after:
            yield Change(f"{where} {media}", "is no longer offered", True)
        elif media not in before:
            yield Change(f"{where} {media}", "is offered now", False)
        else:
            yield from _schemas(
                f"{where} {media}",
                before[media].get("schema", {}),
                after[media].get("schema", {}),
                Direction.RECEIVED,
            )


def _components(old: Json, new: Json) -> Iterator[Change]:
    """Named schemas: what answers are made of.  Types that were generated from them carry their names."""
    before, after = (document.get("components", {}) for document in (old, new))
    for name in dict.fromkeys([*before.get("schemas", {}), *after.get("schemas", {})]):
        if name not in after.get("schemas", {}):
            yield Change(name, "the schema is gone", True)
        elif name not in before.get("schemas", {}):
            yield Change(name, "a new schema", False)
        else:
            yield from _schemas(name, before["schemas"][name], after["schemas"][name], Direction.RECEIVED)
    for name, response in before.get("responses", {}).items():
        if name in after.get("responses", {}):
            yield from _response(name, response, after["responses"][name])
        else:
            yield Change(name, "the response is gone", True)


def _schemas(where: str, old: Any, new: Any, direction: Direction) -> Iterator[Change]:
    for place, what, breaking in schema_changes(old, new, direction):
        yield Change(f"{where}{place}", what, breaking)
