"""The body of an article: which blocks there are, and its public form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.code import CodeBlock
from pages.blocks.listing import SchoolListingBlock
from pages.blocks.media import ImageBlock, TableBlock
from pages.blocks.public import Json, PublicBlock
from pages.blocks.text import CallToActionBlock, QuoteBlock, SectionBlock, TextBlock
from pages.references import forbid_deep


class BodyBlock(blocks.StreamBlock):
    section = SectionBlock()
    text = TextBlock()
    school_listing = SchoolListingBlock()
    call_to_action = CallToActionBlock()
    table = TableBlock()
    quote = QuoteBlock()
    code = CodeBlock()
    image = ImageBlock()

    def clean(self, value: Any, **kwargs: Any) -> Any:
        cleaned = super().clean(value, **kwargs)
        errors = equal_anchors(cleaned)
        if errors:
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        collapsed = True


def equal_anchors(value: Any) -> dict[int, ValidationError]:
    """Position of each section whose anchor an earlier one has, to what is said about it."""
    first: dict[str, str] = {}
    errors: dict[int, ValidationError] = {}
    for number, child in enumerate(value):
        anchor = slugify(child.value.get("anchor") or "", allow_unicode=True) if child.block_type == "section" else ""
        if anchor and anchor in first:
            message = _("The section “%(heading)s” has this anchor. Empty the field to get one of its own.")
            error = ValidationError(message % {"heading": first[anchor]})
            errors[number] = blocks.StructBlockValidationError(block_errors={"anchor": error})
        elif anchor:
            first[anchor] = child.value["heading"]
    return errors


BODY = BodyBlock()
"""The block definition that raw stream data is read with."""


def public_blocks() -> dict[str, PublicBlock]:
    """Type name to block, in the order editors see."""
    return dict(BODY.child_blocks)


def public_body(raw_stream: Iterable[Json]) -> list[Json]:
    """The stored public form of raw stream data (``[{"type", "value", "id"}]``)."""
    known = BODY.child_blocks
    return [
        {"type": child["type"], "id": child.get("id") or "", **known[child["type"]].public(child["value"])}
        for child in forbid_deep(raw_stream)
        if child["type"] in known
    ]


def visible_body(stored: Iterable[Json], hidden: Callable[[str], bool]) -> list[Json]:
    """The stored form without what makes no sense to readers who may not see some references."""
    known = public_blocks()
    left = (known[block["type"]].without(block, hidden) for block in stored)
    return [block for block in left if block is not None]


def body_markdown(public: Iterable[Json]) -> str:
    """A body as readers get it, as CommonMark."""
    known = public_blocks()
    return "\n\n".join(filter(None, (known[block["type"]].markdown(block) for block in public)))


def body_text(public: Iterable[Json]) -> str:
    """A body as readers get it, as plain text: a paragraph or an item per line, an empty line between blocks."""
    known = public_blocks()
    return "\n\n".join(filter(None, (known[block["type"]].text(block) for block in public)))


def body_headings(stored: Iterable[Json]) -> list[str]:
    """Text of the stored form that says what its parts are about."""
    known = public_blocks()
    return [words for block in stored for words in known[block["type"]].headings(block) if words]


def body_related(stored: Iterable[Json]) -> list[tuple[str, str]]:
    """References of the stored form whose names the article is found by, and what readers see only with them."""
    known = public_blocks()
    return [pair for block in stored for pair in known[block["type"]].related(block)]


def body_words(stored: Iterable[Json]) -> list[str]:
    """Text of the stored form that the article may be found by."""
    known = public_blocks()
    return [words for block in stored for words in known[block["type"]].words(block) if words]
