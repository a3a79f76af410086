"""Requests: every route of the URL configuration, every parameter of the contract, every object of the stage."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import URLPattern, URLResolver, get_resolver

from api.http.view import ContentView
from api.leakcheck.subjects import Stage, Subject

Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]
ANY = "*/*"
SEARCH = {"search", "q", "query"}
SAMPLE = 12
"""Values of a parameter that are tried below a path that names an object already."""
OUTSIDE = {"cursor", "site"}
"""Parameters that are not tried value by value: cursors are followed, and each site is asked as a whole."""


@dataclass(frozen=True, slots=True)
class Probe:
    path: str
    query: Pairs = ()
    accept: str = ANY
    method: str = "GET"
    route: str = ""
    """The path with names instead of values."""
    follow: bool = False
    """Also ask for the pages before and after."""

    @property
    def url(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def site(self) -> str | None:
        return dict(self.query).get("site")

    def with_cursor(self, cursor: str) -> Probe:
        rest = tuple(pair for pair in self.query if pair[0] != "cursor")
        return replace(self, query=(*rest, ("cursor", cursor)))

    def __str__(self) -> str:
        accept = "" if self.accept == ANY else f" (Accept: {self.accept})"
        return f"{self.method} {self.url}{accept}"


@dataclass(frozen=True, slots=True)
class Route:
    """A path with ``{names}`` in it, and what the contract says of it (nothing, if it is not described)."""

    path: str
    operation: Json

    @property
    def names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    def choices(self, name: str) -> list[str]:
        """Of a name in the path, where the contract says which values there are."""
        in_path = (entry for entry in self.operation.get("parameters", []) if entry["in"] == "path")
        return next((entry["schema"].get("enum", []) for entry in in_path if entry["name"] == name), [])

    @property
    def parameters(self) -> list[Json]:
        return [entry for entry in self.operation.get("parameters", []) if entry["in"] == "query"]

    @property
    def media_types(self) -> list[str]:
        return list(self.operation.get("responses", {}).get("200", {}).get("content", {}))


def routes(contract: Json) -> list[Route]:
    """All that the URL configuration leads to; described or not."""
    operations = {path: item["get"] for path, item in contract["paths"].items() if "get" in item}
    found = dict.fromkeys([*_content_paths(get_resolver().url_patterns, "/"), *operations])
    return [Route(path, operations.get(path, {})) for path in found]


def _content_paths(patterns: Sequence[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        path = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern)).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from _content_paths(pattern.url_patterns, path)
        elif issubclass(getattr(pattern.callback, "cls", object), ContentView):
            yield path


def probes(stage: Stage, contract: Json) -> Iterator[Probe]:
    for route in routes(contract):
        for path, subject in _paths(route, stage):
            yield from (replace(probe, route=route.path) for probe in _of_path(route, path, subject, stage))


def _paths(route: Route, stage: Stage) -> Iterator[tuple[str, Subject | None]]:
    """The route's path for every object that it could name."""
    if not route.names:
        yield route.path, None
        return
    seen = set()
    for subject in [*stage.hidden, *stage.public]:
        for values in itertools.product(*(route.choices(name) or _in_path(name, subject) for name in route.names)):
            path = route.path.format(**{name: quote(value) for name, value in zip(route.names, values, strict=True)})
            if path not in seen:
                seen.add(path)
                yield path, subject


def _in_path(name: str, subject: Subject) -> list[str]:
    if name in {"id", "pk"} or name.endswith("_id"):
        return [str(subject.pk)]
    if "key" in name:
        return [subject.key] if subject.key else []
    if "path" in name:
        return [subject.path.strip("/")] if subject.path else []
    return list(subject.anchors) if name in {"anchor", "block"} else list(filter(None, [subject.slug]))


def _of_path(route: Route, path: str, subject: Subject | None, stage: Stage) -> Iterator[Probe]:
    required = {entry["name"]: _values(entry, stage) for entry in route.parameters if entry.get("required")}
    bases: list[Pairs] = [()]
    for name, values in required.items():
        bases = [(*base, (name, value)) for base in bases for value in values]
    yield Probe(path)
    for base in bases:
        yield from _whole(route, path, base, stage)
    base = bases[-1]
    if subject is None or not subject.hidden:
        yield Probe(path, base, method="HEAD")
        yield from (Probe(path, base, accept=media) for media in route.media_types)
    if subject is None or subject in stage.examples:
        yield from _each_parameter(route, path, base, stage, sample=subject is not None)


