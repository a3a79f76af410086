"""Title, headings, calls to action and paragraphs: what is left when lists, tables and listings are known."""

from __future__ import annotations

from import_content.parsing.structure.actions import action_score
from import_content.parsing.structure.evidence import (
    ALONE,
    COMPARED,
    Scene,
    Style,
    Verdict,
    weigh,
)
from import_content.parsing.structure.facts import Facts, observe
from import_content.parsing.structure.labels import Kind, Label, Labels
from import_content.parsing.structure.overrides import Overrides
from import_content.parsing.structure.units import Unit

LONG_WORDS = 18
UNLIKELY = 0.15


def classify_sections(units: list[Unit], labels: Labels, overrides: Overrides) -> Style:
    """Label every unit that has no label yet as title, heading, call to action or paragraph.

    Returns how the headings look.
    """
    if overrides.names_headings:
        _obey(units, labels, overrides)
    word_cap = overrides.word_cap
    facts = [observe(unit) if labels[index] is None else None for index, unit in enumerate(units)]
    _claim_title(units, labels, facts)
    spaced = sum(unit.gap for unit in units[1:]) * 5 >= len(units)
    _claim_actions(units, labels, facts)
    scenes = _scenes(units, labels, facts, spaced, word_cap)
    verdicts = [None if scene is None else weigh(scene, ALONE, Verdict()) for scene in scenes]
    style = _learn_style(scenes, verdicts)
    for scene, verdict in zip(scenes, verdicts, strict=True):
        if scene is not None and verdict is not None:
            scene.style = style
            weigh(scene, COMPARED, verdict)
    _settle(labels, verdicts)
    return style


def _obey(units: list[Unit], labels: Labels, overrides: Overrides) -> None:
    """What a profile says about a line is final."""
    for index, unit in enumerate(units):
        if labels[index] is not None:
            continue
        said = overrides.is_heading(unit.text)
        if said is not None:
            labels[index] = Label(Kind.HEADING if said else Kind.PARAGRAPH, "profile", 0.995)


def _claim_title(units: list[Unit], labels: Labels, facts: list[Facts | None]) -> None:
    """The first line, when it looks like a title and nothing like a paragraph, an item or a numbered section."""
    first = facts[0] if facts else None
    if first is None or labels[0] is not None:
        return
    unit = units[0]
    if unit.underline:
        labels[0] = Label(Kind.TITLE, "title_underlined", 0.99)
        return
    sentence = first.end in ".;,:" and not unit.text.endswith(("Inc.", "U.S.", "Jr."))
    if sentence or first.role not in ("", "label") or first.starts_lower or first.words > 28 or first.sentences > 2:
        return
    if first.first_number and any(fact is not None and fact.numbered for fact in facts[1:]):
        return  # the first section of an article without a title
    if action_score(first, before="edge", after="long") > 1.0:
        return
    confidence = 0.97 if first.title_share >= 0.6 or first.caps else 0.85
    if len(units) == 1:
        confidence = 0.6
    labels[0] = Label(Kind.TITLE, "first_line", confidence, (("paragraph", round(1 - confidence, 3)),))


def _claim_actions(units: list[Unit], labels: Labels, facts: list[Facts | None]) -> None:
    """From the end to the start, since a call to action is often followed by another."""
    led_in = _led_in(units)
    for index in range(len(units) - 1, -1, -1):
        fact = facts[index]
        if labels[index] is not None or fact is None or led_in[index]:
            continue
        around = _surroundings(units, labels, index)
        score = action_score(fact, before=around[0], after=around[1])
        if score > 0:
            confidence = round(min(0.98, 0.62 + score * 0.1), 3)
            labels[index] = Label(Kind.ACTION, "call_to_action", confidence, (("paragraph", round(1 - confidence, 3)),))


