"""Changes of a JSON Schema, judged by whether clients send or receive what it describes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Finding: TypeAlias = tuple[str, str, bool]
"""Where inside the schema, what changed, and whether it breaks clients."""


class Direction(Enum):
    SENT = "sent"
    """By clients: getting narrower breaks them."""
    RECEIVED = "received"
    """By clients: getting wider breaks them."""

    def breaks(self, *, narrower: bool, wider: bool) -> bool:
        return narrower if self is Direction.SENT else wider


WORDS = {"description", "title", "example", "examples", "$comment", "deprecated"}
"""Explanations: a change is none of the contract."""
UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
ONLY = {"pattern", "multipleOf", "uniqueItems", "format"}
"""Conditions that narrow a schema by being there."""


def schema_changes(old: Any, new: Any, direction: Direction, place: str = "") -> Iterator[Finding]:
    """Every change between two schemas.  Of `$ref`s only the names are compared, as named schemas are compared once."""
    if isinstance(old, bool) or isinstance(new, bool):
        old, new = _as_object(old), _as_object(new)
    for keyword in dict.fromkeys([*old, *new]):
        if keyword in WORDS or old.get(keyword) == new.get(keyword):
            continue
        judge = _JUDGES.get(keyword, _unknown)
        yield from judge(keyword, old, new, direction, place)


def _as_object(schema: Any) -> Json:
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    result: Json = schema
    return result


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _types(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = _type_set(old), _type_set(new)
    if before != after:
        breaking = direction.breaks(narrower=not before <= after, wider=not after <= before)
        yield place, f"type {_text(old.get('type'))} is now {_text(new.get('type'))}", breaking


def _type_set(schema: Json) -> set[str]:
    """The types that a schema allows, ``integer`` being some of ``number``."""
    named = schema.get("type", ["string", "number", "boolean", "object", "array", "null"])
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def _properties(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in dict.fromkeys([*before, *after]):
        where = f"{place}.{name}"
        if name not in after:
            yield where, "the property is gone", True
        elif name not in before:
            required = name in new.get("required", [])
            yield where, "a new property", direction is Direction.SENT and required
        else:
            yield from schema_changes(before[name], after[name], direction, where)


def _required(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = set(old.get("required", [])), set(new.get("required", []))
    kept = set(old.get("properties", {})) & set(new.get("properties", {}))
    for name in sorted((before ^ after) & kept):
        now = name in after
        what = "is always there now" if now else "may be absent now"
        yield f"{place}.{name}", what, direction.breaks(narrower=now, wider=not now)


def _enum(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    """A value that goes breaks whoever asks for it or tells by it; one that comes is an addition."""
    if "enum" not in old or "enum" not in new:
        narrower = "enum" in new
        what = f"only {_text(new['enum'])} now" if narrower else "any value now"
        yield place, what, direction.breaks(narrower=narrower, wider=not narrower)
        return
    for value in old["enum"]:
        if value not in new["enum"]:
            yield place, f"the value {_text(value)} is gone", True
    for value in new["enum"]:
        if value not in old["enum"]:
            yield place, f"a new value {_text(value)}", False


def _upper(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = old.get(keyword, float("inf")), new.get(keyword, float("inf"))
    yield place, _from_to(keyword, old, new), direction.breaks(narrower=after < before, wider=after > before)


def _lower(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = old.get(keyword, float("-inf")), new.get(keyword, float("-inf"))
    yield place, _from_to(keyword, old, new), direction.breaks(narrower=after > before, wider=after < before)


def _only(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    narrower, wider = bool(new.get(keyword)), bool(old.get(keyword))
    yield place, _from_to(keyword, old, new), direction.breaks(narrower=narrower, wider=wider)


def _items(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = old.get(keyword, True), new.get(keyword, True)
    yield from schema_changes(before, after, direction, f"{place}[]" if keyword == "items" else f"{place}.*")


def _alternatives(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    """``oneOf``, ``anyOf``.  One that has a name of its own in a union told apart by a discriminator is an addition."""
    before, after = ([_text(_bare(schema)) for schema in side.get(keyword, [])] for side in (old, new))
    if not before or not after:
        yield place, f"{keyword} is {'gone' if before else 'new'}", True
        return
    for schema in before:
        if schema not in after:
            yield place, f"{schema} is gone from {keyword}", True
    for schema in after:
        if schema not in before:
            told_apart = "discriminator" in old and "discriminator" in new
            yield place, f"{schema} is new in {keyword}", direction.breaks(narrower=False, wider=not told_apart)


def _bare(schema: Any) -> Any:
    """The schema without its explanations."""
    if isinstance(schema, dict):
        return {name: _bare(value) for name, value in sorted(schema.items()) if name not in WORDS}
    return [_bare(value) for value in schema] if isinstance(schema, list) else schema


def _discriminator(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    before, after = old.get(keyword) or {}, new.get(keyword) or {}
    if before.get("propertyName") != after.get("propertyName"):
        yield place, _from_to("discriminator", before, after, "propertyName"), True
    for value, target in before.get("mapping", {}).items():
        if after.get("mapping", {}).get(value) != target:
            yield place, f"the discriminator's value {_text(value)} is gone or means another schema", True


def _unknown(keyword: str, old: Json, new: Json, direction: Direction, place: str) -> Iterator[Finding]:
    """Also ``const``, ``default``, ``$ref``: another value is another meaning."""
    added_default = keyword == "default" and "default" not in old
    yield place, _from_to(keyword, old, new), not added_default


def _from_to(keyword: str, old: Json, new: Json, key: str | None = None) -> str:
    key = key or keyword
    return f"{keyword} {_text(old.get(key))} is now {_text(new.get(key))}"


_JUDGES: dict[str, Callable[[str, Json, Json, Direction, str], Iterator[Finding]]] = {
    "type": _types,
    "properties": _properties,
    "required": _required,
    "enum": _enum,
    "items": _items,
    "additionalProperties": _items,
    "oneOf": _alternatives,
    "anyOf": _alternatives,
    "discriminator": _discriminator,
    **dict.fromkeys(UPPER, _upper),
    **dict.fromkeys(LOWER, _lower),
    **dict.fromkeys(ONLY, _only),
}
