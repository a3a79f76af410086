"""Build units of lines: wrapped lines joined, markers and rules taken off, neighbours known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from import_content.document import Span
from import_content.parsing.structure.entry_splitter import begins_with_name
from import_content.parsing.structure.facts import observe_text
from import_content.parsing.structure.hyphenation import Hyphenation
from import_content.parsing.structure.institution_names import is_institution
from import_content.parsing.structure.layout import MARKER, Layout, is_rule
from import_content.parsing.structure.lines import FILLER, Line
from import_content.parsing.structure.sentences import joins_without_blank
from import_content.parsing.structure.units import Unit

EARLY_END_SHARE = 0.6
"""Of the longest line of a paragraph: a line that is shorter ends it, unless the next begins in lower case."""
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*\Z")


@dataclass(slots=True)
class UnitResult:
    """The units of one reading, what they leave out, and how well the lines went together."""

    units: list[Unit]
    discards: list[tuple[str, Span]]
    """Rules and hyphens of wrapped lines."""
    joints: int = 0
    """How many lines were joined to the one before."""
    bad_joints: int = 0
    """Those of them that join what does not look like one sentence."""


def build_units(
    text: str, lines: list[Line], layout: Layout, joints: list[bool] | None = None, title_lines: int = 0
) -> UnitResult:
    """Join the lines of `text` into units, by its wrap column or, where given, at `joints`."""
    result = UnitResult([], [])
    units = result.units
    parts: list[list[str]] = []
    hyphenation = Hyphenation(text)
    previous: Line | None = None
    ruled = False
    for number, line in enumerate(lines):
        if not line.sign_level and is_rule(line.text):
            result.discards.append(("rule", Span(line.start, line.end)))
            if units and not line.gap and previous is not None and _underlines(line, units[-1], parts[-1]):
                units[-1].underline = line.text[0]
            ruled, previous = True, None
            continue
        follower = lines[number + 1] if number + 1 < len(lines) else None
        if previous is None or line.marker or line.sign_level or previous.sign_level:
            goes_on = False
        elif number < layout.title_lines:
            goes_on = True
        else:
            goes_on = joints[number] if joints is not None else _continues(previous, line, units, layout, follower)
        if goes_on:
            _join(text, result, parts[-1], line, hyphenation)
        else:
            units.append(_start(text, line, ruled))
            parts.append([units[-1].text])
            ruled = False
        previous = line
    for unit, pieces in zip(units, parts, strict=True):
        if len(pieces) > 1:
            unit.text = "".join(pieces)
            unit.measure()
            _count_joints(pieces, result)
    for before, after in pairwise(units):
        before.gap_after = after.gap
    return result


def _join(text: str, result: UnitResult, pieces: list[str], line: Line, hyphenation: Hyphenation) -> None:
    """Add a line to the last unit: with a blank, or without where a word or a script has none there."""
    unit, before = result.units[-1], pieces[-1]
    last = unit.spans[-1]
    if before[-1] in "-‐" and len(before) > 1 and before[-2].isalpha() and line.text[0].isalpha():
        if hyphenation.is_made_by_wrap(before, line.text):
            pieces[-1] = before[:-1]
            unit.spans[-1] = Span(last.start, last.end - 1)
            result.discards.append(("hyphen", Span(last.end - 1, last.end)))
    elif not (
        joins_without_blank(before, line.text) or (text[last.end : last.end + 1] == FILLER and before[-1].isalpha())
    ):
        pieces.append(" ")
    pieces.append(line.text)
    unit.spans.append(Span(line.start, line.end))


def _count_joints(pieces: list[str], result: UnitResult) -> None:
    """Count joints, and those after a line that ended early without need."""
    lines = [piece for piece in pieces if piece != " "]
    longest = max(map(len, lines))
    for before, line in pairwise(lines):
        result.joints += 1
        if len(before) < longest * EARLY_END_SHARE and not line[0].islower():
            result.bad_joints += 1


def _start(text: str, line: Line, ruled: bool) -> Unit:
    gap = line.gap or ruled
    if line.sign_level:
        spans = [Span(line.start, line.end)]
        return Unit(line.text, spans, gap, line.indent, rule_before=ruled, sign_level=line.sign_level)
    if line.marker:
        spans = [Span(line.start, line.end)]
        marker_span = line.marker_span
        unit = Unit(line.text, spans, gap, line.indent, marker=line.marker, marker_span=marker_span, rule_before=ruled)
        unit.is_detached = True
        return unit
    if line.spans:
        return Unit(line.text, list(line.spans), gap, line.indent, rule_before=ruled)
    shown = MARKER.match(line.text)
    printed = MARKER.match(text, line.start, line.end) if shown is not None else None
    if shown is None or printed is None or "\t" in line.text[shown.end() :]:
        return Unit(line.text, [Span(line.start, line.end)], gap, line.indent, rule_before=ruled)
    marker = shown.group("bullet") or shown.group("glued") or shown.group("number")
    return Unit(
        line.text[shown.end() :],
        [Span(printed.end(), line.end)],
        gap,
        line.indent,
        marker=marker,
        marker_span=Span(line.start, line.start + len(marker)),
        rule_before=ruled,
    )


def _underlines(rule: Line, unit: Unit, parts: list[str]) -> bool:
    """A rule right under a short text is its underline when it is about as long."""
    if rule.text[0] not in "=-~" or unit.marker or len(parts) > 3:
        return False
    width = max(len(part) for part in parts)
    return width <= 120 and len(rule.text) >= min(width * 0.6, 30)


def _continues(before: Line, line: Line, units: list[Unit], layout: Layout, follower: Line | None) -> bool:
    """Whether `line` carries on the text of `before`, the last line of the last unit."""
    unit = units[-1]
    if line.gap or "\t" in line.text or "\t" in before.text:
        return False
    if MARKER.match(line.text):
        return _is_broken_before_number(before, line, unit, layout)
    if unit.marker and line.indent > unit.indent and line.indent >= 2:
        return True
    if layout.wrap is None or (line.indent > before.indent + 1 and not unit.marker):
        return False
    width = before.indent + len(before.text)
    word = line.text.split(" ", 1)[0]
    if width + 1 + len(word) <= layout.wrap:
        return _is_ragged(before, line, width, layout.wrap)
    if len(units) == 1 and len(unit.spans) == 1 and _is_title_above(before.text, line.text):
        return False
    return not _begins_anew(before, line, layout, follower)


def _is_broken_before_number(before: Line, line: Line, unit: Unit, layout: Layout) -> bool:
    """A sentence that was broken before "12. " or "(2) ": no marker, since the sentence is not over."""
    if layout.wrap is None or unit.marker or line.text[0] in "-*•" or before.text[-1] in ".:;!?,":
        return False
    word = line.text.split(" ", 1)[0]
    return before.indent + len(before.text) + 1 + len(word) > layout.wrap


def _is_title_above(before: str, text: str) -> bool:
    """A title, as long as the wrap column by chance, above the first line of a paragraph."""
    if before[-1] in ".,;" or not text[0].isupper():
        return False
    title, facts = observe_text(before), observe_text(text)
    return title.significant >= 4 and title.title_share >= 0.85 and facts.title_share <= 0.6


def _is_ragged(before: Line, line: Line, width: int, wrap: int) -> bool:
    """Broken a little early in the middle of a sentence."""
    return width >= wrap * 0.75 and line.text[0].islower() and before.text[-1] not in ".:;!?,"


def _begins_anew(before: Line, line: Line, layout: Layout, follower: Line | None) -> bool:
    """A full last line of a paragraph, followed by a line that looks like a heading of its own."""
    if not _SENTENCE_END.search(before.text) or layout.wrap is None:
        return False
    if begins_with_name(line.text) or is_institution(line.text):
        return True
    if layout.spaced:
        return False
    if line.text[-1] in ".,;:" or not line.text[0].isupper() or line.indent + len(line.text) > layout.wrap * 0.8:
        return False
    if follower is None or follower.gap:
        return True
    word = follower.text.split(" ", 1)[0]
    return len(line.text) + 1 + len(word) <= layout.wrap
