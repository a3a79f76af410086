"""The pipeline: decoded text in, document and discards out."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from import_content.document import Document, Span
from import_content.parsing.structure.assemble import Assembler, Discard
from import_content.parsing.structure.bare_lists import claim_bare_lists
from import_content.parsing.structure.detached_markers import attach_markers
from import_content.parsing.structure.drawn_tables import find_drawn_tables
from import_content.parsing.structure.heading_signs import take_off_signs
from import_content.parsing.structure.headings import classify_text
from import_content.parsing.structure.layout_readings import choose_reading
from import_content.parsing.structure.levels import assign_levels
from import_content.parsing.structure.lines import (
    FILLER,
    Invisible,
    blank_out,
    find_invisible,
    split_lines,
)
from import_content.parsing.structure.listing_context import ListingContext
from import_content.parsing.structure.lists import claim_lists, restore_marker
from import_content.parsing.structure.one_line_listings import claim_listings
from import_content.parsing.structure.page_furniture import remove_furniture
from import_content.parsing.structure.prior_knowledge import PriorKnowledge
from import_content.parsing.structure.repairs import Repair, find_repairs
from import_content.parsing.structure.tables import claim_tables
from import_content.parsing.structure.thin_listings import claim_thin_listings
from import_content.parsing.structure.two_line_listings import claim_pairs
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
    repairs = find_repairs(text)
    invisible = _outside(find_invisible(text), repairs)
    filled = blank_out(text, invisible, repairs)
    lines, stop = split_lines(filled)
    signs = take_off_signs(filled, lines)
    lines, furniture = remove_furniture(lines)
    lines, drawn = find_drawn_tables(filled, lines)
    lines = attach_markers(lines)
    reading = choose_reading(filled, lines)
    units = reading.result.units

    labels: Labels = [None] * len(units)
    groups = GroupNumbers()
    claim_tables(units, labels, groups)
    claim_lists(units, labels, groups)
    context = ListingContext(units, labels, groups, knowledge)
    claim_pairs(context)
    claim_listings(context)
    claim_thin_listings(context)
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
    left_out = [
        *assembler.discards,
        *reading.result.discards,
        *drawn,
        *(("page_furniture", span) for span in furniture),
        *(("heading_sign", span) for span in signs),
    ]
    shown = {repair.start: repair for repair in repairs if repair.shown}
    parts = [part for kind, span in left_out for part in _visible_parts(filled, kind, span, shown)]
    swallowed = {span.start for _, span in parts if span.start in shown} if shown else set()
    discards = [
        *parts,
        *((kind, Span(start, end)) for start, end, kind in invisible),
        *((repair.kind, Span(repair.start, repair.end)) for repair in repairs if repair.start not in swallowed),
    ]
    discards.sort(key=lambda discard: discard[1].start)
    return StructureResult(document, tuple(discards))


def _outside(invisible: list[Invisible], repairs: list[Repair]) -> list[Invisible]:
    """Leave out what lies within a repair."""
    if not repairs or not invisible:
        return invisible
    starts = [repair.start for repair in repairs]
    found = []
    for one in invisible:
        place = bisect_right(starts, one.start) - 1
        if place < 0 or repairs[place].end <= one.start:
            found.append(one)
    return found


def _visible_parts(text: str, kind: str, span: Span, shown: dict[int, Repair]) -> list[Discard]:
    """Cut a discard at the invisible characters inside it, which are discards of their own; repairs go with it."""
    piece = text[span.start : span.end]
    if FILLER not in piece and not shown:
        return [(kind, span)]
    parts: list[Discard] = []
    for match in _NOT_FILLER.finditer(piece):
        start, end = span.start + match.start(), span.start + match.end()
        for place in range(start, end) if shown else ():
            repair = shown.get(place)
            if repair is None:
                continue
            if start < place:
                parts.append((kind, Span(start, place)))
            if not repair.shown.isspace():
                parts.append((kind, Span(place, repair.end)))
            start = place + 1
        if start < end:
            parts.append((kind, Span(start, end)))
    return [(name, part) for name, part in parts if not text[part.start : part.end].isspace()]


def _keep_rest(text: str, start: int, units: list[Unit], labels: Labels) -> None:
    """One paragraph of everything from `start` on, marked as certainly in need of a person."""
    rest = text[start:].replace(FILLER, "")
    units.append(Unit(" ".join(rest.split()), [Span(start, len(text.rstrip()))], gap=True))
    labels.append(Label(BlockKind.PARAGRAPH, "too_many_lines", 0.0))
