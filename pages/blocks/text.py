"""Blocks of words: section, text, quote, call to action."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages import markdown
from pages.blocks.public import HTML, STRING, Json, PublicBlock, text_of
from pages.references import reference
from pages.rich_text import TEXT_FEATURES, publish

LEVELS = [("2", _("Section (H2)")), ("3", _("Sub-section (H3)")), ("4", _("Below a sub-section (H4)"))]


class SectionBlock(PublicBlock, blocks.StructBlock):
    """A heading and the text under it."""

    heading = blocks.CharBlock(max_length=255, help_text=_("What readers scan for. Short; no full stop."))
    level = blocks.ChoiceBlock(choices=LEVELS, default="2", help_text=_("Where it stands in the outline."))
    text = blocks.RichTextBlock(
        features=TEXT_FEATURES,
        required=False,
        help_text=_("May stay empty where a listing or a table follows at once."),
    )
    anchor = blocks.RegexBlock(
        regex=r"^[\w-]*$",
        required=False,
        max_length=80,
        help_text=_(
            "The name in links to this section (#name). Filled in by itself, and kept when the heading changes."
        ),
        error_messages={"invalid": _("Use letters, numbers, hyphens and underscores only.")},
    )

    public_name = "SectionBlock"
    public_schema = {
        "heading": STRING,
        "level": {"type": "integer", "enum": [2, 3, 4], "description": "Depth in the outline."},
        "anchor": {"type": "string", "description": "Unique in the article; stays when the heading changes."},
        "text": HTML,
    }

    def public(self, raw: Json) -> Json:
        return {
            "heading": raw["heading"],
            "level": int(raw.get("level") or 2),
            "anchor": raw.get("anchor") or "",
            "text": publish(raw.get("text") or ""),
        }

    def headings(self, stored: Json) -> list[str]:
        return [stored["heading"]]

    def words(self, stored: Json) -> list[str]:
        return [stored["heading"], text_of(stored["text"])]

    def markdown(self, public: Json) -> str:
        heading = f"{'#' * public['level']} {markdown.escape(public['heading'])}"
        text = markdown.from_html(public["text"])
        return f"{heading}\n\n{text}" if text else heading

    class Meta:
        icon = "title"
        label = _("Section")
        label_format = "{heading} · {level}"
        description = _("A heading and the text under it")
        form_layout = blocks.BlockGroup(children=["heading", "text"], settings=["level", "anchor"])
        template = "pages/blocks/section.html"
        preview_value = {
            "heading": "What the Work Is Like",
            "level": "2",
            "text": "<p>Most days begin with ...</p>",
        }


class TextBlock(PublicBlock, blocks.StructBlock):
    """Text without a heading, such as the words behind a listing."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES)

    public_name = "TextBlock"
    public_schema = {"text": HTML}

    def public(self, raw: Json) -> Json:
        return {"text": publish(raw["text"])}

    def words(self, stored: Json) -> list[str]:
        return [text_of(stored["text"])]

    def markdown(self, public: Json) -> str:
        return markdown.from_html(public["text"])

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        label_format = "{text}"
        description = _("Paragraphs and lists without a heading")
        template = "pages/blocks/text.html"
        preview_value = {"text": "<p>Before you apply, ask each school how many of its students finish.</p>"}


class QuoteBlock(PublicBlock, blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(rows=3, help_text=_("Without quotation marks: the front end adds its own."))
    attribution = blocks.CharBlock(required=False, max_length=255, help_text=_("Who said it."))

    public_name = "QuoteBlock"
    public_schema = {"text": STRING, "attribution": STRING}

    def public(self, raw: Json) -> Json:
        return {"text": raw["text"], "attribution": raw.get("attribution") or ""}

    def words(self, stored: Json) -> list[str]:
        return [stored["text"], stored["attribution"]]

    def markdown(self, public: Json) -> str:
        lines = [*public["text"].splitlines(), *([f"— {public['attribution']}"] if public["attribution"] else [])]
        return "\n>\n".join(f"> {markdown.escape(line)}" for line in lines if line.strip())

    class Meta:
        icon = "openquote"
        label = _("Quote")
        label_format = "{text}"
        description = _("Somebody's words, and whose they are")
        template = "pages/blocks/quote.html"
        preview_value = {"text": "You learn it by doing it.", "attribution": "A teacher"}


class CallToActionBlock(PublicBlock, blocks.StructBlock):
    """An invitation, with or without somewhere to go."""

    text = blocks.CharBlock(max_length=255, help_text=_("What the button says."))
    page = blocks.PageChooserBlock(required=False, help_text=_("A page of this site ..."))
    url = blocks.URLBlock(required=False, label=_("URL"), help_text=_("... or an address elsewhere."))

    public_name = "CallToActionBlock"
    public_schema = {
        "text": STRING,
        "url": {
            "type": ["string", "null"],
            "format": "uri-reference",
            "description": (
                "Where it leads; null: nowhere yet, or to a page that readers cannot see. Show the text alone then, "
                "as text and not as a button or a link."
            ),
        },
        "page": {
            "oneOf": [{"$ref": "#/components/schemas/PageReference"}, {"type": "null"}],
            "description": "The page it leads to, where it is one of this site.",
        },
    }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("page") and cleaned.get("url"):
            message = ValidationError(_("Choose a page or give an address, not both."))
            raise blocks.StructBlockValidationError(block_errors={"url": message})
        return cleaned

    def public(self, raw: Json) -> Json:
        page = raw.get("page")
        if page:
            return {"text": raw["text"], "url": reference("url", page), "page": reference("page", page)}
        return {"text": raw["text"], "url": raw.get("url") or None, "page": None}

    def words(self, stored: Json) -> list[str]:
        return [stored["text"]]

    def related(self, stored: Json) -> list[tuple[str, str]]:
        return [(stored["page"], "")] if stored["page"] else []

    def markdown(self, public: Json) -> str:
        text = markdown.escape(public["text"])
        return f"[{text}](<{public['url']}>)" if public["url"] else f"**{text}**"

    class Meta:
        icon = "link-external"
        label = _("Call to action")
        label_format = "{text}"
        description = _("An invitation to click, search, compare or apply")
        template = "pages/blocks/call_to_action.html"
        preview_value = {"text": "Compare programs near you"}
