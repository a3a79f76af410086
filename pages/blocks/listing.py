"""The listing of schools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter
from wagtail.snippets.blocks import SnippetChooserBlock

from pages import markdown
from pages.blocks.public import HTML, Json, PublicBlock, text_of
from pages.references import reference
from pages.rich_text import INLINE_FEATURES, publish

LISTED_SCHOOL: Json = {
    "type": "object",
    "required": ["id", "school", "description"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "description": "The entry's id, stable while it is edited."},
        "school": {"$ref": "#/components/schemas/SchoolReference"},
        "description": HTML,
    },
}
"""The schema of one entry of a listing, named ``ListedSchool``."""


class ListedSchoolBlock(blocks.StructBlock):
    """One entry: whose it is, and what this article says of it."""

    school = SnippetChooserBlock("pages.School", help_text=_("One record however many articles list it."))
    description = blocks.RichTextBlock(
        features=INLINE_FEATURES, required=False, help_text=_("What this article says of the school.")
    )

    class Meta:
        icon = "home"
        label_format = "{school}"


class ListedSchoolAdapter(StructBlockAdapter):
    """In the browser, an entry whose school is not chosen yet says so, and opens."""

    js_constructor = "pages.ListedSchool"

    @cached_property
    def media(self) -> forms.Media:
        media: forms.Media = super().media + forms.Media(js=[versioned_static("pages/admin/listed_school.js")])
        return media


register(ListedSchoolAdapter(), ListedSchoolBlock)


class SchoolListingBlock(PublicBlock, blocks.StructBlock):
    """Schools, each with what this article says of it."""

    schools = blocks.ListBlock(ListedSchoolBlock(), min_num=1, collapsed=True, label=_("Schools"))

    public_name = "SchoolListingBlock"
    public_schema = {
        "schools": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/ListedSchool"},
        }
    }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        seen: set[int] = set()
        errors: dict[int, ValidationError] = {}
        for number, entry in enumerate(cleaned["schools"]):
            school = entry["school"]
            if school is not None and school.pk in seen:
                message = ValidationError(_("“%(name)s” is in this listing already.") % {"name": school.name})
                errors[number] = blocks.StructBlockValidationError(block_errors={"school": message})
            elif school is not None:
                seen.add(school.pk)
        if errors:
            listing = blocks.ListBlockValidationError(block_errors=errors)
            raise blocks.StructBlockValidationError(block_errors={"schools": listing})
        return cleaned

    def public(self, raw: Json) -> Json:
        return {
            "schools": [
                {
                    "id": key,
                    "school": reference("school", entry["school"]),
                    "description": publish(entry.get("description") or ""),
                }
                for key, entry in _entries(raw["schools"])
                if entry["school"]
            ]
        }

    def without(self, stored: Json, hidden: Callable[[str], bool]) -> Json | None:
        """Entries of schools that readers cannot see are left out whole, as their text would name the school.
        For the same reason they are no words to find the article by."""
        entries = [entry for entry in stored["schools"] if not hidden(entry["school"])]
        return {**stored, "schools": entries} if entries else None

    def related(self, stored: Json) -> list[tuple[str, str]]:
        return [(entry["school"], text_of(entry["description"])) for entry in stored["schools"]]

    def text(self, public: Json) -> str:
        return "\n".join(
            f"{entry['school']['name']}: {text_of(entry['description'])}".removesuffix(": ")
            for entry in public["schools"]
        )

    def markdown(self, public: Json) -> str:
        return "\n".join(
            f"- **{markdown.escape(entry['school']['name'])}**: {markdown.from_html(entry['description'])}".rstrip(": ")
            for entry in public["schools"]
        )

    class Meta:
        icon = "list-ul"
        label = _("School listing")
        label_format = "{schools}"
        description = _("Schools, each with what this article says of it")
        template = "pages/blocks/school_listing.html"


def _entries(raw: list[Json]) -> Iterator[tuple[str, Json]]:
    """Id and value of each entry; code that assigns plain values stores entries without ids."""
    for number, entry in enumerate(raw, start=1):
        if entry.get("type") == "item" and "value" in entry:
            yield entry.get("id") or str(number), entry["value"]
        else:
            yield str(number), entry
