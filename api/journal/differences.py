"""What is public and what the journal says, compared by the database: two statements for a kind in a site."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from api.journal.kinds import Kind, compiled
from api.queries.compiled import _Ref, id_list
from api.visibility.sites import Site


@dataclass(frozen=True, slots=True)
class Entered:
    """An object as the journal has it."""

    sequence: int
    object_id: int
    locale: str
    gone: bool
    path: str
    place: str
    former: str
    own: str
    rev: str
    key: str
    uses: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An object as readers get it now, other than the journal has it; `before` is None where it has it not at all."""

    object_id: int
    locale: str
    place: str
    own: str
    rev: str
    before: Entered | None


ENTERED = "sequence, object_id, locale, gone, path, place, former, own, rev, key, uses"
_ENTERED = ", ".join(f"j.{name}" for name in ENTERED.split(", "))


def fingerprint(site: Site) -> str:
    """What answers take from the site itself."""
    return repr((site.url, site.name, site.locale, site.roots, site.nested))


def changed(site: Site, kind: Kind, ids: Collection[int] | None) -> list[Shown]:
    """Objects that readers see and the journal does not have so; of `ids` only, where they are given."""
    text, values = _observed(site, kind, ids, whole=True)
    rows = _rows(
        f"WITH o (object_id, locale, place, own, rev) AS ({text}) "  # noqa: S608 -- compiled querysets
        f"SELECT o.object_id, o.locale, o.place, o.own, o.rev, {_ENTERED} FROM o "
        "LEFT JOIN api_journalentry j ON j.site_id = %s AND j.kind = %s AND j.object_id = o.object_id "
        "WHERE j.sequence IS NULL OR j.gone OR j.rev <> o.rev OR j.place <> o.place OR j.locale <> o.locale "
        "ORDER BY o.object_id",
        [*values, site.pk, kind.name],
    )
    return [
        Shown(row[0], row[1], row[2], row[3], row[4], None if row[5] is None else Entered(*row[5:])) for row in rows
    ]


def vanished(site: Site, kind: Kind, ids: Collection[int] | None) -> list[Entered]:
    """Objects that the journal has as public and that readers do not see."""
    text, values = _observed(site, kind, ids, whole=False)
    named, wanted = "", []
    if ids is not None:
        named, wanted = f"AND {_any('j.object_id')} ", [id_list(ids)]
    rows = _rows(
        f"WITH o (object_id) AS ({text}) SELECT {_ENTERED} FROM api_journalentry j "  # noqa: S608 -- compiled querysets
        "LEFT JOIN o ON o.object_id = j.object_id "
        f"WHERE j.site_id = %s AND j.kind = %s AND NOT j.gone {named}AND o.object_id IS NULL ORDER BY j.object_id",
        [*values, site.pk, kind.name, *wanted],
    )
    return [Entered(*row) for row in rows]


def orphaned(sites: Sequence[Site]) -> list[tuple[int, str, Entered]]:
    """Public objects of sites that are no more: site, kind, and each."""
    known = [site.pk for site in sites]
    rows = _rows(
        f"SELECT j.site_id, j.kind, {_ENTERED} FROM api_journalentry j "  # noqa: S608 -- names of columns
        f"WHERE NOT j.gone AND NOT {_any('j.site_id')}",
        [id_list(known)],
    )
    return [(row[0], row[1], Entered(*row[2:])) for row in rows]


def _any(column: str) -> str:
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return f"({column} = ANY(%s::bigint[]))"
    return f"({column} IN (SELECT value FROM json_each(%s)))"  # noqa: S608 -- names of columns


def _observed(site: Site, kind: Kind, ids: Collection[int] | None, *, whole: bool) -> tuple[str, list[Any]]:
    vendor = connections[DEFAULT_DB_ALIAS].vendor
    text, params = compiled(vendor, kind.name, site.shape, ids is not None, whole)
    bound: Mapping[str, Any] = {
        **site.slots,
        "site_fingerprint": fingerprint(site),
        "ids": None if ids is None else id_list(ids),
    }
    return text, [bound[str(value)] if isinstance(value, _Ref) else value for value in params]


def _rows(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(text, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
