"""Schools as readers get them: rows in, JSON text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db.models import QuerySet

from api.json_schema import ID, LOCALE, OPTIONAL_DATE, UUID, const, define, nullable, record
from api.queries.compiled import moment, uuid_text
from api.resources.images import IMAGE
from api.resources.references import SCHOOL_NAMES, Relations
from api.visibility.rules import visible_school
from api.visibility.sites import Site
from pages import references, rich_text
from pages.blocks.public import HTML
from pages.models import School
from pages.publication import iso


class SchoolRow(NamedTuple):
    """A row of `visible_schools`; its names are the columns."""

    pk: int
    slug: str
    name: str
    website: str
    city: str
    region: str
    country: str
    normalised_name: str
    locale__language_code: str
    translation_key: Any
    description: str
    logo_id: int | None
    first_published_at: datetime | None
    last_published_at: datetime | None


SCHOOL = define(
    "School",
    record(
        "A school, college or other place of training.",
        {
            "id": ID,
            "type": const("school"),
            "locale": LOCALE,
            "translation_key": UUID,
            **{name: schema for name, schema in SCHOOL_NAMES.items() if name != "id"},
            "description": HTML,
            "logo": nullable(IMAGE),
            "updated_at": OPTIONAL_DATE,
        },
    ),
)


def visible_schools(shape: tuple[int, int] = (0, 0)) -> QuerySet[School]:
    """Schools that readers may see; the same in every site."""
    return School.objects.filter(visible_school()).order_by()


@dataclass(frozen=True, slots=True)
class Schools:
    """Some schools and all that is needed to write them down."""

    rows: Sequence[SchoolRow]
    stored: Sequence[tuple[str, str]]
    """Description and logo of each, with references."""
    relations: Relations

    @classmethod
    def load(cls, site: Site, rows: Sequence[SchoolRow]) -> Schools:
        stored = stored_texts(rows)
        return cls(rows, stored, Relations(site, names_of(stored)))

    def texts(self) -> list[str]:
        return [
            _text(row, self.relations.fill(description), self.relations.fill(logo))
            for row, (description, logo) in zip(self.rows, self.stored, strict=True)
        ]

    def tags(self) -> list[str]:
        """Names of all objects that are in the texts: the schools and what their descriptions refer to."""
        return [*(f"school-{row.pk}" for row in self.rows), *sorted(self.relations.tags)]


def stored_texts(rows: Sequence[SchoolRow]) -> list[tuple[str, str]]:
    """Description and logo of each, with references."""
    return [
        (
            references.dump(rich_text.publish(row.description)),
            references.dump(references.reference("picture", row.logo_id)) if row.logo_id else "null",
        )
        for row in rows
    ]


def names_of(stored: Sequence[tuple[str, str]]) -> set[str]:
    """Of all references in them."""
    return {name for texts in stored for text in texts for name in references.names(text)}


def _text(row: SchoolRow, description: str, logo: str) -> str:
    """A `School`."""
    updated = row.last_published_at or row.first_published_at
    date = f'"{iso(moment(updated))}"' if updated else "null"
    return (
        f'{{"id":{row.pk},"type":"school","locale":"{row.locale__language_code}",'
        f'"translation_key":"{uuid_text(row.translation_key)}",'
        f'"slug":{quoted(row.slug)},"name":{quoted(row.name)},'
        f'"website":{quoted(row.website) if row.website else "null"},"city":{quoted(row.city)},'
        f'"region":{quoted(row.region)},"country":{quoted(row.country)},'
        f'"description":{description},"logo":{logo},"updated_at":{date}}}'
    )
