"""Blocks that are not running text: table and image."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock as WagtailImageBlock

from pages.blocks.public import STRING, Json, PublicBlock, Reference, Resolver


class TableBlock(PublicBlock, TypedTableBlock):
    """Columns with headings; every cell is plain text."""

    text = blocks.CharBlock(required=False)

    public_name = "TableBlock"
    public_schema = {
        "caption": STRING,
        "header": {
            "type": "array",
            "items": STRING,
            "description": "Column headings; all empty: there are none.",
        },
        "rows": {"type": "array", "items": {"type": "array", "items": STRING}},
    }

    def public(self, raw: Json) -> Json:
        return {
            "caption": raw.get("caption") or "",
            "header": [column["heading"] or "" for column in raw["columns"]],
            "rows": [[str(cell or "") for cell in row["values"]] for row in raw["rows"]],
        }

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns of plain text")
        template = "pages/blocks/table.html"


class ImageBlock(PublicBlock, blocks.StructBlock):
    """A picture in the text."""

    image = WagtailImageBlock()
    caption = blocks.CharBlock(required=False, max_length=255)

    public_name = "ImageBlock"
    public_schema = {
        "image": {"$ref": "#/components/schemas/Image"},
        "alt": {"type": "string", "description": "Empty: the picture is decorative."},
        "caption": STRING,
    }

    def public(self, raw: Json) -> Json:
        picture = raw["image"]
        alt = "" if picture.get("decorative") else picture.get("alt_text") or ""
        return {"image": picture["image"], "alt": alt, "caption": raw.get("caption") or ""}

    def references(self, stored: Json) -> Iterator[Reference]:
        if stored["image"]:
            yield "image", stored["image"]

    def resolve(self, stored: Json, resolver: Resolver) -> Json | None:
        image = resolver.image(stored["image"]) if stored["image"] else None
        return {**stored, "image": image} if image is not None else None

    class Meta:
        icon = "image"
        label = _("Image")
        label_format = "{caption}"
        description = _("A picture with its caption")
        template = "pages/blocks/image.html"
