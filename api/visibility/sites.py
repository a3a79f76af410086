"""The site that a request asks for: named by `?site=`, else the default one.  Never taken from the Host header.

Sites are asked of the database for every answer.  A statement that reads something else can bring them along
(`SitesText`), which saves a round trip; see `api.visibility.site_lookup`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

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
        """Values for the slots of the conditions in `api.visibility.rules`."""
        named: dict[str, Any] = {"site_id": self.pk} | {
            f"root{number}": root.path for number, root in enumerate(self.roots)
        }
        return named | {f"nested{number}": path for number, path in enumerate(self.nested)}

    def path_of(self, url_path: str) -> str:
        """The path that readers know, from the one in the tree: ``/home/guides/`` is ``/guides/``."""
        for root in self.roots:
            if url_path.startswith(root.url_path):
                return url_path[len(root.url_path) - 1 :]
        return url_path

    def tree_paths_of(self, path: str) -> list[tuple[str, str]]:
        """Where ``/guides/`` may stand in the tree, as (locale, path), the site's own locale first."""
        inside = path if path.endswith("/") else f"{path}/"
        ordered = sorted(self.roots, key=lambda root: root.locale != self.locale)
        return [(root.locale, root.url_path.rstrip("/") + inside) for root in ordered]


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


@lru_cache(maxsize=16)
def sites_of(text: str | None) -> Sites:
    """The sites that a text of `SitesText` tells of.  The same text always tells of the same sites."""
    rows = [tuple(row) for row in json.loads(text or "[]")]
    rows.sort(key=lambda row: (not row[4], row[1], row[2], row[0], row[6]))
    return Sites(text, tuple(_group(rows)))


def current_sites() -> Sites:
    """One query."""
    connection = reading_connection()
    return sites_of(run(connection, f"SELECT {_sql(connection)}", [])[0][0])


def _group(rows: Sequence[tuple[Any, ...]]) -> list[Site]:
    tree_paths = {row[6] for row in rows}
    grouped: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    sites = []
    for members in grouped.values():
        pk, hostname, port, name, is_default, root_path = members[0][:6]
        roots = tuple(Root(*row[6:9]) for row in members)
        own = {root.path for root in roots}
        nested = tuple(sorted(path for path in tree_paths - own if any(path.startswith(root.path) for root in roots)))
        locale = next(row[8] for row in members if row[6] == root_path)
        sites.append(Site(pk, hostname, port, name, bool(is_default), locale, roots, nested))
    return sites


def slug_of(url_path: str) -> str:
    """Of the page at a path in the tree; pages are found by their slugs, for paths have no index."""
    return url_path.rstrip("/").rpartition("/")[2]


def base_url() -> str:
    """Where this API and its files are reached, without a slash at the end."""
    return str(settings.API_BASE_URL).rstrip("/")


def absolute(url: str) -> str:
    """A URL of a file or of this API in full."""
    return base_url() + url if url.startswith("/") and not url.startswith("//") else url
