"""Putting another version in one place of an article, if that place still says what it said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from import_content.article_content import RawBlock
from import_content.merge.blocks import same_block
from import_content.merge.fields import FieldKind, field_kind
from import_content.merge.text import insert_rich, replace_rich
from import_content.merge.values import Article, Path


def replaced(article: Article, path: Path, old: Any, new: Any, *, source: Article) -> Article | None:
    """Put `new` in the place of `old` at `path` (None: nothing there); None where the place has changed since.

    What is not there is put behind what it follows in `source`, the source's version under the same ids; None where
    neither that nor what it stands before is there.
    """
    match path:
        case ("title",):
            return Article(new, article.introduction, article.body) if article.title == old and new else None
        case ("introduction",):
            text = _in_text(article.introduction, old, new, source.introduction)
            return Article(article.title, text, article.body) if text is not None else None
        case ("body", identifier, *rest):
            body = _in_list(list(article.body), (identifier, *rest), old, new, source.body)
            return Article(article.title, article.introduction, tuple(body)) if body is not None else None
        case _:
            return None


def _in_list(
    blocks: list[RawBlock], path: Path, old: Any, new: Any, source: Sequence[RawBlock]
) -> list[RawBlock] | None:
    identifier, rest = path[0], path[1:]
    index = _index(blocks, identifier)
    if index is None:
        return _inserted(blocks, new, source) if old is None and not rest else None
    block = blocks[index]
    if not rest:
        if new is not None or old is None or not same_block(block, old):
            return None
        return [*blocks[:index], *blocks[index + 1 :]]
    changed = _in_block(block, rest, old, new, source)
    return [*blocks[:index], changed, *blocks[index + 1 :]] if changed is not None else None


def _inserted(blocks: list[RawBlock], new: RawBlock, source: Sequence[RawBlock]) -> list[RawBlock] | None:
    """The blocks with `new` behind the nearest of those that `source` has before it, else before those behind it."""
    order = [block["id"] for block in source]
    if new["id"] not in order:
        return None
    place = order.index(new["id"])
    for identifier in reversed(order[:place]):
        index = _index(blocks, identifier)
        if index is not None:
            return [*blocks[: index + 1], new, *blocks[index + 1 :]]
    return [new, *blocks]


def _in_block(block: RawBlock, rest: Path, old: Any, new: Any, source: Sequence[RawBlock]) -> RawBlock | None:
    name = rest[0]
    if not isinstance(block["value"], dict):
        return None
    index = _index(source, block["id"])
    imported = source[index]["value"] if index is not None else {}
    if name not in block["value"]:
        for field in block["value"]:
            if field_kind(block, field) is FieldKind.ENTRIES:
                entries = _in_list(list(block["value"][field]), rest, old, new, imported.get(field) or ())
                if entries is not None:
                    return {**block, "value": {**block["value"], field: entries}}
        return None
    value = _in_field(field_kind(block, name), block["value"][name], old, new, imported.get(name))
    return {**block, "value": {**block["value"], name: value[0]}} if value is not None else None


def _in_field(kind: FieldKind, present: Any, old: Any, new: Any, source: Any) -> tuple[Any] | None:
    if kind is FieldKind.RICH:
        text = _in_text(present or "", old, new, source or "")
        return (text,) if text is not None else None
    return (new,) if present == old else None


def _in_text(present: str, old: str | None, new: str | None, source: str) -> str | None:
    if old is None and new is not None:
        return insert_rich(present, new, source)
    return replace_rich(present, old, new)


def _index(blocks: Sequence[RawBlock], identifier: str) -> int | None:
    return next((index for index, block in enumerate(blocks) if block["id"] == identifier), None)
