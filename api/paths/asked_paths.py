"""What a front end asks for when it asks for a path: as it stands in an address bar, a link or a log.

Accepted are a path with or without its first or last slash, percent-encoded once more, composed or decomposed (NFC,
NFD), with a query string and a fragment, and a full URL of the site.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from wagtail.contrib.redirects.models import Redirect

from api.queries.compiled import text_list
from api.visibility.sites import Site, slug_of


@dataclass(frozen=True, slots=True)
class AskedPath:
    """Where to look, the likeliest first."""

    url_paths: tuple[str, ...]
    """Paths in the tree at which a page may stand."""
    old_paths: tuple[str, ...]
    """Paths of redirects, as these are stored: with the query string, then without it."""

    @classmethod
    def of(cls, text: str, site: Site) -> AskedPath:
        """Nowhere for a URL of another host, and for what is no path."""
        found = _path_and_query(text, site)
        if found is None:
            return cls((), ())
        path, query = found
        paths = tuple(dict.fromkeys(_spellings(path)))
        with_query = [f"{spelling}?{query}" for spelling in paths if query]
        return cls(
            tuple(dict.fromkeys(at for spelling in paths for at in site.url_paths_of(spelling))),
            tuple(dict.fromkeys(map(_old_path, [*with_query, *paths]))),
        )

    @property
    def slots(self) -> dict[str, Any]:
        """Values for placeholders: ``url_paths``, ``slugs``, ``old_paths``."""
        return {
            "url_paths": text_list(self.url_paths),
            "slugs": text_list(map(slug_of, self.url_paths)),
            "old_paths": text_list(self.old_paths),
        }


def _path_and_query(text: str, site: Site) -> tuple[str, str] | None:
    rest = text.strip().partition("#")[0]
    if "://" in rest.partition("?")[0]:
        try:
            parts = urlsplit(rest)
        except ValueError:
            return None
        hosts = {site.key, f"{site.hostname}:{site.port}"}
        if parts.scheme.lower() not in {"http", "https"} or parts.netloc.lower() not in hosts:
            return None
        rest = rest.partition("://")[2][len(parts.netloc) :]
    path, _, query = rest.partition("?")
    return (path if path.startswith("/") else f"/{path}"), query


def _spellings(path: str) -> Iterator[str]:
    for decoded in (path, "/" + unquote(path).lstrip("/")):
        yield decoded
        if not decoded.isascii():
            yield unicodedata.normalize("NFC", decoded)
            yield unicodedata.normalize("NFD", decoded)


def _old_path(path: str) -> str:
    normalised: str = Redirect.normalise_path(path)
    return normalised
