"""Documents and accountings as plain values for JSON."""

from __future__ import annotations

from typing import Any

from import_content.document import (
    Block,
    Document,
    Heading,
    List,
    SchoolListing,
    Table,
    Title,
)
from import_content.parsing.accounting import Accounting
from import_content.parsing.parse import Uncertain


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain values for JSON.

    ``{"title": str | null, "blocks": [{"type": "paragraph", "text": str}, {"type": "heading", "level": int,
    "text": str}, {"type": "list", "ordered": bool, "items": [str]}, {"type": "schools", "items": [{"name": str,
    "description": str}]}, {"type": "call_to_action", "text": str}, {"type": "table", "rows": [[str]]}]}``
    """
    title: Title | None = document.title
    return {
        "title": title.text if title else None,
        "blocks": [_block_json(block) for block in document.blocks],
    }


def _block_json(block: Block) -> dict[str, Any]:
    if isinstance(block, List):
        return {"type": block.type, "ordered": block.ordered, "items": list(block.items)}
    if isinstance(block, SchoolListing):
        entries = [{"name": entry.name, "description": entry.description} for entry in block.items]
        return {"type": block.type, "items": entries}
    if isinstance(block, Table):
        return {"type": block.type, "rows": [list(row) for row in block.rows]}
    if isinstance(block, Heading):
        return {"type": block.type, "level": block.level, "text": block.text}
    return {"type": block.type, "text": block.text}


def accounting_json(accounting: Accounting) -> dict[str, Any]:
    """``{"visible": int, "in_blocks": int, "discarded": {kind: how many}, "complete": bool}``"""
    return {
        "visible": accounting.visible,
        "in_blocks": accounting.in_blocks,
        "discarded": accounting.counts(),
        "complete": accounting.complete,
    }


def uncertain_json(uncertain: Uncertain) -> dict[str, Any]:
    """``{"block": int, "type": str, "text": str, "span": [start, end], "confidence": float, "rule": str,
    "alternatives": [[type, confidence]]}``, and ``"item": int`` for one entry of a listing."""
    values: dict[str, Any] = {
        "block": uncertain.block,
        "type": uncertain.type,
        "text": uncertain.text,
        "span": [uncertain.span.start, uncertain.span.end],
        "confidence": uncertain.confidence,
        "rule": uncertain.rule,
        "alternatives": [list(alternative) for alternative in uncertain.alternatives],
    }
    if uncertain.item is not None:
        values["item"] = uncertain.item
    return values
