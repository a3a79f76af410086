"""Running text of a document as rich text in Wagtail's database form: marks as tags, lists within lists."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from import_content.document import ItemForm, List, Mark

_TAGS = {"bold": "b", "italic": "i", "code": "code"}
_ORDER = {"link": 0, "bold": 1, "italic": 2, "code": 3}
"""Outermost first."""
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_Style: TypeAlias = tuple[str, str]
"""Kind and target of a mark."""


def paragraph(text: str, marks: Sequence[Mark] = ()) -> str:
    return f"<p>{inline(text, marks)}</p>"


def inline(text: str, marks: Sequence[Mark] = ()) -> str:
    """Escaped text with its marks as tags; a line end is a ``<br/>``."""
    if not marks:
        return _escaped(text)
    starts: defaultdict[int, list[_Style]] = defaultdict(list)
    ends: defaultdict[int, list[_Style]] = defaultdict(list)
    for mark in marks:
        if mark.start < mark.end and (mark.kind != "link" or is_address(mark.target)):
            starts[mark.start].append((mark.kind, mark.target))
            ends[mark.end].append((mark.kind, mark.target))
    parts: list[str] = []
    stack: list[_Style] = []
    over: Counter[_Style] = Counter()
    position = 0
    for edge in sorted({*starts, *ends, len(text)}):
        parts.append(_escaped(text[position:edge]))
        position = edge
        over.update(starts[edge])
        over.subtract(ends[edge])
        over = +over
        wanted = _nested(over) if edge < len(text) else []
        kept = 0
        while kept < min(len(stack), len(wanted)) and stack[kept] == wanted[kept]:
            kept += 1
        parts += [f"</{_tag(kind)}>" for kind, _ in reversed(stack[kept:])]
        parts += [_opening(kind, target) for kind, target in wanted[kept:]]
        stack = wanted
    return "".join(parts)


def _nested(over: Iterable[_Style]) -> list[_Style]:
    """Marks of one piece from the outermost to the innermost, one link at most."""
    ordered = sorted(over, key=lambda style: (_ORDER[style[0]], style[1]))
    links = [style for style in ordered if style[0] == "link"]
    return [*links[:1], *(style for style in ordered if style[0] != "link")]


def _tag(kind: str) -> str:
    return _TAGS.get(kind, "a")


def _opening(kind: str, target: str) -> str:
    return f'<a href="{html.escape(target)}">' if kind == "link" else f"<{_TAGS[kind]}>"


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br/>")


def is_address(target: str) -> bool:
    """Whether a link may lead there: the web, mail, telephone, a place of this site or of this article."""
    if _UNSAFE.search(target):
        return False
    if target.startswith(("/", "#")) and not target.startswith("//"):
        return len(target) > 1
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc or parts.scheme.lower() in {"mailto", "tel"})


def list_html(block: List) -> str:
    """``<ul>`` or ``<ol>``, with lists within its items."""
    forms = block.forms or (ItemForm(ordered=block.ordered),) * len(block.items)
    parts: list[str] = []
    open_lists: list[str] = []
    for text, form in zip(block.items, forms, strict=True):
        depth = min(form.depth, len(open_lists))  # no item is deeper than one below the one before it
        tag = "ol" if form.ordered else "ul"
        while len(open_lists) > depth + 1:
            parts.append(f"</li></{open_lists.pop()}>")
        if len(open_lists) == depth + 1:
            parts.append("</li>")
            if open_lists[-1] != tag:
                parts.append(f"</{open_lists.pop()}><{tag}>")
                open_lists.append(tag)
        else:
            parts.append(f"<{tag}>")
            open_lists.append(tag)
        parts.append(f"<li>{inline(text, form.marks)}")
    parts += [f"</li></{tag}>" for tag in reversed(open_lists)]
    return "".join(parts)
