"""The rule of `pages.visibility` for compiled queries: its sites are values that are known when a query is run.

Every relation of an answer goes through the same condition as a direct request.  Cookies are not read, so that a
restriction of any kind hides.
"""

from __future__ import annotations

from django.db.models import CharField, Q

from api.queries.compiled import Placeholder
from pages.visibility import (
    hideable_school,
    in_trees,
    live_now,
    public_page,
    visible_file,
    visible_school,
    withheld_page,
)


def in_site(prefix: str, roots: int, nested: int) -> Q:
    """Stands in the requested site.  Placeholders ``root0`` ... and ``nested0`` ... take tree paths (`Site.slots`)."""
    return in_trees(_placeholders("root", roots), _placeholders("nested", nested), prefix)


def _placeholders(name: str, count: int) -> list[Placeholder]:
    return [Placeholder(f"{name}{number}", CharField()) for number in range(count)]


def visible_page(shape: tuple[int, int], prefix: str = "") -> Q:
    """The rule for pages.  `shape` is that of the requested site (`Site.shape`)."""
    return public_page(prefix) & in_site(prefix, *shape)


__all__ = [
    "hideable_school",
    "in_site",
    "live_now",
    "public_page",
    "visible_file",
    "visible_page",
    "visible_school",
    "withheld_page",
]
