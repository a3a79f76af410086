"""A plan in people's words: what becomes of each page, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from import_content.article_content import ArticleContent, listed
from import_content.merge import Action, Decision
from import_content.merge.blocks import counted, describe, words_of_block
from import_content.merge.tokens import tokenise
from import_content.merge.values import DecisionLog
from import_content.planning.plan import ChangeArticle, CreateArticle, PlanItem, Tracks

CONTEXT_WORDS = 4
"""Unchanged words shown on either side of a change."""

_MARKS = {
    Action.UPDATED: "~",
    Action.MERGED: "~",
    Action.ADDED: "+",
    Action.REMOVED: "-",
    Action.REORDERED: "~",
    Action.KEPT: "=",
    Action.KEPT_ADDED: "=",
    Action.KEPT_REMOVED: "=",
    Action.KEPT_ORDER: "=",
    Action.CONFLICT: "!",
    Action.CONFLICT_REMOVED: "!",
    Action.CONFLICT_KEPT_REMOVED: "!",
}
_REMARKS = {
    Action.MERGED: "both changes taken",
    Action.ADDED: "new in the source",
    Action.REMOVED: "gone from the source",
    Action.REORDERED: "in the source's new order",
    Action.KEPT: "the editor's change stays",
    Action.KEPT_ADDED: "added by the editor, stays",
    Action.KEPT_REMOVED: "removed by the editor, stays away",
    Action.KEPT_ORDER: "moved by the editor, stays",
    Action.CONFLICT: "both changed the same words; the editor's stay",
    Action.CONFLICT_REMOVED: "gone from the source, but the editor had changed it; it stays",
    Action.CONFLICT_KEPT_REMOVED: "removed by the editor, but the source has changed it; it stays away",
}


def diff_lines(item: PlanItem) -> Iterator[str]:
    """Lines about one decision, without the line that names it."""
    decision = item.decision
    if isinstance(decision, CreateArticle):
        reading = decision.reading
        yield f"  + {summary(reading.content, reading.printed, set(decision.names))}"
    elif isinstance(decision, ChangeArticle):
        yield from _track_lines(decision.tracks)


def _track_lines(tracks: Tracks) -> Iterator[str]:
    both = tracks.live is not None and tracks.draft is not None
    for name, merge in (("live version", tracks.live), ("draft", tracks.draft)):
        if merge is None or not merge.decisions:
            continue
        if both:
            yield f"  {name}:"
        for decision in merge.decisions:
            yield from _lines(decision)


def summary(content: ArticleContent, printed: tuple[str, ...], known: set[str]) -> str:
    """``“Title”: introduction, 6 sections, 1 school listing (3 schools, 2 of them new)``"""
    parts = ["introduction"] if content.introduction else []
    for kind, number in counted(list(content.body)).items():
        name = describe({"type": kind, "value": {}, "id": ""}, DecisionLog())
        parts.append(f"{number} {_plural(name, number)}")
    schools = sum(len(listed(block)) for block in content.body)
    if schools:
        new = len(printed) - len(known)
        parts.append(f"{schools} {_plural('entry', schools)} ({new} new {_plural('school', new)})")
    return f"“{content.title}”: {', '.join(parts) or 'nothing else'}"


def _plural(noun: str, number: int) -> str:
    if number == 1:
        return noun
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return {"call to action": "calls to action"}.get(noun, f"{noun}s")


def _lines(decision: Decision) -> Iterator[str]:
    remark = _REMARKS.get(decision.action)
    yield f"  {_MARKS[decision.action]} {decision.place}" + (f": {remark}" if remark else "")
    if decision.action is Action.UPDATED:
        yield f"      {words_changed(decision.ours, decision.theirs)}"
    elif decision.action is Action.MERGED:
        yield f"      {words_changed(decision.ours, decision.result)}"
    elif decision.action is Action.CONFLICT:
        yield from both_sides(decision.base, decision.ours, decision.theirs)


def both_sides(base: Any, ours: Any, theirs: Any) -> Iterator[str]:
    """What editor and source made of the same words."""
    for name, version in (("editor", ours), ("source", theirs)):
        if version is None:
            yield f"      {name}: removed it"
        elif base is None:
            yield f"      {name}: {plain(version)}"
        else:
            yield f"      {name}: {words_changed(base, version)}"


def plain(value: Any, limit: int | None = 160) -> str:
    """A value as one line of text."""
    if isinstance(value, dict) and "type" in value:
        text = " ".join(words_of_block(value).split())
    elif isinstance(value, list):
        text = " | ".join(plain(inner, limit) for inner in value)
    else:
        text = " ".join("".join(t.raw for t in _text_tokens(str(value if value is not None else ""))).split())
    text = text or "—"
    return text if limit is None or len(text) <= limit else text[: limit - 1].rstrip() + "…"


def words_changed(old: Any, new: Any) -> str:
    """``… the fee is [-100-]{+120+} dollars a …``"""
    before, after = plain(old, None).split(), plain(new, None).split()
    parts: list[str] = []
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (kind, start, end, new_start, new_end) in enumerate(opcodes):
        if kind == "equal":
            parts.append(_context(before[start:end], first=number == 0, last=number == len(opcodes) - 1))
            continue
        gone, come = " ".join(before[start:end]), " ".join(after[new_start:new_end])
        parts.append((f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else ""))
    return " ".join(part for part in parts if part) or "(only links or emphasis)"


def _context(words: list[str], *, first: bool, last: bool) -> str:
    if first:
        return " ".join([*(["…"] if len(words) > CONTEXT_WORDS else []), *words[-CONTEXT_WORDS:]])
    if last:
        return " ".join([*words[:CONTEXT_WORDS], *(["…"] if len(words) > CONTEXT_WORDS else [])])
    if len(words) <= 2 * CONTEXT_WORDS:
        return " ".join(words)
    return " ".join([*words[:CONTEXT_WORDS], "…", *words[-CONTEXT_WORDS:]])


def _text_tokens(text: str) -> list[Any]:
    """Tokens without tags; a tag that ends a paragraph or an item counts as white space."""
    space = tokenise(" ", markup=False)[0]
    tokens = tokenise(text, markup="<" in text)
    return [space if token.tag else token for token in tokens]
