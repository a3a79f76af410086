"""What is known of names that have no record yet: that they may be other spellings, or that a record was deleted."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from import_content.schools.matching import known_school_names
from import_content.schools.similar_names import NearNames
from pages.models import School, SchoolNameProposal
from pages.models.school_names import SimilarNames, digest_of_pair
from pages.names import normalise_name


class NewNames:
    """Judges new names for one import.  Asks the database when the first one is met: four queries in all."""

    def __init__(self, locale_id: int) -> None:
        self._locale_id = locale_id
        self._near: NearNames | None = None
        self._dismissed: set[str] = set()
        self._deleted: set[str] = set()

    def near(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Pair the names that may be other spellings with the known ones; not those of which a person has said that
        they are two schools."""
        pairs = ((name, other) for name in names if (other := self._loaded().near(name)) is not None)
        return tuple(pair for pair in pairs if digest_of_pair(*pair) not in self._dismissed)

    def deleted(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names whose record a person has deleted."""
        return tuple(name for name in names if self._loaded() and normalise_name(name) in self._deleted)

    def _loaded(self) -> NearNames:
        if self._near is None:
            self._near = NearNames(known_school_names())
            proposals = SchoolNameProposal.objects.filter(locale=self._locale_id).exclude(dismissed_at=None)
            self._dismissed = set(proposals.values_list("pair_digest", flat=True))
            self._deleted = deleted_names()
        return self._near


def deleted_names() -> set[str]:
    """Normalised names of the records that people have deleted, as Wagtail's audit log has them.  One query."""
    kind = ContentType.objects.get_for_model(School, for_concrete_model=False)
    deletions = ModelLogEntry.objects.filter(content_type=kind, action="wagtail.delete")
    return set(map(normalise_name, deletions.values_list("label", flat=True).distinct()))


def propose(pairs: Iterable[tuple[str, str, str]], *, locale_id: int) -> None:
    """Keep pairs of names for a person: name, the one it is near to, and the source's key.  One query, none for none;
    a pair that is stored or was dismissed stays as it is."""
    SchoolNameProposal.objects.propose([SimilarNames(*pair) for pair in pairs], locale_id=locale_id)
