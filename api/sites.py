"""The site that a request asks for: named by `?site=`, else the default one.  Never taken from the Host header."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from api.execution import run

SQL = """
SELECT s.id, s.hostname, s.port, s.site_name, s.is_default_site, r.path, t.path, t.url_path, l.language_code
FROM wagtailcore_site s
JOIN wagtailcore_page r ON r.id = s.root_page_id
JOIN wagtailcore_page t ON t.translation_key = r.translation_key
JOIN wagtailcore_locale l ON l.id = t.locale_id
ORDER BY s.is_default_site DESC, s.hostname, s.port, s.id, t.path
"""


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

    @property
    def url(self) -> str:
        scheme = "https" if self.port == 443 else "http"
        return f"{scheme}://{self.key}"

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.roots), len(self.nested)

    @cached_property
    def slots(self) -> dict[str, Any]:
        """Values for the slots of the conditions in `api.visibility`."""
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


def all_sites() -> list[Site]:
    """Every site, the default one first.  One query."""
    return _group(run(connections[DEFAULT_DB_ALIAS], SQL, []))


def _group(rows: list[tuple[Any, ...]]) -> list[Site]:
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


def base_url() -> str:
    """Where this API and its files are reached, without a slash at the end."""
    return str(settings.API_BASE_URL).rstrip("/")


def absolute(url: str) -> str:
    """A URL of a file or of this API in full."""
    return base_url() + url if url.startswith("/") and not url.startswith("//") else url
