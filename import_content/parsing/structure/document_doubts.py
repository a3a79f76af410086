"""Doubts about a text as a whole: it may be no article, or several, or of a layout that nobody has read before."""

from __future__ import annotations

import re
from typing import NamedTuple

from import_content.document import Span
from import_content.parsing.structure.layout_readings import LayoutReading
from import_content.parsing.structure.lines import Line
from import_content.parsing.structure.units import BlockKind, Labels, Unit

MIN_TRUST = 0.8
"""A reading that is trusted less makes the whole text doubtful."""
_MAIL_HEADER = re.compile(
    r"(?:subject|from|to|cc|date|reply-to|return-path|received|message-id|mime-version|content-type|"
    r"content-transfer-encoding|list-unsubscribe|x-[\w-]+):\s",
    re.IGNORECASE,
)
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2}){2}|=\s?$", re.MULTILINE)
_FIELD = re.compile(r"[A-Za-z][\w-]{0,30}:(?:\s|\Z)")
MIN_HEADERS = 2


class DocumentDoubt(NamedTuple):
    """Why a person should look at the whole text."""

    rule: str
    """``mail_headers``, ``front_matter``, ``several_articles`` or ``unknown_layout``."""
    confidence: float
    """That it was read as it should be."""
    span: Span
    """Where the reason stands."""


def doubt_document(
    text: str, lines: list[Line], reading: LayoutReading, units: list[Unit], labels: Labels
) -> list[DocumentDoubt]:
    """List the doubts about a text; `lines` are those of the source, before any was left out."""
    if not lines:
        return []
    doubts: list[DocumentDoubt] = []
    whole = Span(lines[0].start, lines[-1].end)
    headers = sum(_MAIL_HEADER.match(line.text) is not None for line in lines[:12])
    if headers >= MIN_HEADERS or text.count("=", 0, 20_000) >= 4 <= len(_QUOTED_PRINTABLE.findall(text, 0, 20_000)):
        doubts.append(DocumentDoubt("mail_headers", 0.3, Span(lines[0].start, lines[min(len(lines), 12) - 1].end)))
    if _has_front_matter(lines):
        doubts.append(DocumentDoubt("front_matter", 0.3, Span(lines[0].start, lines[1].end)))
    starts = _article_starts(units, labels)
    doubts += [DocumentDoubt("several_articles", 0.4, Span(unit.spans[0].start, unit.spans[-1].end)) for unit in starts]
    if reading.trust < MIN_TRUST:
        doubts.append(DocumentDoubt("unknown_layout", round(reading.trust, 3), whole))
    return doubts


def _has_front_matter(lines: list[Line]) -> bool:
    """Recognise fields between two rules at the beginning."""
    if lines[0].text not in ("---", "+++", ";;;"):
        return False
    for number, line in enumerate(lines[1:40], start=1):
        if line.text == lines[0].text:
            return number > 1
        if not (_FIELD.match(line.text) or line.text[0] in "-[" or line.indent or " = " in line.text):
            return False
    return False


def _article_starts(units: list[Unit], labels: Labels) -> list[Unit]:
    """Find the headings below a rule that begin like the title does, or head the same sections again."""
    headings = [
        index
        for index, label in enumerate(labels)
        if label is not None and label.kind is BlockKind.HEADING and index < len(units)
    ]
    first = labels[0] if labels else None
    title = units[0].text if first is not None and first.kind is BlockKind.TITLE else ""
    found: list[Unit] = []
    for place, index in enumerate(headings):
        if not units[index].rule_before or place + 1 >= len(headings) or place == 0:
            continue
        before = {units[other].text for other in headings[:place]}
        begins_alike = title.split()[:2] == units[index].text.split()[:2] and " " in title
        sections = {units[other].text for other in headings[place + 1 :]}
        if begins_alike or before & sections:
            found.append(units[index])
    return found
