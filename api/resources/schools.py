"""Schools as readers get them: rows in, JSON text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted
from typing import Any

from django.db.models import QuerySet

from api.queries.compiled import Row, moment, uuid_text
from api.resources.references import Relations
from api.visibility.rules import visible_school
from api.visibility.sites import Site
from pages import references, rich_text
from pages.models import School
from pages.publication import iso

COLUMNS = (
    *("pk", "slug", "name", "website", "city", "region", "country"),
    *("normalised_name", "locale__language_code", "translation_key", "description", "logo_id"),
    *("first_published_at", "last_published_at"),
)
(
    PK,
    SLUG,
    NAME,
    WEBSITE,
    CITY,
    REGION,
    COUNTRY,
    NORMALISED,
    LOCALE,
    TRANSLATION_KEY,
    DESCRIPTION,
    LOGO,
    FIRST,
    LAST,
) = range(14)


def visible_schools(shape: tuple[int, int] = (0, 0)) -> QuerySet[School]:
    """Schools that readers may see; the same in every site."""
    return School.objects.filter(visible_school()).order_by()


@dataclass(frozen=True, slots=True)
class Schools:
    """Some schools and all that is needed to write them down."""

    rows: Sequence[Row]
    stored: Sequence[tuple[str, str]]
    """Description and logo of each, with references."""
    relations: Relations

    @classmethod
    def load(cls, site: Site, rows: Sequence[Row]) -> Schools:
        stored = stored_texts(rows)
        return cls(rows, stored, Relations(site, names_of(stored)))

    def texts(self) -> list[str]:
        return [
            _text(row, self.relations.fill(description), self.relations.fill(logo))
            for row, (description, logo) in zip(self.rows, self.stored, strict=True)
        ]

    def tags(self) -> list[str]:
        """Names of all objects that are in the texts: the schools and what their descriptions refer to."""
        return [*(f"school-{row[PK]}" for row in self.rows), *sorted(self.relations.tags)]


def stored_texts(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Description and logo of each, with references."""
    return [
        (
            references.dump(rich_text.publish(row[DESCRIPTION])),
            references.dump(references.reference("picture", row[LOGO])) if row[LOGO] else "null",
        )
        for row in rows
    ]


def names_of(stored: Sequence[tuple[str, str]]) -> set[str]:
    """Of all references in them."""
    return {name for texts in stored for text in texts for name in references.names(text)}


def _text(row: Row, description: str, logo: str) -> str:
    """A `School`."""
    updated: Any = row[LAST] or row[FIRST]
    date = f'"{iso(moment(updated))}"' if updated else "null"
    return (
        f'{{"id":{row[PK]},"type":"school","locale":"{row[LOCALE]}",'
        f'"translation_key":"{uuid_text(row[TRANSLATION_KEY])}",'
        f'"slug":{quoted(row[SLUG])},"name":{quoted(row[NAME])},'
        f'"website":{quoted(row[WEBSITE]) if row[WEBSITE] else "null"},"city":{quoted(row[CITY])},'
        f'"region":{quoted(row[REGION])},"country":{quoted(row[COUNTRY])},'
        f'"description":{description},"logo":{logo},"updated_at":{date}}}'
    )
