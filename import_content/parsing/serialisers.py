"""Documents and accountings as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from import_content.document import (
    NO_FIELDS,
    Block,
    Code,
    Document,
    Heading,
    Image,
    List,
    Mark,
    Paragraph,
    SchoolListing,
    SourceFields,
    Table,
    Title,
)
from import_content.parsing.accounting import Accounting
from import_content.parsing.parse import Uncertain


def to_json(document: Document) -> dict[str, Any]:
    """The document as plain values for JSON.

    ``{"title": str | null, "blocks": [{"type": "paragraph", "text": str}, {"type": "heading", "level": int,
    "text": str}, {"type": "list", "ordered": bool, "items": [str]}, {"type": "schools", "items": [{"name": str,
    "description": str}]}, {"type": "call_to_action", "text": str}, {"type": "table", "rows": [[str]]},
    {"type": "quote", "text": str}, {"type": "code", "text": str, "language": str},
    {"type": "image", "target": str, "alt": str, "text": str}]}``

    Where the format says more, a paragraph has ``"marks": [{"kind", "start", "end", "target"}]``, a list
    ``"forms": [{"depth", "ordered", "marks"}]`` (one per item), and the document ``"fields"``.
    """
    title: Title | None = document.title
    values: dict[str, Any] = {
        "title": title.text if title else None,
        "blocks": [_block_json(block) for block in document.blocks],
    }
    if document.fields != NO_FIELDS:
        values["fields"] = _fields_json(document.fields)
    return values


def _fields_json(fields: SourceFields) -> dict[str, Any]:
    values = {**asdict(fields), "topics": list(fields.topics)}
    values["published_at"] = fields.published_at.isoformat() if fields.published_at else None
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _marks_json(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    return [{name: value for name, value in asdict(mark).items() if value != ""} for mark in marks]


def _block_json(block: Block) -> dict[str, Any]:
    if isinstance(block, List):
        forms = [
            {"depth": form.depth, "ordered": form.ordered, "marks": _marks_json(form.marks)} for form in block.forms
        ]
        rest = {"forms": forms} if forms else {}
        return {"type": block.type, "ordered": block.ordered, "items": list(block.items), **rest}
    if isinstance(block, SchoolListing):
        entries = [{"name": entry.name, "description": entry.description} for entry in block.items]
        return {"type": block.type, "items": entries}
    if isinstance(block, Table):
        return {"type": block.type, "rows": [list(row) for row in block.rows]}
    if isinstance(block, Heading):
        return {"type": block.type, "level": block.level, "text": block.text}
    if isinstance(block, Code):
        return {"type": block.type, "text": block.text, "language": block.language}
    if isinstance(block, Image):
        return {"type": block.type, "target": block.target, "alt": block.alt, "text": block.text}
    if isinstance(block, Paragraph) and block.marks:
        return {"type": block.type, "text": block.text, "marks": _marks_json(block.marks)}
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
