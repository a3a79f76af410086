"""The listing of schools."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from pages import rich_text
from pages.blocks.public import HTML, Json, PublicBlock, Reference, Resolver
from pages.rich_text import INLINE_FEATURES, sanitise


class ListedSchoolBlock(blocks.StructBlock):
    """One entry: whose it is, and what this article says of it."""

    school = SnippetChooserBlock("pages.School", help_text=_("One record however many articles list it."))
    description = blocks.RichTextBlock(
        features=INLINE_FEATURES, required=False, help_text=_("What this article says of the school.")
    )

    class Meta:
        icon = "home"
        label_format = "{school}"


class SchoolListingBlock(PublicBlock, blocks.StructBlock):
    """Schools, each with what this article says of it."""

    schools = blocks.ListBlock(ListedSchoolBlock(), min_num=1, collapsed=True, label=_("Schools"))

    public_name = "SchoolListingBlock"
    public_schema = {
        "schools": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "school", "description"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "description": "The entry's id, stable while it is edited."},
                    "school": {"$ref": "#/components/schemas/SchoolReference"},
                    "description": HTML,
                },
            },
        }
    }

    def public(self, raw: Json) -> Json:
        return {
            "schools": [
                {
                    "id": entry["id"],
                    "school": entry["value"]["school"],
                    "description": sanitise(entry["value"].get("description") or ""),
                }
                for entry in raw["schools"]
            ]
        }

    def references(self, stored: Json) -> Iterator[Reference]:
        for entry in stored["schools"]:
            if entry["school"]:
                yield "school", entry["school"]
            yield from rich_text.references(entry["description"])

    def resolve(self, stored: Json, resolver: Resolver) -> Json | None:
        """Entries of schools that readers cannot see are left out whole, as their text would name the school."""
        entries = [
            {**entry, "school": school, "description": resolver.html(entry["description"])}
            for entry in stored["schools"]
            if entry["school"] and (school := resolver.school(entry["school"])) is not None
        ]
        return {**stored, "schools": entries} if entries else None

    class Meta:
        icon = "list-ul"
        label = _("School listing")
        label_format = _("School listing")
        description = _("Schools, each with what this article says of it")
        template = "pages/blocks/school_listing.html"
