"""The body of an article: which blocks there are, and its public form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wagtail import blocks

from pages.blocks.listing import SchoolListingBlock
from pages.blocks.media import ImageBlock, TableBlock
from pages.blocks.public import Json, PublicBlock, Reference, Resolver
from pages.blocks.text import CallToActionBlock, QuoteBlock, SectionBlock, TextBlock


class BodyBlock(blocks.StreamBlock):
    section = SectionBlock()
    text = TextBlock()
    school_listing = SchoolListingBlock()
    call_to_action = CallToActionBlock()
    table = TableBlock()
    quote = QuoteBlock()
    image = ImageBlock()

    class Meta:
        collapsed = True


BODY = BodyBlock()
"""The block definition that raw stream data is read with."""


def public_blocks() -> dict[str, PublicBlock]:
    """Type name to block, in the order editors see."""
    return dict(BODY.child_blocks)


def public_body(raw_stream: Iterable[Json]) -> list[Json]:
    """The stored public form of raw stream data (``[{"type", "value", "id"}]``)."""
    known = public_blocks()
    return [
        {"type": child["type"], "id": child["id"], **known[child["type"]].public(child["value"])}
        for child in raw_stream
        if child["type"] in known
    ]


def body_references(stored: Iterable[Json]) -> Iterator[Reference]:
    known = public_blocks()
    for block in stored:
        yield from known[block["type"]].references(block)


def resolve_body(stored: Iterable[Json], resolver: Resolver) -> list[Json]:
    """The stored form as readers get it; blocks of which nothing is left for them are omitted."""
    known = public_blocks()
    resolved: list[Any] = [known[block["type"]].resolve(block, resolver) for block in stored]
    return [block for block in resolved if block is not None]
