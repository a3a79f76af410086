"""From a `Document` to the content of an article: what stands in which field, as raw stream data with stable ids.

Pure values, no database.  A school is named here as the source prints it; `bind_schools` puts the record's id in its
place once the writer knows it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from import_content.document import (
    NO_FIELDS,
    Asset,
    Block,
    CallToAction,
    Code,
    Document,
    Heading,
    Image,
    List,
    Paragraph,
    Quote,
    SchoolListing,
    SourceFields,
    Table,
)
from import_content.rich_text import is_address, list_html, paragraph
from pages.anchors import assign_anchors
from pages.names import normalise_name

RawBlock: TypeAlias = dict[str, Any]
"""A child of a StreamField as Wagtail stores it, or an entry of a list in one: ``{"type", "value", "id"}``."""

MAX_LINE = 255
"""Longest title, heading and call to action, in characters: the width of their columns."""

_NAMESPACE = uuid.UUID("6f1c2c0e-54d5-5d0c-9f1e-0d9b7a1f5b11")


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """What an import writes of an article."""

    title: str
    introduction: str
    """Rich text in Wagtail's database form."""
    body: tuple[RawBlock, ...]
    """Raw stream data in which a listing's `school` is the name as printed, or a record's id where it is known."""
    block_origins: tuple[str, ...] = ()
    """For each block of `body`, where the document's blocks came from that it was made of: JSON text,
    ``[{"type", "spans": [[start, end]], "rule", "confidence", "alternatives": [[type, confidence]]}]``."""
    title_from_key: bool = False
    """The source has no title; this one was made of its key."""
    introduction_origins: str = "[]"
    """The same for the introduction."""
    fields: SourceFields = NO_FIELDS
    """What the source says of the article besides its text: slug, dates, topics ..."""
    assets: tuple[Asset, ...] = ()
    """Images that the source brings along; a block of an image names one by its SHA-256."""

    @property
    def is_draft(self) -> bool:
        """Whether the source says that it is not to be published."""
        return self.fields.is_draft is True

    def school_names(self) -> list[str]:
        """The names listed that have no record yet, in order of first appearance, one spelling each."""
        entries = (entry["value"]["school"] for block in self.body for entry in listed(block))
        names = [name for name in entries if isinstance(name, str)]
        return list({normalise_name(name): name for name in reversed(names)}.values())[::-1]


def content_of(key: str, document: Document) -> ArticleContent:
    """Arrange a document as an article: its opening text is the introduction, each heading opens a section.

    The same key and document always give the same ids.
    """
    opening, rest = _split_opening(_without_lost_images(document))
    ids = _Ids(key)
    body: list[RawBlock] = []
    origins: list[str] = []
    for group in _groups(rest):
        kind, value = _block(group, ids)
        body.append({"type": kind, "value": value, "id": ids.of(kind, value)})
        origins.append(_origins(group))
    assign_anchors(block["value"] for block in body if block["type"] == "section")
    title = document.title.text if document.title else title_from_key(key)
    return ArticleContent(
        title=title,
        introduction=rich_text(opening),
        body=tuple(body),
        block_origins=tuple(origins),
        title_from_key=document.title is None,
        introduction_origins=_origins(opening),
        fields=document.fields,
        assets=document.assets,
    )


def _without_lost_images(document: Document) -> list[Block]:
    """The blocks; of an image that nobody has, only its caption is left."""
    there = {asset.sha256 for asset in document.assets}
    return [
        Paragraph(block.text, block.origin) if isinstance(block, Image) and block.target not in there else block
        for block in document.blocks
        if not isinstance(block, Image) or block.target in there or block.text
    ]


def _origins(blocks: Sequence[Block]) -> str:
    return json.dumps([_origin(block) for block in blocks])


def _origin(block: Block) -> dict[str, Any]:
    origin = block.origin
    return {
        "type": block.type,
        "spans": [(span.start, span.end) for span in origin.spans],
        "rule": origin.rule,
        "confidence": origin.confidence,
        "alternatives": origin.alternatives,
    }


def bind_schools(body: Sequence[RawBlock], ids: Mapping[str, int]) -> list[RawBlock]:
    """A copy of `body` in which each listed school is its record's id; entries that have an id keep it.

    `ids` maps normalised names; raises `KeyError` with the name for one that is missing.
    """
    return [_bound(block, ids) if block["type"] == "school_listing" else block for block in body]


def _bound(block: RawBlock, ids: Mapping[str, int]) -> RawBlock:
    entries = [{**entry, "value": _with_record(entry["value"], ids)} for entry in listed(block)]
    return {**block, "value": {**block["value"], "schools": entries}}


def _with_record(value: dict[str, Any], ids: Mapping[str, int]) -> dict[str, Any]:
    school = value["school"]
    return {**value, "school": ids[normalise_name(school)]} if isinstance(school, str) else value