def _led_in(units: list[Unit]) -> list[bool]:
    """Lines right below a lead-in that ends in a colon, and the short lines that follow them without a break."""
    found: list[bool] = []
    for index, unit in enumerate(units):
        before = units[index - 1] if index else None
        if before is None or unit.words >= LONG_WORDS:
            found.append(False)
        elif before.text.endswith(":"):
            found.append(True)
        else:
            found.append(found[-1] and not unit.gap and before.text[-1] not in ".!?")
    return found


def _surroundings(units: list[Unit], labels: Labels, index: int) -> tuple[str, str]:
    before = "edge" if index == 0 else _weight(units, labels, index - 1)
    after = "edge"
    if index + 1 < len(units) and not units[index + 1].rule_before:
        after = _weight(units, labels, index + 1)
    return before, "short" if after == "sentence" else "edge" if after == "action" else after


def _weight(units: list[Unit], labels: Labels, index: int) -> str:
    """``list``, ``action`` (or the title), ``long``, ``sentence`` or ``short``."""
    label, unit = labels[index], units[index]
    if label is not None:
        if label.kind in (Kind.ITEM, Kind.ENTRY, Kind.ROW):
            return "list"
        if label.kind in (Kind.ACTION, Kind.TITLE):
            return "action"
    if unit.words >= LONG_WORDS:
        return "long"
    return "sentence" if unit.text[-1] in '.!…:”"' else "short"


def _scenes(
    units: list[Unit], labels: Labels, facts: list[Facts | None], spaced: bool, word_cap: int
) -> list[Scene | None]:
    scenes: list[Scene | None] = []
    count = len(units)
    for index, fact in enumerate(facts):
        if labels[index] is not None or fact is None:
            scenes.append(None)
            continue
        unit = units[index]
        scene = Scene(
            facts=fact,
            gap_before=unit.gap or index == 0,
            gap_after=unit.gap_after,
            after=_weight(units, labels, index + 1) if index + 1 < count else "edge",
            shorts_after=_shorts(units, labels, index, 1),
            shorts_before=_shorts(units, labels, index, -1),
            before_end=units[index - 1].text[-1] if index else "",
            underlined=bool(unit.underline),
            spaced=spaced,
            word_cap=word_cap,
        )
        scenes.append(scene)
    return scenes


def _shorts(units: list[Unit], labels: Labels, index: int, step: int) -> int:
    """How many short lines stand directly before or after; two are as good as more."""
    count = 0
    while count < 2:
        index += step
        if not 0 <= index < len(units) or _weight(units, labels, index) != "short":
            break
        count += 1
    return count


def _learn_style(scenes: list[Scene | None], verdicts: list[Verdict | None]) -> Style:
    """What the likely headings have in common, each counted as much as it is likely to be one."""
    kinds: dict[str, float] = {}
    glued = count = 0.0
    for scene, verdict in zip(scenes, verdicts, strict=True):
        if scene is None or verdict is None:
            continue
        weight = verdict.probability
        if weight < UNLIKELY:
            continue
        count += weight
        kinds[scene.facts.style] = kinds.get(scene.facts.style, 0.0) + weight
        glued += weight * (not scene.gap_after)
    if count:
        kinds = {kind: number / count for kind, number in kinds.items()}
    return Style(count, kinds, glued / count if count else 0.0)


def _settle(labels: Labels, verdicts: list[Verdict | None]) -> None:
    for index, verdict in enumerate(verdicts):
        if labels[index] is not None:
            continue
        if verdict is None:
            labels[index] = Label(Kind.PARAGRAPH, "long_text", 0.995)
            continue
        sure = round(max(verdict.probability, 1.0 - verdict.probability), 3)
        heading = verdict.total > 0
        kind, other = (Kind.HEADING, Kind.PARAGRAPH) if heading else (Kind.PARAGRAPH, Kind.HEADING)
        labels[index] = Label(kind, verdict.rule, sure, ((other.value, round(1.0 - sure, 3)),))
