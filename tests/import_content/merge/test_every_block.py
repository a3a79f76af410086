"""Laws for every block of an article's body: a new one is merged field by field without being entered anywhere."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import permutations
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import ImproperlyConfigured
from wagtail import blocks

from import_content.merge import Article, Merge, merge
from import_content.planning.block_fields import block_fields
from pages.blocks import BODY

WORDS = "one two three four five six seven eight nine"
MERGED_AS_A_WHOLE = {"table"}
"""Blocks without fields of their own: of rows and columns nobody can say which belongs to which."""


class Place(NamedTuple):
    """A field of words, in a block or in the entry of a list of one."""

    kind: str
    steps: tuple[Any, ...]
    """From the block's value to the field."""

    def get(self, block: dict[str, Any]) -> str:
        value = block["value"]
        for step in self.steps:
            value = value[step]
        return str(value)

    def changed(self, block: dict[str, Any], old: str, new: str) -> dict[str, Any]:
        block = copy.deepcopy(block)
        value = block["value"]
        for step in self.steps[:-1]:
            value = value[step]
        value[self.steps[-1]] = value[self.steps[-1]].replace(old, new)
        return block


def is_words(field: blocks.Block) -> bool:
    return isinstance(field, blocks.RichTextBlock | blocks.CharBlock | blocks.TextBlock)


def sample(field: blocks.Block) -> Any:
    """Raw data of a block that has words wherever it can have any."""
    if isinstance(field, blocks.RichTextBlock):
        return f"<p>{WORDS}</p>"
    if is_words(field):
        return WORDS
    if isinstance(field, blocks.ListBlock):
        return [{"type": "item", "value": sample(field.child_block), "id": "entry"}]
    if isinstance(field, blocks.StructBlock):
        return {name: sample(inner) for name, inner in field.child_blocks.items()}
    return field.get_prep_value(field.get_default())


def blocks_of_fields() -> list[str]:
    return [name for name, block in BODY.child_blocks.items() if isinstance(block, blocks.StructBlock)]


def places(kind: str) -> Iterator[Place]:
    for name, field in BODY.child_blocks[kind].child_blocks.items():
        if is_words(field):
            yield Place(kind, (name,))
        elif isinstance(field, blocks.ListBlock):
            for inner, entry_field in field.child_block.child_blocks.items():
                if is_words(entry_field):
                    yield Place(kind, (name, 0, "value", inner))


EVERY_PLACE = [place for kind in blocks_of_fields() for place in places(kind)]
EVERY_PAIR = [pair for kind in blocks_of_fields() for pair in permutations(places(kind), 2)]


def raw_block(kind: str) -> dict[str, Any]:
    return {"type": kind, "value": sample(BODY.child_blocks[kind]), "id": "block"}


def merged(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> Merge:
    return merge(*(Article("Title", "", (block,)) for block in (base, ours, theirs)))


def test_every_block_has_fields_but_those_that_are_known_to_be_merged_as_a_whole() -> None:
    assert set(BODY.child_blocks) - set(blocks_of_fields()) == MERGED_AS_A_WHOLE
    assert {"section", "school_listing", "code"} <= {place.kind for place in EVERY_PLACE}


@pytest.mark.parametrize("place", EVERY_PLACE, ids=str)
def test_words_of_editor_and_source_in_one_field_are_put_together(place: Place) -> None:
    base = raw_block(place.kind)
    result = merged(base, place.changed(base, "one", "ours"), place.changed(base, "nine", "theirs"))
    assert result.conflicts == ()
    text = place.get(result.article.body[0])
    assert "ours two three" in text
    assert "seven eight theirs" in text


@pytest.mark.parametrize("pair", EVERY_PAIR, ids=str)
def test_changes_of_two_fields_are_both_taken(pair: tuple[Place, Place]) -> None:
    mine, yours = pair
    base = raw_block(mine.kind)
    result = merged(base, mine.changed(base, WORDS, "ours"), yours.changed(base, WORDS, "theirs"))
    assert result.conflicts == ()
    assert "ours" in mine.get(result.article.body[0])
    assert "theirs" in yours.get(result.article.body[0])


@pytest.mark.parametrize("kind", list(BODY.child_blocks))
def test_a_block_that_only_the_source_changed_is_the_source_s(kind: str) -> None:
    base = raw_block(kind)
    for place in places(kind) if kind in blocks_of_fields() else ():
        theirs = place.changed(base, "two three", "two and three")
        assert merged(base, copy.deepcopy(base), theirs).article.body == (theirs,)


def test_entries_of_two_lists_with_unlike_fields_of_one_name_are_refused_at_the_start() -> None:
    def listing(field: blocks.Block) -> blocks.StructBlock:
        return blocks.StructBlock([("entries", blocks.ListBlock(blocks.StructBlock([("text", field)])))])

    body = blocks.StreamBlock([("one", listing(blocks.CharBlock())), ("two", listing(blocks.RichTextBlock()))])
    with pytest.raises(ImproperlyConfigured, match="text"):
        block_fields(body)
