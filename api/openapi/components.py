"""The schemas of all that the API answers: those of blocks, and those that the code beside each shape defined."""

from __future__ import annotations

from api.json_schema import Json, const, defined, discriminated, record
from pages.blocks import LISTED_SCHOOL, public_blocks


def block_components() -> dict[str, Json]:
    """A schema for each type of block, and `Block`, which is any of them."""
    known = public_blocks()
    schemas = {
        block.public_name: record(
            (type(block).__doc__ or "").strip(),
            {
                "type": const(name),
                "id": {"type": "string", "description": "Stable while the block is edited."},
                **block.public_schema,
            },
        )
        for name, block in known.items()
    }
    names = {name: block.public_name for name, block in known.items()}
    schemas["Block"] = discriminated("A block of an article's body; `type` tells which.", "type", names)
    return schemas


def components() -> dict[str, Json]:
    """By name; the modules of all routes must have been imported."""
    return {**block_components(), "ListedSchool": LISTED_SCHOOL, **defined()}
