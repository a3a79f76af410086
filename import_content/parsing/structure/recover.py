"""The pipeline: decoded text in, document and discards out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from import_content.document import Document, Span
from import_content.parsing.structure.assemble import Assembler, Discard
from import_content.parsing.structure.bare_lists import claim_bare_lists
from import_content.parsing.structure.headings import classify_text
from import_content.parsing.structure.layout import detect_layout
from import_content.parsing.structure.levels import assign_levels
from import_content.parsing.structure.lines import (
    FILLER,
    blank_out,
    find_invisible,
    split_lines,
)
from import_content.parsing.structure.listing_context import ListingContext
from import_content.parsing.structure.lists import claim_lists, restore_marker
from import_content.parsing.structure.one_line_listings import claim_listings
from import_content.parsing.structure.prior_knowledge import PriorKnowledge
from import_content.parsing.structure.tables import claim_tables
from import_content.parsing.structure.two_line_listings import claim_pairs
from import_content.parsing.structure.unit_builder import build_units
from import_content.parsing.structure.units import BlockKind, GroupNumbers, Label, Labels, Unit

_NOT_FILLER = re.compile(f"[^{FILLER}]+")


@dataclass(frozen=True, slots=True)
class StructureResult:
    document: Document
    discards: tuple[Discard, ...]
    """What belongs to no block, by kind, in source order."""


def recover_structure(text: str, knowledge: PriorKnowledge | None = None) -> StructureResult:
    """Find the structure of a decoded text.  Never raises on any text; linear in its length."""
    knowledge = knowledge or PriorKnowledge()
    invisible = find_invisible(text)
    filled = blank_out(text, invisible)
    lines, stop = split_lines(filled)
    layout = detect_layout(lines)
    units, rules = build_units(filled, lines, layout)

    labels: Labels = [None] * len(units)
    groups = GroupNumbers()
    claim_tables(units, labels, groups)
    claim_lists(units, labels, groups)
    context = ListingContext(units, labels, groups, knowledge)
    claim_pairs(context)
    claim_listings(context)
    for unit, label in zip(units, labels, strict=True):
        if label is None:
            restore_marker(unit)
    style = classify_text(units, labels, knowledge)
    claim_bare_lists(units, labels, groups, style)
    assign_levels(units, labels)

    if stop < len(filled):
        _keep_rest(filled, stop, units, labels)
    assembler = Assembler(filled, units, labels)
    document = assembler.document()
    left_out = [*assembler.discards, *(("rule", span) for span in rules)]
    discards = [
        *(part for kind, span in left_out for part in _visible_parts(filled, kind, span)),
        *((kind, Span(start, end)) for start, end, kind in invisible),
    ]
    discards.sort(key=lambda discard: discard[1].start)
    return StructureResult(document, tuple(discards))


def _visible_parts(text: str, kind: str, span: Span) -> list[Discard]:
    """A discard without the invisible characters inside it, which are discards of their own."""
    piece = text[span.start : span.end]
    if FILLER not in piece:
        return [(kind, span)]
    return [(kind, Span(span.start + match.start(), span.start + match.end())) for match in _NOT_FILLER.finditer(piece)]


def _keep_rest(text: str, start: int, units: list[Unit], labels: Labels) -> None:
    """One paragraph of everything from `start` on, marked as certainly in need of a person."""
    rest = text[start:].replace(FILLER, "")
    units.append(Unit(" ".join(rest.split()), [Span(start, len(text.rstrip()))], gap=True))
    labels.append(Label(BlockKind.PARAGRAPH, "too_many_lines", 0.0))
