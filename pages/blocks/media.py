"""Blocks that are not running text: table and image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock as WagtailImageBlock

from pages import markdown
from pages.blocks.public import STRING, Json, PublicBlock
from pages.references import reference


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

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not any(str(cell.value or "").strip() for row in cleaned.rows for cell in row):
            raise ValidationError(_("The table is empty: fill in a cell, or remove it."))
        return cleaned

    def public(self, raw: Json) -> Json:
        return {
            "caption": raw.get("caption") or "",
            "header": [column["heading"] or "" for column in raw["columns"]],
            "rows": [[str(cell or "") for cell in row["values"]] for row in raw["rows"]],
        }

    def words(self, stored: Json) -> list[str]:
        return [stored["caption"], *stored["header"], *(cell for row in stored["rows"] for cell in row)]

    def markdown(self, public: Json) -> str:
        """A pipe table (GitHub's extension of CommonMark): the only form most readers of Markdown know."""
        columns = len(public["header"])
        rows = [public["header"], ["---"] * columns, *public["rows"]]
        lines = [
            "| " + " | ".join(cell if number == 1 else _cell(cell) for cell in row) + " |"
            for number, row in enumerate(rows)
        ]
        caption = [markdown.escape(public["caption"]), ""] if public["caption"] else []
        return "\n".join([*caption, *lines])

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
        return {"image": reference("image", picture["image"]), "alt": alt, "caption": raw.get("caption") or ""}

    def without(self, stored: Json, hidden: Callable[[str], bool]) -> Json | None:
        return None if hidden(stored["image"]) else stored

    def related(self, stored: Json) -> list[tuple[str, str]]:
        return [(stored["image"], f"{stored['caption']}\n{stored['alt']}")]

    def text(self, public: Json) -> str:
        return str(public["caption"] or public["alt"])

    def markdown(self, public: Json) -> str:
        picture = f"![{markdown.escape(public['alt'])}](<{public['image']['url']}>)"
        return f"{picture}\n\n*{markdown.escape(public['caption'])}*" if public["caption"] else picture

    class Meta:
        icon = "image"
        label = _("Image")
        label_format = "{caption}"
        description = _("A picture with its caption")
        template = "pages/blocks/image.html"


def _cell(text: str) -> str:
    return markdown.escape(text).replace("\n", "<br>")
