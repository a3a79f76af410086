"""What a view answers, and how it becomes an HTTP response: validators, caching, HEAD, conditional requests."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date

import api
import pages

JSON = "application/json"
MAX_CACHE_TAGS = 100
MAX_CACHE_TAG_CHARACTERS = 2000
"""Servers in front refuse an answer whose headers are longer than they expect, nginx than 4 KiB."""


@dataclass(slots=True)
class Representation:
    """`render` makes the text; it is not called where the client has it already, which `version` decides: anything
    that differs whenever the text does.  Without a version the text itself is asked."""

    render: Callable[[], str]
    version: str | None = None
    media_type: str = JSON
    last_modified: datetime | None = None
    links: Sequence[tuple[str, str]] = ()
    """Relation and URL, for the Link header."""
    tags: Sequence[str] | Callable[[], Sequence[str]] = ()
    """Names of the objects that are in the answer, for purging caches: ``page-3``, ``school-8``.  None has a number but
    these."""


@cache
def _code_version() -> bytes:
    """Differs whenever the code that renders does, so that no validator outlives a new version of it."""
    digest = hashlib.blake2b(digest_size=16)
    for package in (api, pages):
        files = sorted(Path(next(iter(package.__path__))).rglob("*.py"))
        if not files:
            raise RuntimeError(f"no code was found in {package.__name__}: no ETag could tell one version from another")
        for file in files:
            digest.update(file.read_bytes())
    return digest.digest()


def etag_of(text: str) -> str:
    digest = hashlib.blake2b(text.encode(), digest_size=16, key=_code_version())
    return f'"{digest.hexdigest()}"'


def matches(if_none_match: str, etag: str) -> bool:
    """RFC 9110, 13.1.2: the comparison is weak."""
    candidates = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in candidates or etag in candidates


def respond(
    answer: Representation,
    *,
    target: str,
    if_none_match: str | None,
    encode: Callable[[str], str | bytes] = str.encode,
    vary: str = "",
) -> HttpResponse:
    """The HTTP response for an answer: 304 where `if_none_match` has its ETag.

    `target` is the request's path and query: two representations never share an ETag.  `vary` names what else the
    representation was chosen by.
    """
    text = None
    if answer.version is None:
        text = answer.render()
        etag = etag_of(f"{target}\0{answer.media_type}\0{text}")
    else:
        etag = etag_of(f"{target}\0{answer.media_type}\0{answer.version}")
    if if_none_match is not None and matches(if_none_match, etag):
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        content = encode(answer.render() if text is None else text)
        response = HttpResponse(content, content_type=answer.media_type)
        response.headers["Content-Length"] = str(len(response.content))
    if vary:
        response.headers["Vary"] = vary
    _describe(response, answer, etag)
    return response


_http_date = lru_cache(maxsize=4096)(http_date)


def tag_header(tags: Iterable[str], separator: str) -> str:
    """The value of the header that names what an answer is made of, each object once.

    Where there are too many objects, the kinds with the most of them are named instead: ``schools`` for ``school-8``.
    """
    named = list(dict.fromkeys(tags))
    while len(named) > MAX_CACHE_TAGS or sum(map(len, named)) + len(named) * len(separator) > MAX_CACHE_TAG_CHARACTERS:
        kinds = Counter(kind for kind, _, number in map(_parts, named) if number)
        if not kinds:
            break
        most = kinds.most_common(1)[0][0]
        named = list(dict.fromkeys(f"{most}s" if tag.startswith(f"{most}-") else tag for tag in named))
    return separator.join(named)


def _parts(tag: str) -> tuple[str, str, str]:
    return tag.partition("-")


def _describe(response: HttpResponse, answer: Representation, etag: str) -> None:
    """RFC 9110, 15.4.5: what describes a representation is not repeated to those who have it."""
    headers = response.headers
    headers["ETag"] = etag
    headers["Cache-Control"] = settings.API_CACHE_CONTROL
    if response.status_code == 304:
        return
    if answer.last_modified is not None:
        headers["Last-Modified"] = _http_date(int(answer.last_modified.timestamp()))
    if answer.links:
        headers["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in answer.links)
    tags = answer.tags() if callable(answer.tags) else answer.tags
    if tags and settings.API_CACHE_TAG_HEADER:
        headers[settings.API_CACHE_TAG_HEADER] = tag_header(tags, settings.API_CACHE_TAG_SEPARATOR)
