"""Ways of reading the lines of one text, and the choice among them.

The plain reading (lines as they are, or a fixed column) is enough for most texts.  Where it leaves broken sentences,
others are tried; the one with the fewest faults is kept, and how many it still has is how far to trust it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from import_content.parsing.structure.layout import MAX_WRAP_COLUMN, Layout, detect_layout
from import_content.parsing.structure.line_joints import count_title_lines, find_joints, measure_lines
from import_content.parsing.structure.lines import Line
from import_content.parsing.structure.unit_builder import UnitResult, build_units
from import_content.parsing.structure.units import Unit

LONG_WITHOUT_END_WORDS = 10
"""A unit of so many words that does not end like a sentence was probably broken off."""
LONG_LINES_PER_LINE = 20
"""One line in so many that is longer than any wrap column shows that lines are paragraphs."""
MAX_FAULTS_LEFT = 0.6
"""Another reading must leave no more than this share of the faults that lines as they are leave."""


@dataclass(frozen=True, slots=True)
class LayoutReading:
    """One way of reading, and what came of it."""

    name: str
    """``as_is``, ``column`` or ``proportional``."""
    result: UnitResult
    faults: int

    @property
    def fit(self) -> float:
        """How well the text goes with this reading: 1.0 without a fault."""
        count = len(self.result.units) + self.result.joints
        return max(0.0, 1.0 - self.faults / count) if count else 1.0


def choose_reading(text: str, lines: list[Line]) -> LayoutReading:
    """Read the lines in the plain way and, where that leaves faults, in others; keep the best."""
    layout = detect_layout(lines)
    if layout.wrap:
        layout = replace(layout, title_lines=count_title_lines(lines, measure_lines(lines)))
    plain = _read("column" if layout.wrap else "as_is", text, lines, layout)
    if not plain.faults or _has_long_lines(lines):
        return plain
    readings = [plain, _read("proportional", text, lines, layout, find_joints(lines, measure_lines(lines)))]
    if layout.wrap:
        readings.append(_read("as_is", text, lines, Layout(None, layout.spaced)))
    best = min(readings, key=lambda reading: reading.faults)
    most = plain.faults - 1 if layout.wrap else plain.faults * MAX_FAULTS_LEFT
    return best if best.faults <= most else plain


def _has_long_lines(lines: list[Line]) -> bool:
    """Tell whether paragraphs stand on one line each: then no line was wrapped."""
    return sum(len(line.text) > MAX_WRAP_COLUMN for line in lines) * LONG_LINES_PER_LINE > len(lines)


def _read(name: str, text: str, lines: list[Line], layout: Layout, joints: list[bool] | None = None) -> LayoutReading:
    result = build_units(text, lines, layout, joints)
    return LayoutReading(name, result, _count_faults(result.units) + result.bad_joints)


def _count_faults(units: list[Unit]) -> int:
    """Count the units that begin or end in the middle of a sentence."""
    faults = 0
    for index, unit in enumerate(units):
        if unit.sign_level:
            continue
        starts_lower = index > 0 and not unit.marker and unit.text[0].islower()
        faults += starts_lower and units[index - 1].last != ":"
        if unit.words >= LONG_WITHOUT_END_WORDS and index + 1 < len(units) and "\t" not in unit.text:
            faults += unit.last.isalnum() or unit.last in ",-"
    return faults
