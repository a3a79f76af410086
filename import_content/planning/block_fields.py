"""Reads off the block definitions how fields are merged, so that there is no second list to be forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from wagtail import blocks

from import_content.merge.fields import BlockFields, FieldKind

ENTRY_TYPE = "item"
"""The type under which Wagtail stores the entries of every list."""


def block_fields(body: blocks.StreamBlock) -> BlockFields:
    """Give the fields of each block of `body`, and of the entries of their lists.

    Raises `ImproperlyConfigured` where the entries of two lists have a field of one name and unlike kinds.
    """
    fields = {name: _fields_of(block) for name, block in body.child_blocks.items()}
    entries: dict[str, FieldKind] = {}
    for block in body.child_blocks.values():
        for field, kind in _entry_fields(block):
            if entries.setdefault(field, kind) is not kind:
                raise ImproperlyConfigured(f"entries of lists have two unlike fields called “{field}”: rename one")
    return {**fields, ENTRY_TYPE: entries}


def _fields_of(block: blocks.Block) -> dict[str, FieldKind]:
    inner = block.child_blocks if isinstance(block, blocks.StructBlock) else {}
    return {name: field_kind_of(field) for name, field in inner.items()}


def _entry_fields(block: blocks.Block) -> Iterator[tuple[str, FieldKind]]:
    for field in block.child_blocks.values() if isinstance(block, blocks.StructBlock) else ():
        if isinstance(field, blocks.ListBlock):
            yield from _fields_of(field.child_block).items()
            yield from _entry_fields(field.child_block)


def field_kind_of(block: blocks.Block) -> FieldKind:
    """Tell words, which are merged word by word, from values, of which one or the other is right."""
    if isinstance(block, blocks.RichTextBlock):
        return FieldKind.RICH
    if isinstance(block, blocks.ListBlock):
        return FieldKind.ENTRIES
    if isinstance(block, blocks.CharBlock | blocks.TextBlock):
        return FieldKind.LINE
    return FieldKind.VALUE
