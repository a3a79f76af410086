"""Listings of names that do not look like schools, below a heading that says so: kept, and shown to a person."""

from __future__ import annotations

from import_content.parsing.structure import vocabulary as words
from import_content.parsing.structure.institution_names import TOKEN, is_name_phrase, plain
from import_content.parsing.structure.listing_context import ListingContext
from import_content.parsing.structure.separators import SEPARATOR
from import_content.parsing.structure.units import BlockKind, Label, Unit

MIN_ENTRIES = 3
MAX_NAME_WORDS = 7
THIN_CONFIDENCE = 0.7
"""Below what is taken without asking: the heading alone says that these are schools."""


def claim_thin_listings(context: ListingContext) -> None:
    """Label runs of ``Name: description`` right below a heading that promises schools."""
    units = context.units
    position = 1
    while position < len(units):
        end = _run(context, position) if context.announced_at(position - 1) else position
        if end - position >= MIN_ENTRIES:
            _label(context, position, end)
        position = max(end, position + 1)


def _run(context: ListingContext, start: int) -> int:
    """Find the end of the lines with the same sign after a name and the same spacing."""
    units, labels = context.units, context.labels
    end, sign = start, ""
    while end < len(units) and labels[end] is None:
        found = _separator(units[end])
        if found is None or (sign and found[0] != sign):
            break
        if end > start + 1 and units[end].gap != units[start + 1].gap:
            break
        sign = found[0]
        end += 1
    return end


def _separator(unit: Unit) -> tuple[str, int, int] | None:
    """Return the sign after the name, where the name ends and where the description begins."""
    match = SEPARATOR.search(unit.text, 0, 90)
    if match is None or unit.sign_level:
        return None
    name, description = unit.text[: match.start()], unit.text[match.end() :]
    tokens = TOKEN.findall(name)
    if not tokens or len(tokens) > MAX_NAME_WORDS or not is_name_phrase(name) or description.count(" ") < 2:
        return None
    if len(tokens) == 1 and (plain(tokens[0]) in words.LABEL_NAMES or not tokens[0][0].isupper()):
        return None
    if plain(tokens[-1]) in words.LABEL_NAMES:
        return None
    return match.group().strip(), match.start(), match.end()


def _label(context: ListingContext, start: int, end: int) -> None:
    group = context.groups.new()
    others = (("list", round(1 - THIN_CONFIDENCE, 3)),)
    for index in range(start, end):
        found = _separator(context.units[index])
        if found is not None:
            _, name_end, description_start = found
            label = Label(BlockKind.ENTRY, "below_a_heading_of_schools", THIN_CONFIDENCE, others, group)
            label.name_end, label.description_start = name_end, description_start
            context.labels[index] = label
