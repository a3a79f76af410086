"""The proof that nothing was lost: every visible character is in one block or is one named discard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from import_content.document import (
    Document,
    Image,
    List,
    SchoolListing,
    Span,
    Table,
)
from import_content.parsing.structure.lines import CONTROLS
from import_content.parsing.structure.repairs import restore
from import_content.sources.source import Dropped, Source
from pages.names import ZERO_WIDTH

NEVER_SHOWN = dict.fromkeys(map(ord, ZERO_WIDTH + CONTROLS))


WITHIN_BLOCKS = frozenset(("zero_width", "control", "markup", "entity", "double_encoded"))
"""Discards that may stand in the middle of a block's text."""


@dataclass(frozen=True, slots=True)
class Accounting:
    """The sum for one source.  ``visible == in_blocks + the characters of all discards`` when complete."""

    visible: int
    """Characters that the file says and that are not white space."""
    in_blocks: int
    """Those that the title or a block holds."""
    discarded: tuple[tuple[str, Span], ...]
    """The others: kind (``list_marker``, ``rule``, ``separator``, ``zero_width``, ``control``,
    ``byte_order_mark``) and place.  The mark stands before the text: its span is empty."""
    complete: bool
    problem: str = ""
    """Where the sum fails: the first thing that is wrong, with its offset."""
    dropped: tuple[Dropped, ...] = ()
    """What the format's reader left out of the text."""

    def counts(self) -> dict[str, int]:
        """Discards by kind: how many runs of characters."""
        return dict(Counter([*(kind for kind, _ in self.discarded), *(dropped.kind for dropped in self.dropped)]))


def account_for(source: Source, document: Document, discards: tuple[tuple[str, Span], ...]) -> Accounting:
    """Check a document against all that its file says: the text, and what the format's reader left out of it.

    As `account`; `Source.said` must be the visible characters of the text and of everything dropped.
    """
    sum_of_text = account(source.text, document, discards, bom=source.bom)
    if not source.dropped and source.said is None:
        return sum_of_text
    dropped = sum(len(_visible(dropped.text)) for dropped in source.dropped)
    visible = sum_of_text.visible + dropped
    problem = sum_of_text.problem
    if not problem and source.said is not None and source.said != visible:
        problem = f"the file says {source.said} visible characters, {visible} were read"
    return replace(sum_of_text, visible=visible, dropped=source.dropped, problem=problem, complete=not problem)


def account(text: str, document: Document, discards: tuple[tuple[str, Span], ...], *, bom: bool = False) -> Accounting:
    """Check a document against the text it was made of, trusting neither spans nor block texts.

    Blocks and discards must not overlap, must leave nothing visible between them, and the visible
    characters of each block's spans must be those of its text, in the same order.
    """
    hidden = [
        (span, shown)
        for kind, span in discards
        if kind in WITHIN_BLOCKS and (shown := _shown(text, kind, span)) is not None
    ]
    pieces: list[Span] = []
    problem = ""
    in_blocks = 0
    cursor = 0
    for wanted, spans in _texts(document):
        got, cursor = _read(text, spans, hidden, cursor)
        pieces.extend(spans)
        in_blocks += len(got)
        if not problem and got != _visible(wanted):
            problem = f"a block's text differs from the source at offset {spans[0].start if spans else 0}"
    pieces.extend(span for _, span in discards)
    gap = _first_gap(text, pieces, {span for span, _ in hidden})
    if not problem and gap is not None:
        problem = f"offset {gap} belongs to nothing, or to two things"
    visible = len(_visible(text))
    thrown = sum(len(_visible(text[span.start : span.end])) for _, span in discards)
    thrown -= sum(len(_visible(shown)) for _, shown in hidden)
    if not problem and visible != in_blocks + thrown:
        problem = f"{visible} visible characters, {in_blocks} in blocks, {thrown} discarded"
    listed = (("byte_order_mark", Span(0, 0)), *discards) if bom else discards
    return Accounting(visible, in_blocks, listed, not problem, problem)


def _texts(document: Document) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Each piece of text with the spans it claims to come from."""
    if document.title is not None:
        yield document.title.text, document.title.origin.spans
    for block in document.blocks:
        if isinstance(block, List):
            yield " ".join(block.items), block.origin.spans
        elif isinstance(block, Table):
            yield " ".join([block.caption, *(cell for row in block.rows for cell in row)]), block.origin.spans
        elif isinstance(block, SchoolListing):
            for entry in block.items:
                yield f"{entry.name} {entry.description}", entry.origin.spans
        elif not isinstance(block, Image) or block.text:
            yield block.text, block.origin.spans


def _visible(text: str) -> str:
    return "".join(text.split())


def _shown(text: str, kind: str, span: Span) -> str | None:
    """Say what a discard within a block shows; None for one that must stand outside of blocks."""
    piece = text[span.start : span.end]
    if kind in ("zero_width", "control"):
        return None if piece.translate(NEVER_SHOWN) else ""
    return restore(kind, piece)


def _read(text: str, spans: tuple[Span, ...], hidden: list[tuple[Span, str]], cursor: int) -> tuple[str, int]:
    """The visible characters of some spans, hidden ones left out; `cursor` walks through `hidden` once."""
    parts: list[str] = []
    for span in spans:
        start = span.start
        while cursor < len(hidden) and hidden[cursor][0].start < span.end:
            place, shown = hidden[cursor]
            if place.start >= start:
                parts.append(text[start : place.start])
                parts.append(shown)
                start = place.end
            cursor += 1
        parts.append(text[start : span.end])
    return _visible("".join(parts)), cursor


def _first_gap(text: str, pieces: list[Span], hidden: set[Span]) -> int | None:
    """The first visible offset that no piece covers, or that two cover.

    Hidden characters may lie inside a block's span: its text is read without them.
    """
    last = 0
    for piece in sorted(pieces, key=_start):
        if piece.start < last:
            if piece in hidden:
                last = max(last, piece.end)
                continue
            return piece.start
        between = text[last : piece.start]
        if between and not between.isspace():
            return last
        last = piece.end
    rest = text[last:]
    return last if rest and not rest.isspace() else None


def _start(span: Span) -> int:
    return span.start
