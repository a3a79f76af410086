"""Whether a new contract breaks clients of an old one.

What is compared is what clients rely on: routes, parameters (a client sends them), and schemas of answers (a client
reads them).  Requests may become more liberal, answers more precise; the other way round breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Change:
    breaking: bool
    place: str
    what: str

    def __str__(self) -> str:
        return f"{'BREAKING  ' if self.breaking else 'compatible'} {self.place}: {self.what}"


def compare(old: Json, new: Json) -> list[Change]:
    """Every change between two OpenAPI documents, breaking ones first."""
    changes = [*_routes(old["paths"], new["paths"]), *_schemas(old["components"], new["components"])]
    return sorted(set(changes), key=lambda change: (not change.breaking, change.place, change.what))


def _routes(old: Json, new: Json) -> Iterator[Change]:
    for path in sorted(old.keys() | new.keys()):
        if path not in new:
            yield Change(True, path, "the route is gone")
        elif path not in old:
            yield Change(False, path, "a new route")
        else:
            yield from _operation(path, old[path]["get"], new[path]["get"])


def _operation(path: str, old: Json, new: Json) -> Iterator[Change]:
    if old["operationId"] != new["operationId"]:
        yield Change(True, path, f"operationId {old['operationId']} became {new['operationId']}")
    yield from _parameters(path, _by_name(old), _by_name(new))
    answers = old["responses"], new["responses"]
    for status in sorted(answers[0].keys() | answers[1].keys()):
        if status not in answers[1]:
            yield Change(True, path, f"never answers {status} any more")
        elif status not in answers[0]:
            yield Change(False, path, f"may answer {status}")
        else:
            yield from _content(path, answers[0][status], answers[1][status])


def _by_name(operation: Json) -> dict[str, Json]:
    return {parameter["name"]: parameter for parameter in operation.get("parameters", [])}


def _parameters(path: str, old: dict[str, Json], new: dict[str, Json]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        place = f"{path}?{name}"
        if name not in new:
            yield Change(True, place, "the parameter is gone")
        elif name not in old:
            required = new[name].get("required", False)
            yield Change(required, place, "a new parameter" + (", and a required one" if required else ""))
        else:
            if new[name].get("required") and not old[name].get("required"):
                yield Change(True, place, "is required now")
            yield from _narrowed(place, old[name]["schema"], new[name]["schema"])


def _narrowed(place: str, old: Json, new: Json) -> Iterator[Change]:
    """A value that was accepted and is not any more."""
    if old.get("type") != new.get("type"):
        yield Change(True, place, f"type {old.get('type')} became {new.get('type')}")
    for bound, grows in (("minimum", False), ("maximum", True), ("minLength", False), ("maxLength", True)):
        before, after = old.get(bound), new.get(bound)
        if before != after:
            narrower = after is not None and (before is None or (after < before) == grows)
            yield Change(narrower, place, f"{bound} {before} became {after}")
    lost = set(old.get("enum", [])) - set(new.get("enum", []))
    won = set(new.get("enum", [])) - set(old.get("enum", []))
    if lost and new.get("enum"):
        yield Change(True, place, f"does not accept {', '.join(sorted(lost))} any more")
    if won:
        yield Change(not old.get("enum"), place, f"accepts {', '.join(sorted(won))}")
    if old.get("default") != new.get("default"):
        yield Change(True, place, f"default {old.get('default')} became {new.get('default')}")
    if "items" in old and "items" in new:
        yield from _narrowed(place, old["items"], new["items"])


def _content(path: str, old: Json, new: Json) -> Iterator[Change]:
    before, after = old.get("content", {}), new.get("content", {})
    for media in sorted(before.keys() | after.keys()):
        if media not in after:
            yield Change(True, path, f"offers no {media} any more")
        elif media not in before:
            yield Change(False, path, f"offers {media}")
        else:
            yield from _answer(path, before[media].get("schema", {}), after[media].get("schema", {}))


def _schemas(old: Json, new: Json) -> Iterator[Change]:
    before, after = old.get("schemas", {}), new.get("schemas", {})
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield Change(True, name, "the schema is gone")
        elif name not in before:
            yield Change(False, name, "a new schema")
        else:
            yield from _answer(name, before[name], after[name])


def _answer(place: str, old: Json, new: Json) -> Iterator[Change]:
    """What a client reads."""
    if old.get("$ref") != new.get("$ref"):
        yield Change(True, place, f"{old.get('$ref', 'a schema')} became {new.get('$ref', 'a schema')}")
    if _types(old) != _types(new):
        breaking = not _types(new) <= _types(old) or not _types(new)
        yield Change(breaking, place, f"type {old.get('type')} became {new.get('type')}")
    if old.get("const") != new.get("const"):
        yield Change(True, place, f"value {old.get('const')} became {new.get('const')}")
    if extra := set(new.get("enum", [])) - set(old.get("enum", [])):
        yield Change("enum" in old, place, f"may be {', '.join(map(str, sorted(extra)))}")
    yield from _properties(place, old, new)
    yield from _variants(place, old.get("oneOf", []), new.get("oneOf", []))
    if "items" in old and "items" in new:
        yield from _answer(f"{place}[]", old["items"], new["items"])


def _types(schema: Json) -> set[str]:
    kind = schema.get("type", [])
    return {kind} if isinstance(kind, str) else set(kind)


def _properties(place: str, old: Json, new: Json) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield Change(True, f"{place}.{name}", "the property is gone")
        elif name not in before:
            yield Change(False, f"{place}.{name}", "a new property")
        else:
            yield from _answer(f"{place}.{name}", before[name], after[name])
    for name in sorted((set(new.get("required", [])) & before.keys() & after.keys()) - set(old.get("required", []))):
        yield Change(False, f"{place}.{name}", "is always there now")
    for name in sorted((set(old.get("required", [])) & before.keys()) - set(new.get("required", []))):
        if name in after:
            yield Change(True, f"{place}.{name}", "is not always there any more")


def _variants(place: str, old: list[Json], new: list[Json]) -> Iterator[Change]:
    before, after = ({variant.get("$ref") or str(variant) for variant in variants} for variants in (old, new))
    for variant in sorted(after - before):
        # Clients are told that unknown types of block may come; to anything else a new variant is news.
        yield Change(place != "Block", place, f"may be {variant.rpartition('/')[2]}")
    for variant in sorted(before - after):
        yield Change(True, place, f"is never {variant.rpartition('/')[2]} any more")
