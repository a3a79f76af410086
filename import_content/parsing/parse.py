"""One source in, a document with its accounting and its doubts out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from import_content.document import (
    Block,
    Document,
    List,
    Origin,
    SchoolEntry,
    SchoolListing,
    Span,
    Table,
    Title,
)
from import_content.parsing.accounting import Accounting, account_for
from import_content.parsing.structure.prior_knowledge import PriorKnowledge, compile_prior_knowledge
from import_content.parsing.structure.recover import recover_structure
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.profiles import Profile
from import_content.sources.source import Source

UNCERTAIN_BELOW = 0.8
"""Blocks (and entries of listings) less sure than this are shown to a person."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A block that a person should look at."""

    block: int
    """Its place in ``document.blocks``; -1 for the title."""
    type: str
    text: str
    """The beginning of it."""
    span: Span
    confidence: float
    rule: str
    alternatives: tuple[tuple[str, float], ...]
    item: int | None = None
    """The entry, where the block is a listing and only one entry is in doubt."""


@dataclass(frozen=True, slots=True)
class ParseResult:
    document: Document
    accounting: Accounting
    uncertain: tuple[Uncertain, ...]


def parse(
    source: Source,
    *,
    profile: Profile | None = None,
    known_schools: Collection[str] = (),
    seen_schools: Collection[str] = (),
) -> ParseResult:
    """The document of one source: what its format says, or the structure recovered from its text.

    `known_schools` are names and aliases of schools that exist already; `seen_schools` are names found in
    other sources of the same run.  Raises `SourceError` with code ``unaccounted`` when a visible character
    of the text would be in no block, or in two.
    """
    discards: tuple[tuple[str, Span], ...] = ()
    if source.document is not None:
        document = source.document
    else:
        knowledge = _knowledge(profile, frozenset(known_schools), frozenset(seen_schools))
        recovered = recover_structure(source.text, knowledge)
        document, discards = replace(recovered.document, fields=source.fields), recovered.discards
    accounting = account_for(source, document, discards)
    if not accounting.complete:
        raise SourceError(source.key, SourceErrorCode.UNACCOUNTED, detail=accounting.problem)
    return ParseResult(document, accounting, _uncertain(document))


@lru_cache(maxsize=32)
def _knowledge(profile: Profile | None, known: frozenset[str], seen: frozenset[str]) -> PriorKnowledge:
    """Fold names and compile a profile once per run, not once per source."""
    if profile is None:
        return compile_prior_knowledge(known_schools=known, seen_schools=seen)
    return compile_prior_knowledge(
        known_schools=known | frozenset(profile.schools),
        seen_schools=seen,
        word_cap=profile.word_cap,
        headings=profile.headings,
        not_headings=profile.not_headings,
        patterns=profile.heading_patterns,
        listing_headings=profile.listing_headings,
    )


def _uncertain(document: Document) -> tuple[Uncertain, ...]:
    found: list[Uncertain] = []
    title = document.title
    if title is None and document.blocks:
        found.append(_no_title(document.blocks[0]))
    if title is not None and title.origin.confidence < UNCERTAIN_BELOW:
        found.append(_doubt(-1, "title", title.text, title))
    for number, block in enumerate(document.blocks):
        if block.origin.confidence >= UNCERTAIN_BELOW:
            continue
        if isinstance(block, SchoolListing):
            for item, entry in enumerate(block.items):
                if entry.origin.confidence < UNCERTAIN_BELOW:
                    text = f"{entry.name} | {entry.description}"
                    found.append(_doubt(number, block.type, text, entry, item))
        else:
            found.append(_doubt(number, block.type, _beginning(block), block))
    return tuple(found)


def _no_title(first: Block) -> Uncertain:
    """Doubt a text without a title: its page would be named after its file."""
    spans = first.origin.spans
    span = Span(spans[0].start, spans[-1].end) if spans else Span(0, 0)
    return Uncertain(-1, "title", _beginning(first)[:120], span, 0.5, "no_title", ((first.type, 0.5),))


def _doubt(number: int, kind: str, text: str, thing: Title | Block | SchoolEntry, item: int | None = None) -> Uncertain:
    origin: Origin = thing.origin
    start, end = origin.spans[0].start, origin.spans[-1].end
    return Uncertain(
        number, kind, text[:120], Span(start, end), origin.confidence, origin.rule, origin.alternatives, item
    )


def _beginning(block: Block) -> str:
    if isinstance(block, List):
        return block.items[0]
    if isinstance(block, Table):
        return " ".join(block.rows[0])
    return "" if isinstance(block, SchoolListing) else block.text
