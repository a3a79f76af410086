"""Units, the paragraph-like stretches that rules decide about, and labels, the decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from import_content.document import Span
from import_content.parsing.structure.facts import TextFacts
from import_content.parsing.structure.sentences import count_words, last_sign


@dataclass(slots=True)
class Unit:
    """One paragraph-like stretch of text: what stands between two breaks."""

    text: str
    spans: list[Span]
    gap: bool
    """Whether blank lines (or a rule) stand before it."""
    indent: int = 0
    marker: str = ""
    """The list marker as printed, such as ``-`` or ``1.``; empty without."""
    marker_span: Span | None = None
    is_detached: bool = False
    """Whether the marker stands on a line of its own, away from the text."""
    in_sequence: bool = False
    """Whether it is numbered, and its sequence goes on after other text."""
    underline: str = ""
    """``=`` or ``-`` where a rule stands right below."""
    gap_after: bool = True
    rule_before: bool = False
    length: int = field(init=False)
    words: int = field(init=False)
    last: str = field(init=False)
    """Its final sign, as `last_sign` gives it."""
    sign_level: int = 0
    """Of a line that signs mark as a heading: 1 for the highest; 0 without."""
    facts: TextFacts | None = None
    """Kept by `observe_unit`."""

    def __post_init__(self) -> None:
        self.measure()

    def measure(self) -> None:
        """To be called when the text has changed."""
        self.length = len(self.text)
        self.words = count_words(self.text)
        self.last = last_sign(self.text)
        self.facts = None

    @property
    def ordered(self) -> bool:
        return self.marker[-1:] in (".", ")") if self.marker else False

    @property
    def number(self) -> int | None:
        digits = self.marker.strip("().")
        return int(digits) if digits.isdigit() else None

    @property
    def printed(self) -> str:
        """The text with its marker, as it stands in the source."""
        return f"{self.marker} {self.text}" if self.marker else self.text


class BlockKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "list"
    ENTRY = "schools"
    ACTION = "call_to_action"
    ROW = "table"


@dataclass(slots=True)
class Label:
    """What a unit is, which rule said so, and how sure it was."""

    kind: BlockKind
    rule: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    group: int = -1
    """Units of one list, table or listing share a number."""
    ordered: bool = False
    depth: int = 0
    """Items: how many lists it is nested in, beyond its own."""
    level: int = 2
    name_end: int = 0
    """Entries: where the name ends and the description starts, in the unit's text."""
    description_start: int = 0
    absorbed: bool = False
    """Entries: this unit is the description of the name in the unit before."""


Labels = list[Label | None]


class GroupNumbers:
    """Numbers for groups of units that form one block."""

    def __init__(self) -> None:
        self._last = -1

    def new(self) -> int:
        self._last += 1
        return self._last
