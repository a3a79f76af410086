"""The site that a request asks for: named by `?site=`, else the default one.  Never taken from the Host header.

Sites are asked of the database for every answer.  A statement that reads something else can bring them along
(`SitesText`), which saves a round trip; see `api.visibility.site_lookup`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, TextField

from api.queries.execution import reading_connection, run

_COLUMNS = "s.id, s.hostname, s.port, s.site_name, s.is_default_site, r.path, t.path, t.url_path, l.language_code"
_FROM = """
FROM wagtailcore_site s
JOIN wagtailcore_page r ON r.id = s.root_page_id
JOIN wagtailcore_page t ON t.translation_key = r.translation_key
JOIN wagtailcore_locale l ON l.id = t.locale_id
"""


class SitesText(Expression):
    """All sites with their root pages and the translations of these, as one JSON text, for `sites_of`."""

    def __init__(self) -> None:
        super().__init__(output_field=TextField())

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return _sql(connection), []


def _sql(connection: BaseDatabaseWrapper) -> str:
    if connection.vendor == "postgresql":
        return f"(SELECT json_agg(json_build_array({_COLUMNS}))::text {_FROM})"
    return f"(SELECT json_group_array(json_array({_COLUMNS})) {_FROM})"


@dataclass(frozen=True, slots=True)
class Root:
    """A page below which a site's pages stand: the site's root page, or a translation of it."""

    path: str
    url_path: str
    locale: str
    prefix: str
    """What the paths of its pages begin with: ``/fr``, nothing in the server's default language."""

    def path_of(self, url_path: str) -> str:
        return self.prefix + url_path[len(self.url_path) - 1 :]

    def url_path_of(self, path: str) -> str | None:
        """Where a path with a slash at its end stands in the tree; None: not below this root."""
        inside = path.removeprefix(self.prefix)
        return self.url_path + inside[1:] if path.startswith(f"{self.prefix}/") else None


@dataclass(frozen=True)
class Site:
    pk: int
    hostname: str
    port: int
    name: str
    is_default: bool
    locale: str
    """Of the root page."""
    roots: tuple[Root, ...]
    nested: tuple[str, ...] = ()
    """Tree paths below `roots` that belong to another site."""

    @property
    def key(self) -> str:
        """How `?site=` names it."""
        return self.hostname if self.port in {80, 443} else f"{self.hostname}:{self.port}"

    @cached_property
    def url(self) -> str:
        scheme = "https" if self.port == 443 else "http"
        return f"{scheme}://{self.key}"

    @cached_property
    def shape(self) -> tuple[int, int]:
        return len(self.roots), len(self.nested)

    @cached_property
    def slots(self) -> dict[str, Any]:
        """Values for the placeholders of the conditions in `api.visibility.rules` and `api.paths.public_redirects`."""
        named: dict[str, Any] = {"site_id": self.pk, "site_locale": self.locale}
        for number, root in enumerate(self.roots):
            named |= {
                f"root{number}": root.path,
                f"root{number}_url_path": root.url_path,
                f"root{number}_prefix": root.prefix,
            }
        return named | {f"nested{number}": path for number, path in enumerate(self.nested)}

    def holds(self, tree_path: str) -> bool:
        """A page with this path in the tree stands in the site."""
        below = any(tree_path.startswith(root.path) for root in self.roots)
        return below and not tree_path.startswith(self.nested)

    def path_of(self, url_path: str) -> str:
        """The path that readers know, from the one in the tree: ``/home/guides/`` is ``/guides/``, and
        ``/home-fr/guides/`` is ``/fr/guides/``."""
        for root in self.roots:
            if url_path.startswith(root.url_path):
                return root.path_of(url_path)
        return url_path

    def url_paths_of(self, path: str) -> list[str]:
        """Where a path may stand in the tree; the language that it begins with comes first, as the site serves it."""
        whole = path if path.endswith("/") else f"{path}/"
        ordered = sorted(self.roots, key=lambda root: len(root.prefix), reverse=True)
        return [at for root in ordered if (at := root.url_path_of(whole)) is not None]


@dataclass(frozen=True, slots=True)
class Sites:
    """All sites at one moment, the default one first."""

    text: str | None
    """What they were read from; None: there are none."""
    all: tuple[Site, ...]

    def named(self, wanted: str | None) -> Site | None:
        """As `?site=` names it; without a name, the default one."""
        if wanted is None:
            return next((site for site in self.all if site.is_default), None)
        names = wanted.lower()
        return next((site for site in self.all if names in {site.key, f"{site.hostname}:{site.port}"}), None)


class _Row(NamedTuple):
    """Of a site and one of its roots; in the order of `_COLUMNS`."""

    site_id: int
    hostname: str
    port: int
    name: str
    is_default: bool
    root_page_path: str
    path: str
    url_path: str
    locale: str


def sites_of(text: str | None) -> Sites:
    """The sites that a text of `SitesText` tells of."""
    return _sites_of(text, settings.LANGUAGE_CODE)


@lru_cache(maxsize=16)
def _sites_of(text: str | None, default_language: str) -> Sites:
    """The same text always tells of the same sites."""
    rows = [_Row(*row) for row in json.loads(text or "[]")]
    rows.sort(key=lambda row: (not row.is_default, row.hostname, row.port, row.site_id, row.path))
    return Sites(text, tuple(_group(rows, default_language)))


def current_sites() -> Sites:
    """One query."""
    connection = reading_connection()
    return sites_of(run(connection, f"SELECT {_sql(connection)}", [])[0][0])


def _group(rows: Sequence[_Row], default_language: str) -> list[Site]:
    tree_paths = {row.path for row in rows}
    grouped: dict[int, list[_Row]] = {}
    for row in rows:
        grouped.setdefault(row.site_id, []).append(row)
    sites = []
    for members in grouped.values():
        first = members[0]
        roots = tuple(
            Root(row.path, row.url_path, row.locale, "" if row.locale == default_language else f"/{row.locale}")
            for row in members
        )
        own = {root.path for root in roots}
        nested = tuple(sorted(path for path in tree_paths - own if any(path.startswith(root.path) for root in roots)))
        locale = next(row.locale for row in members if row.path == row.root_page_path)
        key = (first.site_id, first.hostname, first.port, first.name, bool(first.is_default))
        sites.append(Site(*key, locale, roots, nested))
    return sites


def slug_of(url_path: str) -> str:
    """Of the page at a path in the tree; pages are found by their slugs, for paths have no index."""
    return url_path.rstrip("/").rpartition("/")[2]
