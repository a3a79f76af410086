"""Where a line goes on with the one before, in texts that were wrapped by the width of letters or by sense."""

from __future__ import annotations

from dataclasses import dataclass

from import_content.parsing.structure import vocabulary as words
from import_content.parsing.structure.facts import BYLINE, observe_text
from import_content.parsing.structure.layout import MARKER, is_rule
from import_content.parsing.structure.lines import Line
from import_content.parsing.structure.sentences import joins_without_blank, last_sign

_NARROW = frozenset("iljtfrI.,;:'|!()[]’ ")
_WIDE = frozenset("mwMW@%—…")
SHORT_LINE_SHARE = 0.6
"""Of the measure: lines of a list are shorter than these on average, lines of a paragraph longer."""
FULL_LINE_SHARE = 0.97
RAGGED_LINE_SHARE = 0.75
"""A line so wide that has no final sign was broken by its width, if a little early."""
MAX_WRAPPED_HEADING_WORDS = 26
MIN_MEASURE = 24.0
"""Widths, in average letters."""
_TIES = """
or but that which who is are was with by from as than into their its his her your our this these not will can
"""
_NEVER_LAST = words.ARTICLES | words.NAME_CONNECTORS | frozenset(_TIES.split())
"""Words that no heading, item or sentence ends with."""


def width(text: str) -> float:
    """Estimate how wide a text is in a proportional type, in average letters."""
    wide = narrow = 0
    for char in text:
        if char in _NARROW:
            narrow += 1
        elif char in _WIDE or char.isupper():
            wide += 1
        elif char > "\u2e80":
            wide += 2
    return len(text) - 0.5 * narrow + 0.4 * wide


@dataclass(frozen=True, slots=True)
class Measure:
    """How wide the lines of a text may be, and how wide they are."""

    widths: list[float]
    full: float
    """Width of the type area; 0 where no line is followed by another."""


def measure_lines(lines: list[Line]) -> Measure:
    """Take the widest lines that another follows without a gap, but for a few outliers."""
    widths = [width(line.text) for line in lines]
    followed = sorted(
        widths[number] for number in range(len(lines) - 1) if not lines[number + 1].gap and " " in lines[number].text
    )
    return Measure(widths, followed[int(len(followed) * 0.95)] if followed else 0.0)


def find_joints(lines: list[Line], measure: Measure) -> list[bool]:
    """Say of each line whether it goes on with the one before."""
    joints = [False] * len(lines)
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and not lines[end].gap:
            end += 1
        top = count_title_lines(lines, measure) if start == 0 else start
        if top > start:
            joints[1:top] = [True] * (top - 1)
            start = top
        if _is_wrapped_heading(lines, start, end, measure):
            joints[start + 1 : end] = [True] * (end - start - 1)
        elif end - start > 1 and not _is_list(lines, start, end, measure):
            for number in range(start + 1, end):
                joints[number] = _goes_on(lines, number, measure, number + 1 == end, joints[number - 1])
        start = end
    return joints


def count_title_lines(lines: list[Line], measure: Measure) -> int:
    """Count the lines of a title that was broken in two or more; 0 for any other."""
    end = 1
    while end < min(len(lines), 6) and not lines[end].gap:
        end += 1
    if _is_wrapped_heading(lines, 0, end, measure):
        return end
    for count in range(min(4, end - 1), 1, -1):
        below = lines[count]
        if measure.widths[count] < measure.full * RAGGED_LINE_SHARE or not below.text[0].isupper():
            continue
        if max(measure.widths[:count]) < measure.full * 0.9 and _is_wrapped_heading(lines, 0, count, measure):
            return count
    return 0


