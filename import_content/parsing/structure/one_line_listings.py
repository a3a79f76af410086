"""Listings of schools: runs of lines that each begin with a school's name."""

from __future__ import annotations

import math
from dataclasses import dataclass

from import_content.parsing.structure.entry_splitter import split_entry
from import_content.parsing.structure.listing_context import ListingContext
from import_content.parsing.structure.separators import Split
from import_content.parsing.structure.units import BlockKind, Label

SEED_SCORE, SEPARATED_SEED_SCORE = 3.8, 3.0
"""Scores of an entry that starts a listing."""
JOINING_SCORE, SEPARATED_JOINING_SCORE, TIGHT_JOINING_SCORE = 1.0, 0.2, -0.6
"""Scores of entries that may join one: by form, with the same separator, in the same block of lines."""
MAX_SEPARATED_NAME_CHARS = 90
UNANNOUNCED_PENALTY, UNANNOUNCED_SEPARATED_PENALTY = 0.6, 4.0
"""Where no heading promises schools: fixtures, partners and the stations of a life have names and dashes too."""
_ENDS = '.!?”"’)'


@dataclass(slots=True)
class _Run:
    """Adjacent units that may be the entries of one listing."""

    start: int
    end: int
    splits: list[Split]


def claim_listings(context: ListingContext) -> None:
    """Label the entries of listings that have name and description on one line."""
    splits = [_try(context, index) for index in range(len(context.units))]
    for run in _runs(context, splits):
        confidence = _listing_confidence(context, run)
        if confidence >= 0.5:
            _label(context, run, confidence)


def _try(context: ListingContext, index: int, separator: str | None = None) -> Split | None:
    unit, label = context.units[index], context.labels[index]
    if unit.words < 3 or (label is not None and label.kind is not BlockKind.ITEM):
        return None
    if unit.words < 10 and unit.last not in _ENDS:
        return None  # a title, a heading
    knowledge = context.knowledge
    split = split_entry(unit.text, known=knowledge.known_schools, seen=knowledge.seen_schools, separator=separator)
    if split is None or not _describes(unit.text[split.description_start :], bool(split.separator)):
        return None
    return split


def _describes(description: str, separated: bool) -> bool:
    """Whether the rest of a line says something: a sentence, or after a separator at least a phrase."""
    count = description.count(" ") + 1
    if description[-1] in _ENDS:
        return count >= (2 if separated else 3)
    return count >= 3 if separated else count >= 9


def _is_seed(split: Split | None) -> bool:
    if split is None or split.score < (SEPARATED_SEED_SCORE if split.separator else SEED_SCORE):
        return False
    return split.has_noun or split.how in ("known", "repeated", "seen")


def _runs(context: ListingContext, splits: list[Split | None]) -> list[_Run]:
    """Find maximal runs around seeds: same marker, same separator, same spacing."""
    units = context.units
    runs: list[_Run] = []
    position = 0
    while position < len(units):
        model = splits[position]
        if model is None or not _is_seed(model):
            position += 1
            continue
        start, floor = position, runs[-1].end if runs else 0
        while start > floor and _joins(context, splits, start - 1, start, model):
            if start < position and units[start].gap != units[position].gap:
                break
            start -= 1
        end = position + 1
        while end < len(units) and _joins(context, splits, end, end, model):
            if end > position + 1 and units[end].gap != units[position + 1].gap:
                break
            end += 1
        runs.append(_Run(start, end, [split for split in splits[start:end] if split is not None]))
        position = end
    return runs


def _joins(context: ListingContext, splits: list[Split | None], index: int, lower: int, model: Split) -> bool:
    """Whether the unit at `index` has the shape of `model`; `lower` is the lower one of it and its neighbour."""
    units = context.units
    if units[index].marker[-1:] != units[lower].marker[-1:] and units[index].marker != units[lower - 1].marker:
        return False
    split = splits[index]
    if split is None or split.separator != model.separator:
        split = _try(context, index, model.separator)
        if split is None:
            return False
    if split.separator:
        fits = split.score >= SEPARATED_JOINING_SCORE and split.name_end <= MAX_SEPARATED_NAME_CHARS
    else:
        fits = split.score >= (TIGHT_JOINING_SCORE if lower > 0 and not units[lower].gap else JOINING_SCORE)
    if fits or _is_seed(split):
        splits[index] = split
        return True
    return False


def _listing_confidence(context: ListingContext, run: _Run) -> float:
    """Estimate how likely the run lists schools, and is not prose or a list of other things."""
    first, total = context.units[run.start], run.end - run.start
    announced = context.announced(run.start)
    share = sum(map(_is_seed, run.splits)) / total
    known = sum(split.how == "known" for split in run.splits)
    score = -1.5 + 3.0 * share + 1.2 * announced + 0.5 * min(total, 5) + 1.5 * min(known, 2)
    split = run.splits[0]
    if not announced and not known:
        separated = sum(bool(one.separator) and one.how == "separator" for one in run.splits)
        score -= UNANNOUNCED_SEPARATED_PENALTY if separated * 2 > total else UNANNOUNCED_PENALTY
    if total == 1:
        if not announced or first.marker:
            return 0.0
        score += -1.5 + 1.2 * (split.how == "repeated" and not split.separator) + 0.8 * (split.score >= 6)
        score -= 1.0 * (first.words > 60) + 1.5 * (split.how == "form" and split.score < 6)
    if first.gap and not any(one.separator or one.how != "form" for one in run.splits):
        score -= 0.8 if announced else 2.5  # paragraphs that begin with names
    return 1.0 / (1.0 + math.exp(-1.3 * score))


def entry_confidence(split: Split) -> float:
    """Estimate how likely the place of the split is right."""
    if split.how == "known":
        return 0.99
    if split.separator:
        return 0.98
    base = 0.98 if split.how == "repeated" else 0.95
    if split.margin >= 2.0:
        return base
    return max(0.5, base - 0.2 * (2.0 - split.margin))


def _label(context: ListingContext, run: _Run, confidence: float) -> None:
    group = context.groups.new()
    for index, split in zip(range(run.start, run.end), run.splits, strict=True):
        text = context.units[index].text
        others = [(f"name: {text[:end]}", 1.0 / (2.0 + split.score - score)) for end, score in split.alternatives]
        context.labels[index] = Label(
            BlockKind.ENTRY,
            f"entry_{split.how}",
            round(min(confidence, entry_confidence(split)), 3),
            tuple((name, round(value, 3)) for name, value in others if value > 0.15),
            group,
            name_end=split.name_end,
            description_start=split.description_start,
        )
