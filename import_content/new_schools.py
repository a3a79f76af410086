"""Schools that were unknown when a plan was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from import_content.planning.plan import ChangeArticle
from import_content.writer.schools import find_schools
from pages.names import normalise_name


class NewSchools:
    """Which records the printed names mean that had none when the plan was made."""

    def __init__(self, changes: Sequence[ChangeArticle], locale_id: int) -> None:
        # Of two plans that print a name, one may have been made before a batch made its record, and one after.
        names = ((name, normalise_name(name), change) for change in changes for name in change.reading.printed)
        self._unknown = list({key: name for name, key, change in names if key not in change.names}.values())
        self._locale_id = locale_id
        self._before = self._find()

    def _find(self) -> dict[str, int]:
        return find_schools(self._unknown, locale_id=self._locale_id) if self._unknown else {}

    def found(self) -> dict[str, int]:
        """To be called after writing."""
        return self._find()

    def made(self, found: Mapping[str, int]) -> list[int]:
        """Those of `found` that were made by the writing."""
        return [pk for name, pk in found.items() if name not in self._before]
