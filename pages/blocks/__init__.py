"""The blocks of an article's body.  A block owns its public JSON (see `pages.blocks.public`)."""

from pages.blocks.body import BODY, BodyBlock, body_references, public_blocks, public_body, resolve_body
from pages.blocks.public import Json, PublicBlock, Reference, Resolver

__all__ = [
    "BODY",
    "BodyBlock",
    "Json",
    "PublicBlock",
    "Reference",
    "Resolver",
    "body_references",
    "public_blocks",
    "public_body",
    "resolve_body",
]