def title_from_key(key: str) -> str:
    """A title for a source that has none, from its file name."""
    words = " ".join(PurePosixPath(key).stem.replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:])[:MAX_LINE] or "Untitled"


def rich_text(blocks: Sequence[Block]) -> str:
    """Paragraphs and lists as rich text; other blocks' words as paragraphs, so that none is lost."""
    return "".join(_rich(block) for block in blocks)


def _rich(block: Block) -> str:
    match block:
        case List():
            return list_html(block)
        case Paragraph(text=text, marks=marks):
            return paragraph(text, marks)
        case Heading(text=text) | CallToAction(text=text):
            return paragraph(text)
        case _:
            raise TypeError(f"{type(block).__name__} is not running text")


def _is_text(block: Block) -> bool:
    """Whether a block belongs into running text: too long for its own block, it does too."""
    if isinstance(block, Heading | CallToAction):
        return len(block.text) > MAX_LINE
    return isinstance(block, Paragraph | List)


def _split_opening(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The first run of text before any heading, and everything else; calls to action may stand before it."""
    start = 0
    while start < len(blocks) and isinstance(blocks[start], CallToAction) and not _is_text(blocks[start]):
        start += 1
    end = start
    while end < len(blocks) and _is_text(blocks[end]):
        end += 1
    return list(blocks[start:end]), [*blocks[:start], *blocks[end:]]


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that become one: a heading with the text under it, text in a row, anything else alone."""
    group: list[Block] = []
    for block in blocks:
        if group and not _is_text(block):
            yield group
            group = []
        group.append(block)
        if not _is_text(block) and not isinstance(block, Heading):
            yield group
            group = []
    if group:
        yield group


def _block(group: Sequence[Block], ids: _Ids) -> tuple[str, dict[str, Any]]:
    match group[0]:
        case Heading(text=text, level=level) if len(text) <= MAX_LINE:
            value = {"heading": text, "level": str(min(max(level, 2), 4)), "text": rich_text(group[1:]), "anchor": ""}
            return "section", value
        case CallToAction(text=text, target=target) if len(text) <= MAX_LINE:
            url = target if is_address(target) and target.startswith(("http://", "https://")) else ""
            return "call_to_action", {"text": text, "page": None, "url": url}
        case Quote(text=text):
            return "quote", {"text": text, "attribution": ""}
        case Code(text=text, language=language):
            return "code", {"code": text, "language": language}
        case Image(target=target, alt=alt, text=caption):
            picture = {"image": target, "decorative": not alt, "alt_text": alt[:MAX_LINE]}
            return "image", {"image": picture, "caption": caption[:MAX_LINE]}
        case SchoolListing(items=items):
            values = [{"school": entry.name, "description": _paragraph(entry.description)} for entry in items]
            entries = [{"type": "item", "value": value, "id": ids.of("item", value)} for value in values]
            return "school_listing", {"schools": entries}
        case Table():
            return "table", _table(group[0])
        case _:
            return "text", {"text": rich_text(group)}


def _paragraph(text: str) -> str:
    return paragraph(text) if text else ""


def _table(table: Table) -> dict[str, Any]:
    """Where the source does not say, the first row is the header if it is all words and others follow: figures start
    below it."""
    width = max(map(len, table.rows))
    padded = [[*row, *[""] * (width - len(row))] for row in table.rows]
    first = padded[0]
    has_header = len(padded) > 1 and all(first) and not any(character.isdigit() for character in "".join(first))
    if table.has_header is not None:
        has_header = table.has_header and len(padded) > 1
    header = first if has_header else [""] * width
    return {
        "columns": [{"type": "text", "heading": heading} for heading in header],
        "rows": [{"values": row} for row in padded[int(has_header) :]],
        "caption": table.caption,
    }


def listed(block: RawBlock) -> list[dict[str, Any]]:
    """The entries of a listing, ``{"type", "value": {"school", "description"}, "id"}``; none for other blocks."""
    entries: list[dict[str, Any]] = block["value"]["schools"] if block["type"] == "school_listing" else []
    return entries


class _Ids:
    """Ids from the source's key and a block's content; equal blocks are told apart by their order."""

    def __init__(self, key: str) -> None:
        self._namespace = uuid.uuid5(_NAMESPACE, unicodedata.normalize("NFC", key)).bytes
        self._seen: Counter[str] = Counter()

    def of(self, kind: str, value: dict[str, Any]) -> str:
        content = f"{kind}\0{_CONTENT.encode(value)}"
        self._seen[content] += 1
        return _uuid5(self._namespace, f"{content}\0{self._seen[content]}")


_CONTENT = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


def _uuid5(namespace: bytes, name: str) -> str:
    """``str(uuid.uuid5(...))`` in a fifth of the time; an article has some twenty ids."""
    digits = hashlib.sha1(namespace + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
