"""A document as plain text, in the layout that leaves the least doubt when it is read again."""

from __future__ import annotations

from import_content.document import (
    Block,
    Document,
    ItemForm,
    List,
    SchoolListing,
    Table,
)


def to_text(document: Document) -> str:
    """Blank lines between blocks, ``- `` and ``1. `` for items, ``Name: description`` for schools, tabs for cells."""
    parts = [document.title.text] if document.title else []
    parts += [_block(block) for block in document.blocks]
    return "\n\n".join(parts) + "\n"


def _list(block: List) -> str:
    """Mark and number each list for itself, nested ones further in."""
    forms = block.forms or (ItemForm(ordered=block.ordered),) * len(block.items)
    numbers: list[int] = []
    lines: list[str] = []
    for item, form in zip(block.items, forms, strict=True):
        del numbers[form.depth + 1 :]
        numbers.extend([0] * (form.depth + 1 - len(numbers)))
        numbers[form.depth] += 1
        mark = f"{numbers[form.depth]}." if form.ordered else "-"
        lines.append(f"{'   ' * form.depth}{mark} {item}")
    return "\n".join(lines)


def _block(block: Block) -> str:
    if isinstance(block, List):
        return _list(block)
    if isinstance(block, SchoolListing):
        return "\n".join(f"{entry.name}: {entry.description}" for entry in block.items)
    if isinstance(block, Table):
        return "\n".join("\t".join(row) for row in block.rows)
    return block.text
