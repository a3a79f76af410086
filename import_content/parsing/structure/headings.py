"""Title, headings, calls to action and paragraphs: what is left when lists, tables and listings are known."""

from __future__ import annotations

from collections import Counter

from import_content.parsing.structure.calls_to_action import action_score
from import_content.parsing.structure.evidence import (
    ALONE,
    COMPARED,
    HeadingContext,
    HeadingScore,
    HeadingStyle,
    weigh,
)
from import_content.parsing.structure.facts import SPEAKER, TextFacts, observe_unit
from import_content.parsing.structure.prior_knowledge import PriorKnowledge
from import_content.parsing.structure.units import BlockKind, Label, Labels, Unit

LONG_UNIT_WORDS = 18
MAX_ELLIPSIS_TITLE_WORDS = 12
MIN_STYLE_PROBABILITY = 0.15


def classify_text(units: list[Unit], labels: Labels, knowledge: PriorKnowledge) -> HeadingStyle:
    """Label every unit that has no label yet as title, heading, call to action or paragraph.

    Returns how the headings look.
    """
    if knowledge.names_headings:
        _obey(units, labels, knowledge)
    _claim_signed(units, labels)
    word_cap = knowledge.max_heading_words
    facts = [observe_unit(unit) if labels[index] is None else None for index, unit in enumerate(units)]
    _know_speakers(units, facts)
    _claim_title(units, labels, facts)
    spaced = sum(unit.gap for unit in units[1:]) * 5 >= len(units)
    _claim_actions(units, labels, facts)
    contexts = _contexts(units, labels, facts, spaced, word_cap)
    scores = [None if context is None else weigh(context, ALONE, HeadingScore()) for context in contexts]
    style = _learn_style(contexts, scores)
    for context, score in zip(contexts, scores, strict=True):
        if context is not None and score is not None:
            context.style = style
            weigh(context, COMPARED, score)
    _settle(labels, scores)
    return style


def _obey(units: list[Unit], labels: Labels, knowledge: PriorKnowledge) -> None:
    """Label the lines that a profile decides; that is final."""
    for index, unit in enumerate(units):
        if labels[index] is not None:
            continue
        said = knowledge.is_heading(unit.text)
        if said is not None:
            labels[index] = Label(BlockKind.HEADING if said else BlockKind.PARAGRAPH, "profile", 0.995)


def _claim_signed(units: list[Unit], labels: Labels) -> None:
    """Label the lines that signs mark as headings; the first is the title, where no other stands as high."""
    signed = [index for index, unit in enumerate(units) if unit.sign_level and labels[index] is None]
    if not signed:
        return
    levels = [units[index].sign_level for index in signed]
    alone = levels.count(min(levels)) == 1 and len(levels) > 1
    for index in signed:
        if index == 0 and (alone or units[0].sign_level == 1) and units[0].sign_level == min(levels):
            labels[index] = Label(BlockKind.TITLE, "title_signs", 0.99)
        else:
            labels[index] = Label(BlockKind.HEADING, "signs", 0.98)


def _claim_title(units: list[Unit], labels: Labels, facts: list[TextFacts | None]) -> None:
    """Label the first line a title, unless it looks like a paragraph, an item or a numbered section."""
    first = facts[0] if facts else None
    if first is None or labels[0] is not None:
        return
    unit = units[0]
    if unit.underline:
        labels[0] = Label(BlockKind.TITLE, "title_underlined", 0.99)
        return
    sentence = first.end in ".;,:" and not unit.text.endswith(("Inc.", "U.S.", "Jr."))
    sentence = sentence or (first.end == "…" and first.words > MAX_ELLIPSIS_TITLE_WORDS)
    if sentence or first.role not in ("", "label") or first.starts_lower or first.words > 28 or first.sentences > 2:
        return
    if first.first_number and any(fact is not None and fact.numbered for fact in facts[1:]):
        return  # the first section of an article without a title
    if action_score(first, before="edge", after="long") > 1.0:
        return
    confidence = 0.97 if first.title_share >= 0.6 or first.caps else 0.85
    if len(units) == 1:
        confidence = 0.6
    labels[0] = Label(BlockKind.TITLE, "first_line", confidence, (("paragraph", round(1 - confidence, 3)),))


def _know_speakers(units: list[Unit], facts: list[TextFacts | None]) -> None:
    """Give lines such as "Rosa:" the role of a speaker, where one of them comes again."""
    lines = Counter(unit.text for unit in units if unit.last == ":" and unit.words <= 3 and SPEAKER.match(unit.text))
    if not any(count > 1 for count in lines.values()):
        return
    for fact in facts:
        if fact is not None and fact.end == ":" and fact.text in lines:
            fact.role = "speaker"


