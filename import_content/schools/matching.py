"""Which school record a printed name means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max, Model

from pages.models import School, SchoolAlias
from pages.names import normalise_name


def find_schools(names: Collection[str], *, locale_id: int) -> dict[str, int]:
    """Find normalised name to record, for the names that a record or an alias has.  Two queries.

    A record's own name comes before an alias, an older record before a newer one.
    """
    wanted = {normalise_name(name) for name in names}
    aliases = SchoolAlias.objects.filter(normalised_name__in=wanted, school__locale_id=locale_id)
    own = School.objects.filter(normalised_name__in=wanted, locale_id=locale_id)
    return {
        **dict(aliases.order_by("-school_id").values_list("normalised_name", "school_id")),
        **dict(own.values_list("normalised_name", "pk")),
    }


def known_school_names() -> list[str]:
    """List names and aliases of all schools, for the parser.  Two queries."""
    return [
        *School.objects.values_list("name", flat=True),
        *SchoolAlias.objects.values_list("name", flat=True),
    ]


@dataclass(frozen=True, slots=True)
class SchoolSnapshot:
    """The schools that there were at one moment: those with ids up to these.  The parser knows the same in every
    batch of a run, whatever others have brought in meanwhile."""

    last_school: int
    last_alias: int

    @classmethod
    def now(cls) -> SchoolSnapshot:
        return cls(_last_id(School), _last_id(SchoolAlias))

    def names(self) -> list[str]:
        """List names and aliases.  Two queries."""
        return [
            *School.objects.filter(pk__lte=self.last_school).values_list("name", flat=True),
            *SchoolAlias.objects.filter(pk__lte=self.last_alias).values_list("name", flat=True),
        ]


def _last_id(model: type[Model]) -> int:
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0)


class SchoolLookup:
    """Records of the schools that new sources name.  Each name is looked up once; schools that others make meanwhile
    are found by the writer."""

    def __init__(self, locale_id: int) -> None:
        self._locale_id = locale_id
        self._asked: set[str] = set()
        self.ids: dict[str, int] = {}
        """By normalised name."""

    def look_up(self, names: Iterable[str]) -> None:
        """Find the records of normalised names.  Two queries, none where all were asked for before."""
        new = set(names) - self._asked
        if new:
            self._asked |= new
            self.ids |= find_schools(new, locale_id=self._locale_id)


class UnmatchedNames:
    """Printed names that had no record when they were planned, and the records that writing gave them."""

    def __init__(self, planned: Iterable[tuple[Iterable[str], Mapping[str, int]]], locale_id: int) -> None:
        """`planned`: for each source the names it prints, and the records of those that had one, by normalised name."""
        # Of two plans that print a name, one may have been made before a batch made its record, and one after.
        names = ((name, normalise_name(name), known) for printed, known in planned for name in printed)
        self._unknown = list({key: name for name, key, known in names if key not in known}.values())
        self._locale_id = locale_id
        self._before = self.find()

    def find(self) -> dict[str, int]:
        """Find the records that they have now, by normalised name."""
        return find_schools(self._unknown, locale_id=self._locale_id) if self._unknown else {}

    def made(self, records: Mapping[str, int]) -> list[int]:
        """Those of `records` that were not there before the writing."""
        return [pk for name, pk in records.items() if name not in self._before]
