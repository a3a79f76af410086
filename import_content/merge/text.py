"""The three-way merge of one text: a line of words, or rich text by paragraphs, items and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from import_content.merge.align import align, shared, words_of
from import_content.merge.sequence import Rules, merge_sequence
from import_content.merge.tokens import (
    Token,
    is_balanced,
    merge_tokens,
    tokenise,
    untokenise,
)
from import_content.merge.values import Action

Note = Callable[[Action, str | None, str | None, str | None, str | None], None]
"""Called with action, base, ours, theirs and result of a piece of text."""

_BLOCKS = {"p", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div"}
_LISTS = {"ul", "ol"}


def merge_line(base: str, ours: str, theirs: str, note: Note) -> str:
    """Merge plain text by words.  `note` hears of it wherever the three are not the same."""
    b, o, t = (_Element(tuple(tokenise(text, markup=False))) for text in (base, ours, theirs))
    return _merge_piece(b, o, t, note).raw


def merge_rich(base: str, ours: str, theirs: str, note: Note) -> str:
    """Merge rich text: paragraphs and lists as items of a sequence, list items within lists, words within those."""
    if same_rich(base, ours) and same_rich(base, theirs):
        return ours
    return _merge_elements(_elements(base), _elements(ours), _elements(theirs), note)


@lru_cache(maxsize=4096)
def canonical(rich: str) -> str:
    """What rich text is compared by: without the keys, empty paragraphs and spellings of entities that the admin's
    editor brings in when it saves what nobody changed."""
    return "".join(element.canon for element in _elements(rich))


def same_rich(one: str, other: str) -> bool:
    return one == other or canonical(one) == canonical(other)


@dataclass(frozen=True, slots=True)
class _Element:
    """A paragraph, a list, an item: its tags and everything between them."""

    tokens: tuple[Token, ...]

    @property
    def canon(self) -> str:
        return "".join(token.canon for token in self.tokens)

    @property
    def raw(self) -> str:
        return untokenise(self.tokens)

    @property
    def kind(self) -> str:
        return self.tokens[0].tag if self.tokens else ""


@lru_cache(maxsize=4096)
def _elements(rich: str) -> tuple[_Element, ...]:
    return tuple(_split(tokenise(rich, markup=True)))


def _split(tokens: Sequence[Token]) -> list[_Element]:
    """Outermost elements in order; words outside of any are an element of their own, empty paragraphs are none."""
    elements: list[_Element] = []
    current: list[Token] = []
    depth = 0

    def close() -> None:
        if any(not token.tag and token.canon.strip() for token in current) or any(
            token.tag in {"embed", "img", "hr"} for token in current
        ):
            elements.append(_Element(tuple(current)))
        current.clear()

    for token in tokens:
        name = token.tag.removeprefix("/")
        if name in _BLOCKS and token.tag == name:
            if depth == 0:
                close()
            depth += 1
        current.append(token)
        if name in _BLOCKS and token.tag != name:
            depth -= 1
            if depth <= 0:
                depth = 0
                close()
    close()
    return elements


def _merge_elements(base: Sequence[_Element], ours: Sequence[_Element], theirs: Sequence[_Element], note: Note) -> str:
    def log(action: Action, *versions: _Element | None) -> None:
        b, o, t, result = (element.raw if element is not None else None for element in versions)
        note(action, b, o, t, result)

    rules = Rules(
        same=lambda one, other: one.canon == other.canon,
        combine=lambda b, o, t: _merge_piece(b, o, t, note),
        log=log,
        log_order=lambda action: note(action, _raw(base), _raw(ours), _raw(theirs), None),
    )
    placed = merge_sequence(base, ours, theirs, _align(base, ours), _align(base, theirs), rules)
    return _raw([entry.item for entry in placed])


def _raw(elements: Sequence[_Element]) -> str:
    return "".join(element.raw for element in elements)


def _align(base: Sequence[_Element], other: Sequence[_Element]) -> list[int | None]:
    return align(base, other, key=lambda element: element.canon, similarity=_similarity, in_place=0.0)


def _similarity(one: _Element, other: _Element) -> float:
    if (one.kind in _LISTS) != (other.kind in _LISTS):
        return -1.0
    return shared(words_of(one.canon), words_of(other.canon))


def _merge_piece(base: _Element, ours: _Element, theirs: _Element, note: Note) -> _Element:
    if ours.canon == theirs.canon:
        if base.canon != ours.canon:
            note(Action.KEPT, base.raw, ours.raw, theirs.raw, ours.raw)
        return ours
    if theirs.canon == base.canon:
        note(Action.KEPT, base.raw, ours.raw, theirs.raw, ours.raw)
        return ours
    if ours.canon == base.canon:
        result = _Element(_with_keys(theirs.tokens, ours.tokens))
        note(Action.UPDATED, base.raw, ours.raw, theirs.raw, result.raw)
        return result
    if base.kind in _LISTS and base.kind == ours.kind == theirs.kind:
        inner = _merge_elements(_inside(base), _inside(ours), _inside(theirs), note)
        return _Element((ours.tokens[0], *tokenise(inner, markup=True), ours.tokens[-1]))
    merged = merge_tokens(base.tokens, ours.tokens, theirs.tokens)
    if merged is None or not is_balanced(merged) or not any(token.is_word for token in merged):
        note(Action.CONFLICT, base.raw, ours.raw, theirs.raw, ours.raw)
        return ours
    result = _Element(tuple(merged))
    note(Action.MERGED, base.raw, ours.raw, theirs.raw, result.raw)
    return result


def _inside(element: _Element) -> list[_Element]:
    return _split(element.tokens[1:-1])


def _with_keys(theirs: Sequence[Token], ours: Sequence[Token]) -> tuple[Token, ...]:
    """The source's tokens in the editor's opening tag, whose key the admin's comments hold on to."""
    if theirs and ours and theirs[0].canon == ours[0].canon:
        return (ours[0], *theirs[1:])
    return tuple(theirs)


