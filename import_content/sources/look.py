"""Headings told by their look, where a document names none: short lines that are bold, or larger than the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from import_content.document import Block, Heading, Paragraph
from import_content.sources.document_builder import DocumentBuilder

MAX_WORDS = 14
MIN_LARGER = 1.12
"""How many times the size of the text a line is that is set off by its size alone."""
_ENDS_SENTENCE = re.compile(r"[.,;:…]$")


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks."""

    bold: bool
    """All of it."""
    size: float = 0.0
    """0: as all others."""


def look_of_marks(block: Paragraph) -> Look:
    """The look of a paragraph whose marks say all of it."""
    return Look(any(mark.kind == "bold" and (mark.start, mark.end) == (0, len(block.text)) for mark in block.marks))


def promote_headings(builder: DocumentBuilder, looks: Mapping[int, Look], confidence: float = 0.9) -> None:
    """Make headings of the builder's paragraphs that look like ones.

    `looks`: of blocks, by their number.  Larger lines are headings above smaller ones.
    """
    blocks = builder.blocks
    sizes: Counter[float] = Counter()
    for number, look in looks.items():
        block = blocks[number]
        if isinstance(block, Paragraph):
            sizes[look.size] += len(block.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    found = [number for number in sorted(looks) if _looks_like_one(blocks, number, looks[number], usual)]
    if not found or len(found) > 0.6 * len(blocks):
        return
    ranks = sorted({looks[number].size for number in found}, reverse=True)
    for number in found:
        block = blocks[number]
        if isinstance(block, Paragraph):
            level = ranks.index(looks[number].size) + 1
            builder.replace_heading(number, block, level, confidence)


def _looks_like_one(blocks: list[Block], number: int, look: Look, usual: float) -> bool:
    block = blocks[number]
    if not isinstance(block, Paragraph) or "\n" in block.text or len(block.text.split()) > MAX_WORDS:
        return False
    if _ENDS_SENTENCE.search(block.text) or number + 1 >= len(blocks):
        return False
    is_larger = usual > 0 and look.size >= MIN_LARGER * usual
    return (look.bold and look.size >= usual) or is_larger


def has_headings(builder: DocumentBuilder) -> bool:
    return any(isinstance(block, Heading) for block in builder.blocks)