def _claim_actions(units: list[Unit], labels: Labels, facts: list[TextFacts | None]) -> None:
    """Label calls to action from the end to the start, since a call to action is often followed by another."""
    led_in = _led_in(units)
    for index in range(len(units) - 1, -1, -1):
        fact = facts[index]
        if labels[index] is not None or fact is None or led_in[index]:
            continue
        around = _surroundings(units, labels, index)
        score = action_score(fact, before=around[0], after=around[1])
        if score > 0:
            confidence = round(min(0.98, 0.62 + score * 0.1), 3)
            others = (("paragraph", round(1 - confidence, 3)),)
            labels[index] = Label(BlockKind.ACTION, "call_to_action", confidence, others)


def _led_in(units: list[Unit]) -> list[bool]:
    """Mark the lines right below a lead-in that ends in a colon, and short lines that follow without a break."""
    found: list[bool] = []
    for index, unit in enumerate(units):
        before = units[index - 1] if index else None
        if before is None or unit.words >= LONG_UNIT_WORDS:
            found.append(False)
        elif before.last == ":":
            found.append(True)
        else:
            found.append(found[-1] and not unit.gap and before.last not in ".!?…")
    return found


def _surroundings(units: list[Unit], labels: Labels, index: int) -> tuple[str, str]:
    before = "edge" if index == 0 else _weight(units, labels, index - 1)
    after = "edge"
    if index + 1 < len(units) and not units[index + 1].rule_before:
        after = _weight(units, labels, index + 1)
    return before, "short" if after == "sentence" else "edge" if after == "action" else after


def _weight(units: list[Unit], labels: Labels, index: int) -> str:
    """Classify a neighbour: ``list``, ``action`` (or the title), ``long``, ``sentence`` or ``short``."""
    label, unit = labels[index], units[index]
    if label is not None:
        if label.kind in (BlockKind.ITEM, BlockKind.ENTRY, BlockKind.ROW):
            return "list"
        if label.kind in (BlockKind.ACTION, BlockKind.TITLE):
            return "action"
    if unit.words >= LONG_UNIT_WORDS:
        return "long"
    return "sentence" if unit.last in '.!…:”"' else "short"


def _contexts(
    units: list[Unit], labels: Labels, facts: list[TextFacts | None], spaced: bool, word_cap: int
) -> list[HeadingContext | None]:
    contexts: list[HeadingContext | None] = []
    count = len(units)
    signed = sum(unit.sign_level > 0 for unit in units) > 1
    for index, fact in enumerate(facts):
        if labels[index] is not None or fact is None:
            contexts.append(None)
            continue
        unit = units[index]
        context = HeadingContext(
            facts=fact,
            gap_before=unit.gap or index == 0,
            gap_after=unit.gap_after,
            after=_weight(units, labels, index + 1) if index + 1 < count else "edge",
            shorts_after=_shorts(units, labels, index, 1),
            shorts_before=_shorts(units, labels, index, -1),
            before_end=units[index - 1].last if index else "",
            underlined=bool(unit.underline),
            spaced=spaced,
            word_cap=word_cap,
            in_sequence=unit.in_sequence,
            signs_mark_headings=signed,
        )
        contexts.append(context)
    return contexts


def _shorts(units: list[Unit], labels: Labels, index: int, step: int) -> int:
    """Count the short lines directly before or after; two are as good as more."""
    count = 0
    while count < 2:
        index += step
        if not 0 <= index < len(units) or _weight(units, labels, index) != "short":
            break
        count += 1
    return count


def _learn_style(contexts: list[HeadingContext | None], scores: list[HeadingScore | None]) -> HeadingStyle:
    """Learn what the likely headings have in common, each counted as much as it is likely to be one."""
    kinds: dict[str, float] = {}
    glued = count = 0.0
    for context, score in zip(contexts, scores, strict=True):
        if context is None or score is None:
            continue
        weight = score.probability
        if weight < MIN_STYLE_PROBABILITY:
            continue
        count += weight
        kinds[context.facts.style] = kinds.get(context.facts.style, 0.0) + weight
        glued += weight * (not context.gap_after)
    if count:
        kinds = {kind: number / count for kind, number in kinds.items()}
    return HeadingStyle(count, kinds, glued / count if count else 0.0)


def _settle(labels: Labels, scores: list[HeadingScore | None]) -> None:
    for index, score in enumerate(scores):
        if labels[index] is not None:
            continue
        if score is None:
            labels[index] = Label(BlockKind.PARAGRAPH, "long_text", 0.995)
            continue
        sure = round(max(score.probability, 1.0 - score.probability), 3)
        heading = score.total > 0
        kind, other = (BlockKind.HEADING, BlockKind.PARAGRAPH) if heading else (BlockKind.PARAGRAPH, BlockKind.HEADING)
        labels[index] = Label(kind, score.rule, sure, ((other.value, round(1.0 - sure, 3)),))
