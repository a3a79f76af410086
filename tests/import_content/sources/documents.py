"""What a file says, as a test writes it down: one short line a block."""

from __future__ import annotations

from import_content.document import (
    Block,
    Code,
    Document,
    Heading,
    Image,
    List,
    Mark,
    Paragraph,
    Quote,
    SchoolListing,
    Table,
)
from import_content.parsing import parse
from import_content.sources.formats import format_of
from import_content.sources.source import Source

_SIGNS = {"bold": ("*", "*"), "italic": ("/", "/"), "code": ("`", "`")}


def source_of(key: str, data: bytes) -> Source:
    return format_of(key, data).reader(key, data)


def document_of(key: str, data: bytes) -> Document:
    """Read and accounted for, as an import does it."""
    return parse(source_of(key, data)).document


def said(key: str, data: bytes | str) -> list[str]:
    """``= Title``, ``## Heading``, ``text``, ``- item``, ``1. item``, ``| cell | cell``, ``> quote``, ```` ```sh code````,
    ``!alt: caption``; marks as ``*bold*``, ``/italic/``, `` `code` ``, ``[words](target)``."""
    document = document_of(key, data.encode() if isinstance(data, str) else data)
    title = [f"= {document.title.text}"] if document.title else []
    return title + [line for block in document.blocks for line in _lines(block)]


def dropped(key: str, data: bytes | str) -> dict[str, str]:
    """Kind of discard to its words; those of one kind are joined by bars."""
    found: dict[str, str] = {}
    for entry in source_of(key, data.encode() if isinstance(data, str) else data).dropped:
        found[entry.kind] = f"{found[entry.kind]} | {entry.text}" if entry.kind in found else entry.text
    return found


def marked(text: str, marks: tuple[Mark, ...]) -> str:
    """Signs around the words, those of a longer mark and of a link outside of others."""
    inserted: list[tuple[int, int, int, int, str]] = []
    for mark in marks:
        is_link = mark.kind == "link"
        before, after = ("[", f"]({mark.target})") if is_link else _SIGNS[mark.kind]
        inserted += [(mark.start, 1, -mark.end, not is_link, before), (mark.end, 0, -mark.start, is_link, after)]
    for place, _, _, _, sign in sorted(inserted, reverse=True):
        text = text[:place] + sign + text[place:]
    return text


def _lines(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"{'#' * block.level} {block.text}"]
        case Paragraph():
            return [marked(block.text, block.marks)]
        case List():
            forms = block.forms or [None] * len(block.items)
            return [
                "  " * (form.depth if form else 0)
                + ("1. " if (form.ordered if form else block.ordered) else "- ")
                + marked(item, form.marks if form else ())
                for item, form in zip(block.items, forms, strict=True)
            ]
        case Table():
            caption = [f"|: {block.caption}"] if block.caption else []
            sign = "|=" if block.has_header else "|"
            return caption + [
                f"{sign if not number else '|'} {' | '.join(row)}" for number, row in enumerate(block.rows)
            ]
        case Quote():
            return [f"> {block.text}"]
        case Code():
            return [f"```{block.language} {block.text}"]
        case Image():
            return [f"!{block.alt}: {block.text}"]
        case SchoolListing():
            return [f"@ {entry.name}: {entry.description}" for entry in block.items]
        case _:
            return [block.text]