def _is_wrapped_heading(lines: list[Line], start: int, end: int, measure: Measure) -> bool:
    """Recognise a heading, set larger than the text, that takes two or three lines; the first of all may take four."""
    if not 1 < end - start <= (4 if start == 0 else 3):
        return False
    run = lines[start:end]
    if any(line.marker or line.sign_level or "\t" in line.text or MARKER.match(line.text) for line in run):
        return False
    if any(last_sign(line.text) in ".!;" for line in run) or last_sign(run[-1].text) in ":,":
        return False
    if any(last_sign(line.text) == "?" for line in run[:-1]) or is_rule(run[0].text) or is_rule(run[-1].text):
        return False
    facts = observe_text(" ".join(line.text for line in run))
    if facts.words > MAX_WRAPPED_HEADING_WORDS or facts.role or BYLINE.match(run[-1].text):
        return False
    first = measure.widths[start]
    fits = first >= measure.full * 0.45 and max(measure.widths[start + 1 : end]) <= first * 1.25
    ties = run[0].text.rsplit(" ", 1)[-1] in _NEVER_LAST or run[1].text[0].islower()
    return (
        fits
        and facts.significant > 2
        and (ties or facts.title_share >= (0.6 if start == 0 else 0.75) or facts.end == "?")
    )


def _is_list(lines: list[Line], start: int, end: int, measure: Measure) -> bool:
    """Recognise short lines in lower case that stand together: items, not a broken sentence."""
    lower = sum(line.text[0].islower() for line in lines[start:end])
    if last_sign(lines[end - 1].text) in ".!?…" or not lower:
        return False
    mean = sum(measure.widths[start:end]) / (end - start)
    return mean < max(measure.full * SHORT_LINE_SHARE, MIN_MEASURE)


def _goes_on(lines: list[Line], number: int, measure: Measure, is_last: bool, joined: bool) -> bool:
    before, line = lines[number - 1], lines[number]
    if line.marker or line.sign_level or before.sign_level or "\t" in line.text or "\t" in before.text:
        return False
    if is_rule(line.text) or is_rule(before.text):
        return False
    forced = _is_forced(before, line, measure, measure.widths[number - 1])
    last = last_sign(before.text)
    if MARKER.match(line.text):
        return forced and last not in ".:;!?,…" and line.text[0].isalnum()
    first = line.text[0]
    if first.islower():
        return last not in ".!?…:" or forced
    if joins_without_blank(before.text, line.text):
        return forced and last not in ".!?"
    if last in ".!?…:":
        return forced and not _is_heading_below(lines, number, measure, is_last)
    if before.text.rsplit(" ", 1)[-1] in _NEVER_LAST or last in ",/" or before.text[-1] in "-‐":
        return measure.widths[number - 1] > MIN_MEASURE
    if first in '([“"‘«' and before.text[-1] not in '”"' and measure.widths[number - 1] > MIN_MEASURE:
        return True
    if not forced and measure.widths[number - 1] < measure.full * RAGGED_LINE_SHARE:
        return False
    return joined or forced or not _is_heading_above(lines, number)


def _is_forced(before: Line, line: Line, measure: Measure, before_width: float) -> bool:
    """Tell whether the next word would not have fitted any more."""
    word = line.text.split(" ", 1)[0] if line.text[0] < "\u2e80" else line.text[0]
    room = measure.full - before_width
    return measure.full >= MIN_MEASURE and width(word) + 0.5 >= room - (1.0 - FULL_LINE_SHARE) * measure.full


def _is_heading_below(lines: list[Line], number: int, measure: Measure, is_last: bool) -> bool:
    """Recognise a short line after a full sentence, above a line that it had room for."""
    line = lines[number]
    if last_sign(line.text) in ".,;" or measure.widths[number] > measure.full * 0.8:
        return False
    if is_last:
        return False
    follower = lines[number + 1]
    return not follower.text[0].islower() and not _is_forced(line, follower, measure, measure.widths[number])


def _is_heading_above(lines: list[Line], number: int) -> bool:
    """Recognise a long heading on top of its paragraph: capitalised words, and none of the text below is."""
    before = lines[number - 1].text.split()
    large = [word for word in before if len(word) > 3]
    return len(large) >= 3 and sum(word[0].isupper() for word in large) >= 0.8 * len(large)
