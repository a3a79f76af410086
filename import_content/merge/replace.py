"""Putting another version in one place of an article, if that place still says what it said."""

from __future__ import annotations

from typing import Any

from import_content.article_content import RawBlock
from import_content.merge.blocks import FieldKind, field_kind, same_block
from import_content.merge.text import replace_rich
from import_content.merge.values import Article, Path


def replaced(article: Article, path: Path, old: Any, new: Any) -> Article | None:
    """`article` with `new` for `old` at `path` (None: nothing there); None where the place has changed since.

    Only what can be told apart from its surroundings can be put in: a block or entry that is not there any more is
    not put back.
    """
    match path:
        case ("title",):
            return Article(new, article.introduction, article.body) if article.title == old and new else None
        case ("introduction",):
            text = replace_rich(article.introduction, old, new)
            return Article(article.title, text, article.body) if text is not None else None
        case ("body", identifier, *rest):
            body = _in_list(list(article.body), identifier, tuple(rest), old, new)
            return Article(article.title, article.introduction, tuple(body)) if body is not None else None
        case _:
            return None


def _in_list(blocks: list[RawBlock], identifier: str, rest: Path, old: Any, new: Any) -> list[RawBlock] | None:
    index = next((i for i, block in enumerate(blocks) if block["id"] == identifier), None)
    if index is None:
        return None
    block = blocks[index]
    if not rest:
        if new is not None or old is None or not same_block(block, old):
            return None
        return [*blocks[:index], *blocks[index + 1 :]]
    changed = _in_block(block, rest, old, new)
    return [*blocks[:index], changed, *blocks[index + 1 :]] if changed is not None else None


def _in_block(block: RawBlock, rest: Path, old: Any, new: Any) -> RawBlock | None:
    name = rest[0]
    if not isinstance(block["value"], dict):
        return None
    if name not in block["value"]:
        for field in block["value"]:
            if field_kind(block, field) is FieldKind.ENTRIES:
                entries = _in_list(list(block["value"][field]), name, rest[1:], old, new)
                if entries is not None:
                    return {**block, "value": {**block["value"], field: entries}}
        return None
    value = _in_field(field_kind(block, name), block["value"][name], old, new)
    return {**block, "value": {**block["value"], name: value[0]}} if value is not None else None


def _in_field(kind: FieldKind, present: Any, old: Any, new: Any) -> tuple[Any] | None:
    if kind is FieldKind.RICH:
        text = replace_rich(present or "", old, new)
        return (text,) if text is not None else None
    return (new,) if present == old else None
