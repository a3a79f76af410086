"""What search and the reference index see of raw stream data, without making it into block values first.

Wagtail answers both questions on values, and making a value of a chooser asks the database.  Here the block
definitions are walked beside the raw data.  Only blocks whose methods are Wagtail's own are walked; any other is
asked through its value, as Wagtail would.  The answers are the same, in the same order.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

from django.db.models import Model
from django.utils.translation import get_language
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.rich_text import extract_references_from_rich_text, get_text_for_indexing

Reference: TypeAlias = tuple[type[Model], str, str, str]
"""Model, primary key, model path, content path; as `Block.extract_references` gives them."""
SearchWalk: TypeAlias = Callable[[Any, list[str]], None]
ReferenceWalk: TypeAlias = Callable[[Any], list[Reference]]

_TAGS = ("<p>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>")


def text_for_indexing(rich: str) -> str:
    """`wagtail.rich_text.get_text_for_indexing`, without an HTML parser where paragraphs and lists are all there is."""
    text = rich.replace("</p>", " ").replace("</li>", " ")
    for tag in _TAGS:
        text = text.replace(tag, "")
    if "<" in text or ">" in text:
        return str(get_text_for_indexing(rich))
    ampersands = text.count("&")
    if ampersands:
        if ampersands != text.count("&amp;") + text.count("&lt;") + text.count("&gt;"):
            return str(get_text_for_indexing(rich))
        return html.unescape(text.strip())
    return text.strip()


def rich_text_references(rich: str) -> list[Reference]:
    return list(extract_references_from_rich_text(rich)) if "<a" in rich or "<embed" in rich else []


def searchable(block: blocks.Block, raw: Any) -> list[str]:
    """The strings that `block.get_searchable_content` gives for the value of `raw`."""
    found: list[str] = []
    walk = _search_walk(_ById(block))
    if walk:
        walk(raw, found)
    return found


def references(block: blocks.Block, raw: Any) -> list[Reference]:
    """What `block.extract_references` gives for the value of `raw`.

    Unlike there, the object referred to may be missing: the caller checks, for many at once.
    """
    walk = _reference_walk(_ById(block))
    return walk(raw) if walk else []


@dataclass(frozen=True)
class _ById:
    """A block as a key: blocks compare by definition, and cannot be hashed."""

    block: Any

    def __hash__(self) -> int:
        return id(self.block)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.block is other.block


@cache
def _search_walk(key: _ById) -> SearchWalk | None:
    """A function that appends what is searched in raw data of this block; None: nothing ever is."""
    block, method = key.block, "get_searchable_content"
    if not getattr(block, "search_index", True) or _is_owned(block, method, blocks.Block, values=False):
        return None
    for owner, make in _SEARCH:
        if _is_owned(block, method, owner):
            return make(block)
    return lambda raw, found: found.extend(block.get_searchable_content(block.to_python(raw)))


@cache
def _reference_walk(key: _ById) -> ReferenceWalk | None:
    """A function from raw data of this block to its references; None: it never has any."""
    block, method = key.block, "extract_references"
    if _is_owned(block, method, blocks.Block, values=False):
        return None
    for owner, make in _REFERENCES:
        if _is_owned(block, method, owner):
            return make(block)
    return lambda raw: list(block.extract_references(block.to_python(raw)))


def _is_owned(block: blocks.Block, method: str, owner: Any, *, values: bool = True) -> bool:
    """Whether the block answers with `owner`'s method, on values made the owner's way."""
    cls: Any = type(block)
    same = getattr(cls, method) is getattr(owner, method)
    return same and (not values or cls.to_python is owner.to_python)


def _search_text(block: blocks.FieldBlock) -> SearchWalk:
    return lambda raw, found: found.append(str(raw))


def _search_rich_text(block: blocks.RichTextBlock) -> SearchWalk:
    return lambda raw, found: found.append(text_for_indexing(raw or ""))


def _search_choice(block: blocks.ChoiceBlock) -> SearchWalk:
    @lru_cache(maxsize=512)
    def labels(raw: Any, language: str | None) -> list[str]:
        return list(block.get_searchable_content(raw))

    return lambda raw, found: found.extend(labels(raw, get_language()))


def _search_stream(block: blocks.StreamBlock) -> SearchWalk:
    walks = {name: _search_walk(_ById(inner)) for name, inner in block.child_blocks.items()}

    def walk(raw: Any, found: list[str]) -> None:
        for child in raw:
            inner = walks.get(child["type"])
            if inner:
                inner(child["value"], found)

    return walk


def _search_struct(block: blocks.StructBlock) -> SearchWalk:
    fields = [(name, inner, _search_walk(_ById(inner))) for name, inner in block.child_blocks.items()]
    searched = [(name, inner, walk) for name, inner, walk in fields if walk]

    def walk(raw: Any, found: list[str]) -> None:
        for name, inner, inner_walk in searched:
            if name in raw:
                inner_walk(raw[name], found)
            else:
                found.extend(inner.get_searchable_content(inner.get_default()))

    return walk


def _search_list(block: blocks.ListBlock) -> SearchWalk:
    inner = _search_walk(_ById(block.child_block))

    def walk(raw: Any, found: list[str]) -> None:
        if inner:
            for item in raw:
                inner(item["value"] if _is_item(item) else item, found)

    return walk


def _search_table(block: BaseTypedTableBlock) -> SearchWalk:
    walks = {name: _search_walk(_ById(inner)) for name, inner in block.child_blocks.items()}

    def walk(raw: Any, found: list[str]) -> None:
        if not raw:
            return
        if raw.get("caption"):
            found.append(str(raw["caption"]))
        found.extend(str(column["heading"]) for column in raw["columns"] if column["heading"])
        cells = [walks[column["type"]] for column in raw["columns"]]
        for row in raw["rows"]:
            for inner, cell in zip(cells, row["values"], strict=False):
                if inner:
                    inner(cell, found)

    return walk


def _refer_rich_text(block: blocks.RichTextBlock) -> ReferenceWalk:
    return lambda raw: rich_text_references(raw or "")


def _refer_chooser(block: blocks.ChooserBlock) -> ReferenceWalk:
    return lambda raw: [] if raw is None else [(block.model_class, str(raw), "", "")]


def _refer_stream(block: blocks.StreamBlock) -> ReferenceWalk:
    walks = {name: _reference_walk(_ById(inner)) for name, inner in block.child_blocks.items()}

    def walk(raw: Any) -> list[Reference]:
        found: list[Reference] = []
        for child in raw:
            inner = walks.get(child["type"])
            if inner and (inside := inner(child["value"])):
                found += _under(inside, child["type"], child["id"])
        return found

    return walk


def _refer_struct(block: blocks.StructBlock) -> ReferenceWalk:
    fields = [(name, inner, _reference_walk(_ById(inner))) for name, inner in block.child_blocks.items()]
    referring = [(name, inner, walk) for name, inner, walk in fields if walk]

    def walk(raw: Any) -> list[Reference]:
        found: list[Reference] = []
        for name, inner, inner_walk in referring:
            inside = inner_walk(raw[name]) if name in raw else inner.extract_references(inner.get_default())
            if inside:
                found += _under(inside, name, name)
        return found

    return walk


def _refer_list(block: blocks.ListBlock) -> ReferenceWalk:
    inner = _reference_walk(_ById(block.child_block))

    def walk(raw: Any) -> list[Reference]:
        if not all(map(_is_item, raw)):  # entries without ids are given some when they become values
            return list(block.extract_references(block.to_python(raw)))
        return [found for item in raw if inner for found in _under(inner(item["value"]), "item", item["id"])]

    return walk


def _under(found: Iterable[Reference], model_step: str, content_step: str) -> list[Reference]:
    return [
        (
            model,
            pk,
            f"{model_step}.{model_path}" if model_path else model_step,
            f"{content_step}.{content_path}" if content_path else content_step,
        )
        for model, pk, model_path, content_path in found
    ]


def _is_item(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.keys() == {"type", "value", "id"}


_SEARCH: tuple[tuple[Any, Callable[[Any], SearchWalk]], ...] = (
    (blocks.CharBlock, _search_text),
    (blocks.TextBlock, _search_text),
    (blocks.RichTextBlock, _search_rich_text),
    (blocks.ChoiceBlock, _search_choice),
    (blocks.StructBlock, _search_struct),
    (blocks.ListBlock, _search_list),
    (blocks.StreamBlock, _search_stream),
    (BaseTypedTableBlock, _search_table),
)
_REFERENCES: tuple[tuple[Any, Callable[[Any], ReferenceWalk]], ...] = (
    (blocks.RichTextBlock, _refer_rich_text),
    (blocks.ChooserBlock, _refer_chooser),
    (blocks.StructBlock, _refer_struct),
    (blocks.ListBlock, _refer_list),
    (blocks.StreamBlock, _refer_stream),
)
