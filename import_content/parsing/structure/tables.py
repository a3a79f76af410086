"""Rows whose cells are separated by tabs."""

from __future__ import annotations

from import_content.parsing.structure.units import BlockKind, GroupNumbers, Label, Labels, Unit


def claim_tables(units: list[Unit], labels: Labels, groups: GroupNumbers) -> None:
    """Label runs of two or more adjacent lines with tabs between cells."""
    position = 0
    while position < len(units):
        end = position
        while end < len(units) and _is_row(units[end]) and (end == position or not units[end].gap):
            end += 1
        if end - position >= 2:
            widths = {unit.text.count("\t") for unit in units[position:end]}
            group = groups.new()
            for index in range(position, end):
                labels[index] = Label(BlockKind.ROW, "tab_separated", 0.99 if len(widths) == 1 else 0.93, group=group)
        elif end > position:
            units[position].text = units[position].text.replace("\t", " ")
        position = max(end, position + 1)


def _is_row(unit: Unit) -> bool:
    return "\t" in unit.text and not unit.marker
