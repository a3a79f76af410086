"""How each field of a block is compared and merged.

What blocks there are is not known here: `define_fields` is told when the program starts (`import_content.apps`), from
the block definitions of an article's body.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

from import_content.article_content import RawBlock


class FieldKind(Enum):
    """How a field is compared and merged."""

    LINE = "plain words"
    RICH = "rich text"
    ENTRIES = "list of entries with ids"
    VALUE = "anything else: as a whole"


BlockFields: TypeAlias = Mapping[str, Mapping[str, FieldKind]]
"""Block type to its fields; the entries of lists are blocks of the type ``item``."""

_defined: dict[str, Mapping[str, FieldKind]] = {}


def define_fields(fields: BlockFields) -> None:
    """Set the fields of all blocks, in place of those that were set before."""
    _defined.clear()
    _defined.update(fields)


def field_kind(block: RawBlock, field: str) -> FieldKind:
    """Look up a field; what a page still has of a block that is defined no more is merged as a whole."""
    return _defined.get(block["type"], {}).get(field, FieldKind.VALUE)
