"""What a source says, as values.  No Django, no database: safe to pickle and to send to another process.

A `Document` is one article.  Every block knows where it came from (`spans`), which rule made it (`rule`) and how sure
that rule was (`confidence`).  Running text is plain text with `marks` over it; ``\\n`` within it is a line break.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points in the text of the `Source`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a block came from and how far to trust it."""

    spans: tuple[Span, ...]
    """The source text that the block's text was made of, in order, markers and separators excluded."""
    rule: str
    """Name of the rule in the table that decided the block's type."""
    confidence: float
    """0.0 to 1.0; calibrated: of the blocks said to be p sure, about p are right."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """Other readings of the same text, most likely first, such as ``(("paragraph", 0.3),)``."""


MarkKind: TypeAlias = Literal["bold", "italic", "code", "link"]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Formatting of ``text[start:end]``."""

    start: int
    end: int
    kind: MarkKind
    target: str = ""
    """Of a link: an address, or a path relative to the source."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    origin: Origin
    marks: tuple[Mark, ...] = ()
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int
    """2 for a section of the article, 3 and more below it."""
    origin: Origin
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class ItemForm:
    """What an item of a list is besides its text."""

    depth: int = 0
    """0 for the list's own items, 1 for items of a list within one of them ..."""
    ordered: bool = False
    """Whether the list that the item stands in is numbered."""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[str, ...]
    """The texts of all items, those of nested lists too, in source order."""
    ordered: bool
    origin: Origin
    item_spans: tuple[Span, ...] = ()
    forms: tuple[ItemForm, ...] = ()
    """One per item; empty for a flat list of plain text."""
    type: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class SchoolEntry:
    name: str
    description: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SchoolListing:
    items: tuple[SchoolEntry, ...]
    origin: Origin
    type: Literal["schools"] = "schools"


@dataclass(frozen=True, slots=True)
class CallToAction:
    text: str
    origin: Origin
    target: str = ""
    """The address that it leads to; empty where the source names none."""
    type: Literal["call_to_action"] = "call_to_action"


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]
    origin: Origin
    has_header: bool | None = None
    """Whether the first row names the columns; None: the source does not say."""
    caption: str = ""
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    """Paragraphs are separated by ``\\n``."""
    origin: Origin
    type: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    """As it stands, white space included."""
    origin: Origin
    language: str = ""
    """Such as ``python``; empty where the source does not say."""
    type: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Image:
    target: str
    """The SHA-256 of one of the document's `assets`, a path relative to the source, or an address."""
    alt: str
    """Words for those who do not see it; no part of the text that is accounted for."""
    text: str
    """The caption."""
    origin: Origin
    type: Literal["image"] = "image"


Block: TypeAlias = Paragraph | Heading | List | SchoolListing | CallToAction | Table | Quote | Code | Image


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SourceFields:
    """What a source says of its article besides the text: front matter, document properties, columns.

    Empty values and None: the source does not say.
    """

    slug: str = ""
    description: str = ""
    """For search engines."""
    topics: tuple[str, ...] = ()
    published_at: datetime | None = None
    """When it was first published; always with a time zone."""
    locale: str = ""
    """A language tag such as ``es`` or ``pt-br``, in lower case."""
    is_draft: bool | None = None
    """True: not to be published, whatever the import was asked for."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file within a source: an image of a text document."""

    sha256: str
    name: str
    data: bytes = field(repr=False)


NO_FIELDS = SourceFields()


@dataclass(frozen=True, slots=True)
class Document:
    """One article: an optional title (never repeated among the blocks) and its blocks in source order."""

    title: Title | None
    blocks: tuple[Block, ...]
    fields: SourceFields = NO_FIELDS
    assets: tuple[Asset, ...] = ()
