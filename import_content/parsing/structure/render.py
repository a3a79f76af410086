"""A document as plain text, in the layout that leaves the least doubt when it is read again."""

from __future__ import annotations

from import_content.document import (
    Block,
    Document,
    List,
    SchoolListing,
    Table,
)


def to_text(document: Document) -> str:
    """Blank lines between blocks, ``- `` and ``1. `` for items, ``Name: description`` for schools, tabs for cells."""
    parts = [document.title.text] if document.title else []
    parts += [_block(block) for block in document.blocks]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, List):
        marks = (f"{number}." if block.ordered else "-" for number in range(1, len(block.items) + 1))
        return "\n".join(f"{mark} {item}" for mark, item in zip(marks, block.items, strict=True))
    if isinstance(block, SchoolListing):
        return "\n".join(f"{entry.name}: {entry.description}" for entry in block.items)
    if isinstance(block, Table):
        return "\n".join("\t".join(row) for row in block.rows)
    return block.text