def replace_rich(text: str, old: str | None, new: str | None) -> str | None:
    """`text` with the elements of `new` for those of `old`, once; None where `old` is not there."""
    return _replace(_elements(text), _elements(old or ""), _elements(new or ""))


def _replace(present: Sequence[_Element], old: Sequence[_Element], new: Sequence[_Element]) -> str | None:
    wanted = [element.canon for element in old]
    if not wanted:
        return None
    for start in range(len(present) - len(wanted) + 1):
        if [element.canon for element in present[start : start + len(wanted)]] == wanted:
            return _raw([*present[:start], *new, *present[start + len(wanted) :]])
    for index, element in enumerate(present):
        inner = _replace(_inside(element), old, new) if element.kind in _LISTS else None
        if inner is not None:
            changed = element.tokens[0].raw + inner + element.tokens[-1].raw
            return _raw(present[:index]) + changed + _raw(present[index + 1 :])
    return None


def insert_rich(text: str, new: str, source: str) -> str | None:
    """`text` with the element `new` behind the one that it follows in `source`, else before the one that it precedes.

    In an empty text it stands alone.  None where `source` has no such element, or `text` neither of those.
    """
    present, wanted = _elements(text), _elements(new)
    if not wanted:
        return None
    around = _around(_elements(source), wanted[0].canon)
    if around is None:
        return None
    before, after = around
    if not present:
        return new
    for anchor, offset in ((before, 1), (after, 0)):
        if anchor is not None:
            inserted = _insert(present, anchor.canon, offset, wanted)
            if inserted is not None:
                return inserted
    return None


def _around(elements: Sequence[_Element], wanted: str) -> tuple[_Element | None, _Element | None] | None:
    """What stands before and behind an element, in the list or text that it is an item of."""
    for index, element in enumerate(elements):
        if element.canon == wanted:
            return elements[index - 1] if index else None, elements[index + 1] if index + 1 < len(elements) else None
        if element.kind in _LISTS:
            around = _around(_inside(element), wanted)
            if around is not None:
                return around
    return None


def _insert(present: Sequence[_Element], anchor: str, offset: int, new: Sequence[_Element]) -> str | None:
    for index, element in enumerate(present):
        if element.canon == anchor:
            return _raw([*present[: index + offset], *new, *present[index + offset :]])
        inner = _insert(_inside(element), anchor, offset, new) if element.kind in _LISTS else None
        if inner is not None:
            changed = element.tokens[0].raw + inner + element.tokens[-1].raw
            return _raw(present[:index]) + changed + _raw(present[index + 1 :])
    return None
