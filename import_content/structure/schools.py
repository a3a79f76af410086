"""Listings of schools: runs of lines that each begin with a school's name."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from . import vocabulary as words
from .facts import observe
from .labels import Kind, Label, Labels
from .names import Split, fold, goes_on_with, is_institution, is_name_phrase, name_form, split_entry
from .overrides import Overrides
from .tables import Groups
from .units import Unit

STRONG = 4.5
WEAK = 1.0


@dataclass(frozen=True, slots=True)
class Hints:
    """Names that are known beforehand, folded."""

    known: frozenset[str] = frozenset()
    """Names and aliases in the CMS, or in a profile."""
    seen: frozenset[str] = frozenset()
    """Names found in other files of the same run."""


def make_hints(known: Collection[str] = (), seen: Collection[str] = ()) -> Hints:
    return Hints(frozenset(map(fold, known)), frozenset(map(fold, seen)))


@dataclass(slots=True)
class _Run:
    """Adjacent units that may be entries of one listing."""

    start: int
    end: int
    splits: list[Split]


def claim_listings(units: list[Unit], labels: Labels, groups: Groups, hints: Hints, overrides: Overrides) -> None:
    """Label the entries of every listing, in one of three layouts: one line each, name above, name spaced."""
    splits = [_try(unit, labels[index], hints) for index, unit in enumerate(units)]
    for run in _runs(units, labels, splits):
        confidence = _listing_confidence(units, run, overrides)
        if confidence >= 0.5:
            _label_run(labels, run, groups.new(), confidence)
    _claim_names_above(units, labels, groups, hints, overrides)


def _try(unit: Unit, label: Label | None, hints: Hints) -> Split | None:
    if label is not None and label.kind is not Kind.ITEM:
        return None
    if unit.words < 3:
        return None
    split = split_entry(unit.text, known=hints.known, seen=hints.seen)
    if split is None or not _describes(unit.text[split.description_start :], bool(split.separator)):
        return None
    return split


def _describes(description: str, separated: bool) -> bool:
    """Whether the rest of a line says something: a sentence, or after a separator at least a phrase."""
    count = description.count(" ") + 1
    if description[-1] in '.!?”"’)':
        return count >= (2 if separated else 3)
    return count >= 3 if separated else count >= 9


def _is_seed(split: Split | None) -> bool:
    return (
        split is not None and split.score >= STRONG and (split.has_noun or split.how in ("known", "repeated", "seen"))
    )


def _runs(units: list[Unit], labels: Labels, splits: list[Split | None]) -> list[_Run]:
    """Maximal runs around seeds: same marker, same separator, same spacing."""
    runs: list[_Run] = []
    position = 0
    while position < len(units):
        if not _is_seed(splits[position]):
            position += 1
            continue
        start = position
        while start > (runs[-1].end if runs else 0) and _belongs(units, splits, start - 1, position):
            if start < position and units[start].gap != _gap_of(units, position):
                break
            start -= 1
        end = position + 1
        while end < len(units) and _belongs(units, splits, end, position):
            if end > position + 1 and units[end].gap != units[position + 1].gap:
                break
            end += 1
        found = [split for split in splits[start:end] if split is not None]
        runs.append(_Run(start, end, found))
        position = end
    return runs


def _gap_of(units: list[Unit], index: int) -> bool:
    return units[index].gap


def _belongs(units: list[Unit], splits: list[Split | None], index: int, seed: int) -> bool:
    """Whether a neighbour has the shape of the entry at `seed`."""
    split, model = splits[index], splits[seed]
    if split is None or model is None or units[index].marker[-1:] != units[seed].marker[-1:]:
        return False
    if split.separator != model.separator:
        return False
    if _is_seed(split):
        return True
    if split.separator:
        return split.score >= WEAK - 0.8 and split.name_end <= 80
    return split.score >= WEAK


def _listing_confidence(units: list[Unit], run: _Run, overrides: Overrides) -> float:
    seeds = sum(_is_seed(split) for split in run.splits)
    total = run.end - run.start
    announced = _is_announced(units, run.start, overrides)
    known = sum(split.how == "known" for split in run.splits)
    share = seeds / total
    score = -1.5 + 3.0 * share + (1.2 if announced else 0.0) + 0.5 * min(total, 5) + 1.5 * min(known, 2)
    if total == 1:
        split = run.splits[0]
        if not announced or units[run.start].marker:
            return 0.0
        score -= 1.5
        score += 1.2 if split.how == "repeated" and split.separator == "" else 0.0
        score += 0.8 if split.score >= 6 else 0.0
        if units[run.start].words > 60:
            score -= 1.0
    if units[run.start].gap and not run.splits[0].separator and run.splits[0].how == "form":
        score -= 0.8
    return 1 / (1 + math.exp(-1.3 * score))


def _is_announced(units: list[Unit], start: int, overrides: Overrides) -> bool:
    """Whether the heading above promises schools."""
    heading = _heading_above(units, start)
    return bool(words.LISTING_WORDS.search(heading)) or overrides.announces_listing(heading)


def _heading_above(units: list[Unit], start: int) -> str:
    """The nearest short line above, a lead-in paragraph between them or not."""
    for index in range(start - 1, max(-1, start - 4), -1):
        unit = units[index]
        if unit.words <= 14 and unit.text[-1] not in ".;,":
            return unit.text
    return ""


def _entry_confidence(split: Split) -> float:
    """How sure the place of the split is."""
    if split.how == "known":
        return 0.99
    if split.separator:
        return 0.98
    base = 0.97 if split.how == "repeated" else 0.93
    if split.margin >= 2.0:
        return base
    return max(0.5, base - 0.17 * (2.0 - split.margin))


def _label_run(labels: Labels, run: _Run, group: int, confidence: float) -> None:
    for index, split in zip(range(run.start, run.end), run.splits, strict=True):
        labels[index] = Label(
            Kind.ENTRY,
            f"entry_{split.how}",
            round(min(confidence, _entry_confidence(split)), 3),
            (("paragraph", round(1 - confidence, 3)),),
            group,
            name_end=split.name_end,
            description_start=split.description_start,
        )


def _claim_names_above(units: list[Unit], labels: Labels, groups: Groups, hints: Hints, overrides: Overrides) -> None:
    """Names on a line of their own, each above one paragraph."""
    position = 0
    while position + 1 < len(units):
        start, end = _pair_run(units, labels, position, hints)
        if end > start and _is_pair_listing(units, start, end, overrides):
            group = groups.new()
            confidence = 0.95 if end - start >= 6 else 0.85
            for index in range(start, end, 2):
                length = units[index].length
                labels[index] = Label(
                    Kind.ENTRY,
                    "name_above",
                    confidence,
                    (("heading", round(1 - confidence, 3)),),
                    group,
                    name_end=length,
                    description_start=length,
                )
                labels[index + 1] = Label(Kind.ENTRY, "name_above", confidence, (), group, absorbed=True)
        position = max(end, position + 1)


def _pair_run(units: list[Unit], labels: Labels, position: int, hints: Hints) -> tuple[int, int]:
    """Pairs from `position` on: the first and the last names are an institution's beyond doubt."""
    if not _is_pair(units, labels, position) or not _is_sure_name(units, position, hints):
        return position, position
    end, sure = position + 2, 1
    last_sure = end
    while _is_pair(units, labels, end) and units[end + 1].gap == units[position + 1].gap:
        if units[end].gap != units[position].gap and end > position + 2:
            break
        if _is_sure_name(units, end, hints):
            sure, last_sure = sure + 1, end + 2
        elif (end + 2 - position) // 2 > 2 * sure + 1:
            break
        end += 2
    return position, last_sure