def _whole(route: Route, path: str, base: Pairs, stage: Stage) -> Iterator[Probe]:
    """As much as one answer can show: everything included, in every form of body, in every site."""
    most: Pairs = base
    bodies: list[str | None] = [None]
    for entry in route.parameters:
        schema, name = entry["schema"], entry["name"]
        if name == "include":
            most += ((name, ",".join(schema["items"]["enum"])),)
        elif name == "total":
            most += ((name, "true"),)
        elif name == "limit":
            most += ((name, str(schema["maximum"])),)
        elif name == "body":
            bodies = schema["enum"]
    sites = stage.site_keys if any(entry["name"] == "site" for entry in route.parameters) else []
    for body, site in [*((body, None) for body in bodies), *((bodies[0], site) for site in sites)]:
        query = most + ((("body", body),) if body else ()) + ((("site", site),) if site else ())
        yield Probe(path, query)


def _each_parameter(route: Route, path: str, base: Pairs, stage: Stage, *, sample: bool) -> Iterator[Probe]:
    has_total = any(entry["name"] == "total" for entry in route.parameters)
    counted = (*base, ("total", "true")) if has_total else base
    for entry in route.parameters:
        name = entry["name"]
        if name in OUTSIDE or entry.get("required"):
            continue
        values = _values(entry, stage)
        step = max(1, len(values) // SAMPLE) if sample else 1
        for value in values[::step]:
            yield Probe(path, (*counted, (name, value)))
    orders: list[str | None] = next(
        (entry["schema"].get("enum", []) for entry in route.parameters if entry["name"] == "order"), []
    )
    if any(entry["name"] == "cursor" for entry in route.parameters):
        for order in orders or [None]:
            ordered = ((("order", order),) if order else ()) + (("limit", "5"),)
            yield Probe(path, (*base, *ordered), follow=True)


def _values(entry: Json, stage: Stage) -> list[str]:
    """Everything worth asking for with a parameter."""
    schema, name = entry["schema"], entry["name"]
    kind = schema.get("type")
    if "enum" in schema:
        return list(schema["enum"])
    if kind == "boolean":
        return ["true"]
    if kind == "array":
        return _lists(schema, stage)
    if kind == "integer":
        return ["1", str(schema.get("maximum", 100))] if name == "limit" else _ids(stage)
    return _texts(name, schema, stage)


def _ids(stage: Stage) -> list[str]:
    return list(dict.fromkeys(str(subject.pk) for subject in [*stage.hidden, *stage.public]))


def _lists(schema: Json, stage: Stage) -> list[str]:
    items = schema.get("items", {})
    if "enum" in items:
        return [*items["enum"], ",".join(items["enum"][: schema.get("maxItems", 100)])]
    if items.get("type") != "integer":
        return [",".join(slugs) for slugs in _batches(_slugs(stage), schema)]
    return [",".join(ids) for ids in _batches(_ids(stage), schema)]


def _batches(values: list[str], schema: Json) -> Iterator[list[str]]:
    size = schema.get("maxItems", 100)
    return (values[start : start + size] for start in range(0, len(values), size))


def _slugs(stage: Stage) -> list[str]:
    return list(dict.fromkeys(subject.slug for subject in [*stage.hidden, *stage.public] if subject.slug))


def _texts(name: str, schema: Json, stage: Stage) -> list[str]:
    formats = {schema.get("format"), *(option.get("format") for option in schema.get("anyOf", ()))}
    subjects = [*stage.hidden, *stage.public]
    if formats & {"date", "date-time"}:
        return ["2000-01-01", "2100-01-01"]
    if "uuid" in formats or "key" in name:
        return list(dict.fromkeys(subject.key for subject in subjects if subject.key))
    if "path" in name:
        return list(dict.fromkeys(subject.path for subject in subjects if subject.path))
    if "locale" in name:
        return ["en", "fr", "*"]
    if name in SEARCH:
        return ["seen", "words", "there", *stage.words.secrets]
    return _slugs(stage)


def words_asked(probe: Probe) -> str:
    """The text of the request itself, which an answer may repeat."""
    return " ".join([probe.path, *(value for _, value in probe.query)])


def next_pages(answer: Json) -> list[str]:
    page = answer.get("page")
    return [page[name] for name in ("next", "previous") if page and page.get(name)] if isinstance(page, dict) else []
