"""What search and the reference index see of raw stream data, without making it into block values first.

Wagtail answers both questions on values, and making a value of a chooser asks the database.  Here the block
definitions are walked beside the raw data.  Only blocks whose methods are Wagtail's own are walked; any other is
asked through its value, as Wagtail would.  The answers are the same, in the same order.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from django.db.models import Model
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.rich_text import extract_references_from_rich_text, get_text_for_indexing

Reference: TypeAlias = tuple[type[Model], str, str, str]
"""Model, primary key, model path, content path; as `Block.extract_references` gives them."""
SearchWalk: TypeAlias = Callable[[Any, Any, list[str]], None]
ReferenceWalk: TypeAlias = Callable[[Any, Any], Iterable[Reference]]
Walk = TypeVar("Walk")

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


def rich_text_references(rich: str) -> Iterator[Reference]:
    if "<a" in rich or "<embed" in rich:
        yield from extract_references_from_rich_text(rich)


def searchable(block: blocks.Block, raw: Any) -> list[str]:
    """The strings that `block.get_searchable_content` gives for the value of `raw`."""
    found: list[str] = []
    _search(block, raw, found)
    return found


def references(block: blocks.Block, raw: Any) -> Iterator[Reference]:
    """What `block.extract_references` gives for the value of `raw`.

    Unlike there, the object referred to may be missing: the caller checks, for many at once.
    """
    walk = _reference_walk(block.__class__)
    yield from walk(block, raw) if walk else block.extract_references(block.to_python(raw))


def _search(block: blocks.Block, raw: Any, found: list[str]) -> None:
    if not getattr(block, "search_index", True):
        return
    walk = _search_walk(block.__class__)
    if walk:
        walk(block, raw, found)
    else:
        found.extend(block.get_searchable_content(block.to_python(raw)))


def _search_stream(block: blocks.StreamBlock, raw: Any, found: list[str]) -> None:
    for child in raw:
        inner = block.child_blocks.get(child["type"])
        if inner is not None:
            _search(inner, child["value"], found)


def _search_struct(block: blocks.StructBlock, raw: Any, found: list[str]) -> None:
    for name, inner in block.child_blocks.items():
        if name in raw:
            _search(inner, raw[name], found)
        else:
            found.extend(inner.get_searchable_content(inner.get_default()))


def _search_list(block: blocks.ListBlock, raw: Any, found: list[str]) -> None:
    for item in raw:
        _search(block.child_block, item["value"] if _is_item(item) else item, found)


def _search_table(block: BaseTypedTableBlock, raw: Any, found: list[str]) -> None:
    if not raw:
        return
    if raw.get("caption"):
        found.append(str(raw["caption"]))
    found.extend(str(column["heading"]) for column in raw["columns"] if column["heading"])
    cells = [block.child_blocks[column["type"]] for column in raw["columns"]]
    for row in raw["rows"]:
        for inner, cell in zip(cells, row["values"], strict=False):
            _search(inner, cell, found)


def _refer_stream(block: blocks.StreamBlock, raw: Any) -> Iterator[Reference]:
    for child in raw:
        inner = block.child_blocks.get(child["type"])
        if inner is not None:
            yield from _under(references(inner, child["value"]), child["type"], child["id"])


def _refer_struct(block: blocks.StructBlock, raw: Any) -> Iterator[Reference]:
    for name, inner in block.child_blocks.items():
        found = references(inner, raw[name]) if name in raw else inner.extract_references(inner.get_default())
        yield from _under(found, name, name)


def _refer_list(block: blocks.ListBlock, raw: Any) -> Iterator[Reference]:
    if all(map(_is_item, raw)):
        for item in raw:
            yield from _under(references(block.child_block, item["value"]), "item", item["id"])
    else:  # entries without ids are given some by their value
        yield from block.extract_references(block.to_python(raw))


def _refer_chooser(block: blocks.ChooserBlock, raw: Any) -> Iterator[Reference]:
    if raw is not None:
        yield block.model_class, str(raw), "", ""


def _under(found: Iterable[Reference], model_step: str, content_step: str) -> Iterator[Reference]:
    for model, pk, model_path, content_path in found:
        yield (
            model,
            pk,
            f"{model_step}.{model_path}" if model_path else model_step,
            f"{content_step}.{content_path}" if content_path else content_step,
        )


def _is_item(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.keys() == {"type", "value", "id"}


_SEARCH: tuple[tuple[Any, SearchWalk], ...] = (
    (blocks.CharBlock, lambda block, raw, found: found.append(str(raw))),
    (blocks.TextBlock, lambda block, raw, found: found.append(str(raw))),
    (blocks.RichTextBlock, lambda block, raw, found: found.append(text_for_indexing(raw or ""))),
    (blocks.ChoiceBlock, lambda block, raw, found: found.extend(block.get_searchable_content(raw))),
    (blocks.StructBlock, _search_struct),
    (blocks.ListBlock, _search_list),
    (blocks.StreamBlock, _search_stream),
    (BaseTypedTableBlock, _search_table),
)
_REFERENCES: tuple[tuple[Any, ReferenceWalk], ...] = (
    (blocks.RichTextBlock, lambda block, raw: rich_text_references(raw or "")),
    (blocks.ChooserBlock, _refer_chooser),
    (blocks.StructBlock, _refer_struct),
    (blocks.ListBlock, _refer_list),
    (blocks.StreamBlock, _refer_stream),
)


@lru_cache(maxsize=512)
def _search_walk(block: Hashable) -> SearchWalk | None:
    """How to walk blocks of this class; None where its way to a value, or its answer, is not Wagtail's."""
    if block.get_searchable_content is blocks.Block.get_searchable_content:  # type: ignore[attr-defined]
        return lambda block, raw, found: None
    return _walk(block, "get_searchable_content", _SEARCH)


@lru_cache(maxsize=512)
def _reference_walk(block: Hashable) -> ReferenceWalk | None:
    if block.extract_references is blocks.Block.extract_references:  # type: ignore[attr-defined]
        return lambda block, raw: ()
    return _walk(block, "extract_references", _REFERENCES)


def _walk(block: Any, method: str, walks: tuple[tuple[Any, Walk], ...]) -> Walk | None:
    for owner, walk in walks:
        if getattr(block, method) is getattr(owner, method) and block.to_python is owner.to_python:
            return walk
    return None
