"""What a source says, as values.  No Django, no database: safe to pickle and to send to another process.

A `Document` is what the structure parser makes of one decoded source.  Every block knows where it came
from (`spans`), which rule made it (`rule`) and how sure that rule was (`confidence`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points in the decoded source (its byte-order mark removed)."""

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


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    origin: Origin
    type: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int
    """2 for a section of the article, 3 and 4 below it."""
    origin: Origin
    type: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[str, ...]
    ordered: bool
    origin: Origin
    item_spans: tuple[Span, ...] = ()
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
    type: Literal["call_to_action"] = "call_to_action"


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]
    origin: Origin
    type: Literal["table"] = "table"


Block: TypeAlias = Paragraph | Heading | List | SchoolListing | CallToAction | Table


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Document:
    """One article: an optional title (never repeated among the blocks) and its blocks in source order."""

    title: Title | None
    blocks: tuple[Block, ...]
