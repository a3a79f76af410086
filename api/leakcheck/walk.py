"""Asks every route everything it can be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.test import RequestFactory, override_settings
from django.urls import URLPattern

from api import urls
from api.leakcheck.canaries import Canaries
from api.middleware import answer
from api.parameters import Parameter

Answers = dict[str, tuple[int, str, str]]
"""URL to status, headers and body."""

PREFIX = "/api/v1/"
MAX_FOLLOWED = 200


class Walk:
    """`values`: what to put into parameters and paths, such as ids of hidden pages and words."""

    def __init__(self, made: Canaries) -> None:
        words = list(made.words.values())
        pages = [page.pk for page in made.pages]
        others = [thing.pk for thing in made.others]
        self.numbers = sorted({*pages, *made.public, *others})
        self.words = words
        self.paths = [f"/{word}/" for word in words] + [
            "/" + page.url_path.split("/", 2)[2] for page in made.pages if page.url_path.count("/") > 2
        ]

    def urls(self) -> Iterator[str]:
        for route in urls.urlpatterns:
            if isinstance(route, URLPattern):
                accepted: dict[str, Parameter] = getattr(getattr(route.callback, "cls", None), "accepted", {})
                for path in self._paths_of(str(route.pattern)):
                    yield from (f"{PREFIX}{path}{query}" for query in self._queries(accepted, path))

    def _paths_of(self, pattern: str) -> list[str]:
        names = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        blank = re.sub(r"<[^>]+>", "{}", pattern)
        if not names:
            return [pattern]
        if names == ["id"]:
            return [blank.format(number) for number in self.numbers]
        if names == ["id", "anchor"]:
            return [blank.format(number, word) for number in self.numbers for word in (*self.words[:3], "shown")]
        return [blank.format(word) for word in self.words]

    def _queries(self, accepted: dict[str, Parameter], path: str) -> Iterator[str]:
        required = {name for name, parameter in accepted.items() if parameter.required}
        if not required:
            yield ""
        for name, parameter in accepted.items():
            if name not in {"cursor", "limit"}:
                for value in self._values(name, parameter):
                    yield f"?{urlencode({**self._fill(required - {name}), name: value})}"
        if "include" in accepted:
            for body in ("html", "markdown", "text"):
                wide = {"body": body, "include": "schools,images,topics,parent,translations"}
                yield f"?{urlencode({**self._fill(required), **wide})}"

    def _fill(self, required: set[str]) -> dict[str, str]:
        return {name: self.paths[0] if name == "path" else self.words[0] for name in required}

    def _values(self, name: str, parameter: Parameter) -> Sequence[Any]:
        schema = parameter.schema
        if name == "path":
            return self.paths
        if name == "id__in":
            return [",".join(map(str, self.numbers[:100]))]
        if schema["type"] == "integer":
            return self.numbers
        if schema["type"] == "boolean":
            return ["true"]
        if "enum" in schema or "enum" in schema.get("items", {}):
            return schema.get("enum") or [*schema["items"]["enum"], ",".join(schema["items"]["enum"])]
        if "anyOf" in schema:
            return ["2000-01-01", "2100-01-01T00:00:00Z"]
        return ["en"] if name == "locale" else self.words

    def answers(self, listed: Sequence[str] | None = None) -> Answers:
        """Every answer, lists followed to their end.  `listed`: ask exactly these URLs."""
        found: Answers = {}
        waiting = list(listed) if listed is not None else list(self.urls())
        with override_settings(API_THROTTLE=""):
            for url in waiting:
                self._ask(url, found, follow=listed is None)
        return found

    def _ask(self, url: str, found: Answers, *, follow: bool) -> None:
        for _ in range(MAX_FOLLOWED):
            if url in found:
                return
            response = answer(RequestFactory().get(url))
            content = response.content.decode()
            found[url] = (response.status_code, json.dumps(dict(response.headers), sort_keys=True), content)
            link = re.search(r'<([^>]+)>; rel="next"', response.headers.get("Link", ""))
            if not follow or link is None:
                return
            url = link[1]
