"""Listings of schools that have each name on a line of its own, above one paragraph."""

from __future__ import annotations

from import_content.parsing.structure.entry_splitter import goes_on_with
from import_content.parsing.structure.institution_names import (
    INSTITUTIONAL,
    Form,
    fold,
    is_institution,
    is_name_phrase,
    name_form,
)
from import_content.parsing.structure.listing_context import ListingContext
from import_content.parsing.structure.units import BlockKind, Label

MAX_NAME_LINE_WORDS, MAX_NAME_LINE_CHARS = 12, 100


def claim_pairs(context: ListingContext) -> None:
    """Label names and the paragraphs below them as the entries of listings."""
    position = 0
    while position + 1 < len(context.units):
        start, end = _run(context, position)
        if end > start and _is_listing(context, start, end):
            _label(context, start, end)
        position = max(end, position + 1)


def _run(context: ListingContext, position: int) -> tuple[int, int]:
    """Pairs from `position` on; the first name is an institution's beyond doubt, and so is the last.

    Where other headings stand free, a pair at the end may be in doubt: no section would look like it.
    """
    units = context.units
    if not _is_pair(context, position) or not _is_sure_start(context, position):
        return position, position
    end, sure = position + 2, 1
    last_sure = end
    while _is_pair(context, end) and units[end + 1].gap == units[position + 1].gap:
        if end > position + 2 and units[end].gap != units[position + 2].gap:
            break
        if _is_sure(context, end):
            sure, last_sure = sure + 1, end + 2
        elif (end + 2 - position) // 2 > 2 * sure + 1:
            break
        end += 2
    return position, last_sure if context.headings_are_glued(position, end) or units[position + 1].gap else end


def _is_pair(context: ListingContext, index: int) -> bool:
    """A line that may be a name, above a line that may be its description."""
    units, labels = context.units, context.labels
    if index + 1 >= len(units):
        return False
    name, description = units[index], units[index + 1]
    if (
        labels[index] is not None
        or labels[index + 1] is not None
        or name.underline
        or description.marker
        or (name.marker and not name.ordered)
    ):
        return False
    if name.words > MAX_NAME_LINE_WORDS or name.length > MAX_NAME_LINE_CHARS or name.last in ".?!:;,":
        return False
    if description.words < 4 or description.last not in '.!?”")’':
        return False
    return is_name_phrase(name.text)


def _is_sure(context: ListingContext, index: int) -> bool:
    """An institution's name by form, by knowledge, or because the description goes on with it."""
    name, description = context.units[index].text, context.units[index + 1].text
    form, _ = name_form(name)
    if form in INSTITUTIONAL:
        return True
    knowledge = context.knowledge
    if (knowledge.known_schools or knowledge.seen_schools) and (
        fold(name) in knowledge.known_schools or fold(name) in knowledge.seen_schools
    ):
        return True
    if form in (Form.ACRONYM, Form.ACRONYM_FIRST):
        return True
    return form is not Form.KIND_ONLY and goes_on_with(name, description)


def _is_sure_start(context: ListingContext, index: int) -> bool:
    """Tell whether a listing may begin here: with a sure name, or right below a heading that promises schools."""
    if _is_sure(context, index):
        return True
    units = context.units
    if index + 3 >= len(units) or units[index + 1].gap or not context.announced_at(index - 1):
        return False
    return _is_pair(context, index + 2) and not units[index + 3].gap and _is_sure(context, index + 2)


def _is_listing(context: ListingContext, start: int, end: int) -> bool:
    """A listing, or sections about one school each?

    Glued in a text whose other headings stand free: entries.  Otherwise it takes three or more, a heading
    that announces them, and exactly one paragraph for each.
    """
    units, pairs = context.units, (end - start) // 2
    if not any(is_institution(units[index].text) for index in range(start, end, 2)):
        return False
    announced = context.announced(start)
    if not units[start + 1].gap and units[start].gap and not context.headings_are_glued(start, end):
        return announced or (pairs >= 2 and _names_come_again(context, start, end))
    return (pairs >= 3 and announced) or (pairs >= 2 and context.by_place_above(start))


def _names_come_again(context: ListingContext, start: int, end: int) -> bool:
    """Tell whether half of the descriptions go on with their name, as no other text does."""
    units = context.units
    again = sum(goes_on_with(units[index].text, units[index + 1].text) for index in range(start, end, 2))
    return again * 4 >= end - start


def _label(context: ListingContext, start: int, end: int) -> None:
    group = context.groups.new()
    confidence = 0.95 if end - start >= 6 else 0.85
    for index in range(start, end, 2):
        length = context.units[index].length
        context.labels[index] = Label(
            BlockKind.ENTRY,
            "name_above",
            confidence,
            (("heading", round(1 - confidence, 3)),),
            group,
            name_end=length,
            description_start=length,
        )
        context.labels[index + 1] = Label(BlockKind.ENTRY, "name_above", confidence, (), group, absorbed=True)