def _is_pair(units: list[Unit], labels: Labels, index: int) -> bool:
    """A line that may be a name, above a line that may be its description."""
    if index + 1 >= len(units):
        return False
    name, description = units[index], units[index + 1]
    if labels[index] is not None or labels[index + 1] is not None or name.underline or description.marker:
        return False
    if name.words > 12 or name.length > 100 or description.words < 4 or description.text[-1] not in '.!?”")’':
        return False
    return name.text[-1] not in ".?!:;," and is_name_phrase(name.text)


def _is_sure_name(units: list[Unit], index: int, hints: Hints) -> bool:
    """An institution's name by form, by knowledge, or because the description goes on with it."""
    name, description = units[index].text, units[index + 1].text
    folded = fold(name)
    if is_institution(name) or folded in hints.known or folded in hints.seen:
        return True
    return name_form(name)[0] != "kind_only" and (goes_on_with(name, description) or name_form(name)[0] == "acronym")


def _is_pair_listing(units: list[Unit], start: int, end: int, overrides: Overrides) -> bool:
    """A listing, or sections about one school each?

    Glued in a text whose other headings stand free: entries.  Otherwise it takes three or more, a heading
    that announces them, and exactly one paragraph for each.
    """
    pairs = (end - start) // 2
    if not any(is_institution(units[index].text) for index in range(start, end, 2)):
        return False
    announced = _is_announced(units, start, overrides)
    if not units[start + 1].gap and units[start].gap and not _headings_are_glued(units, start, end):
        return pairs >= 2 or announced
    return pairs >= 3 and announced


def _headings_are_glued(units: list[Unit], start: int, end: int) -> bool:
    """Whether short lines elsewhere stand right on top of their paragraph."""
    glued = free = 0
    for index, unit in enumerate(units[:-1]):
        if start <= index < end or unit.words > 12 or unit.marker or unit.text[-1] in ".:;,":
            continue
        if index == 0 or observe(unit) is None or units[index + 1].words < 15:
            continue
        if units[index + 1].gap:
            free += 1
        else:
            glued += 1
    return glued > free
