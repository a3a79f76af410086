"""The blocks of an article's body.  A block owns its public JSON (see `pages.blocks.public`)."""

from pages.blocks.body import (
    BODY,
    BodyBlock,
    body_headings,
    body_markdown,
    body_related,
    body_text,
    body_words,
    public_blocks,
    public_body,
    visible_body,
)
from pages.blocks.listing import LISTED_SCHOOL
from pages.blocks.public import Json, PublicBlock

__all__ = [
    "BODY",
    "LISTED_SCHOOL",
    "BodyBlock",
    "Json",
    "PublicBlock",
    "body_headings",
    "body_markdown",
    "body_related",
    "body_text",
    "body_words",
    "public_blocks",
    "public_body",
    "visible_body",
]
