"""Tables and JSON Lines: a row is an article, its columns are told by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.front_matter import NAMES
from import_content.sources.members import Members, plain_name
from import_content.sources.record import pack_record
from import_content.sources.source import SourceFile

MAX_ROWS = 250_000
MAX_CELL_CHARACTERS = 2 * 1024 * 1024
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "html": ("body_html", "content_html", "html", "text_html", "content:encoded"),
    "markdown": ("body_markdown", "markdown", "body_md", "content_md", "md"),
    "": ("body", "content", "text", "article", "post_content", "main"),
}
"""Markup to the names of columns that hold it; with none, the text itself shows what it is."""
_IDS = ("key", "id", "guid", "uid", "uuid", "slug", "url", "permalink", "path")
_HTML = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|br|blockquote|strong|em|a)\b[^<>]*>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6} |[-*+] |\d+\. |> |```)|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\s]+\)", re.MULTILINE)
_INTRODUCTIONS = ("introduction", "intro", "lead", "standfirst")


def row_sources(file: SourceFile, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[SourceFile | SourceError]:
    """Each row, given with its line, as a source.  Rows without any value are passed over."""
    members = Members(file)
    for count, (line, row) in enumerate(rows):
        if count >= MAX_ROWS:
            yield members.error(f"row-{line}", SourceErrorCode.TOO_COMPLEX, f"more than {MAX_ROWS:,} rows", line)
            return
        values = {_folded(name): value for name, value in row.items() if name is not None}
        if not any(str(value).strip() for value in values.values() if value is not None):
            continue
        name = plain_name(str(next((values[known] for known in _IDS if values.get(known) not in (None, "")), "")))
        name = name or f"row-{line}"
        if any(isinstance(value, str) and len(value) > MAX_CELL_CHARACTERS for value in values.values()):
            detail = f"a value of more than {MAX_CELL_CHARACTERS:,} characters"
            yield members.error(name, SourceErrorCode.TOO_COMPLEX, detail, line)
            continue
        markup, text = _text(values)
        title = next((values[known] for known in NAMES["title"] if values.get(known)), "")
        if not text.strip() and not str(title).strip():
            detail = "no column for a text or a title; name them title and body"
            yield members.error(name, SourceErrorCode.BLANK, detail, line)
            continue
        yield members.member(name, pack_record(_record(values, markup, text)))


def _folded(name: str) -> str:
    return "_".join(str(name).strip().lstrip("\ufeff").lower().replace("-", " ").split())


def _text(values: Mapping[str, Any]) -> tuple[str, str]:
    """Markup and text of a row: an introduction stands before the body."""
    for markup, names in _TEXTS.items():
        for name in names:
            value = values.get(name)
            if isinstance(value, str) and value.strip():
                told = markup or markup_of(value)
                lead = next((str(values[known]) for known in _INTRODUCTIONS if values.get(known)), "")
                if lead:
                    value = f"<p>{lead}</p>{value}" if told == "html" else f"{lead}\n\n{value}"
                return told, value
    return "text", next((str(values[known]) for known in _INTRODUCTIONS if values.get(known)), "")


def markup_of(text: str) -> str:
    """What an unnamed text is written in: HTML where it has elements, else Markdown where it has its marks."""
    if _HTML.search(text):
        return "html"
    if _MARKDOWN.search(text):
        return "markdown"
    return "text"


def _record(values: Mapping[str, Any], markup: str, text: str) -> dict[str, Any]:
    known = {name for names in NAMES.values() for name in names}
    kept = {name: _plain(value) for name, value in values.items() if name in known and value not in (None, "")}
    used = {*known, *_INTRODUCTIONS, *(name for names in _TEXTS.values() for name in names)}
    others = {
        f"column {name}": str(_plain(value))
        for name, value in values.items()
        if name not in used and value not in (None, "", [], {})
    }
    return {"fields": kept, "text": text, "markup": markup, "rule": "row", "dropped": others}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str | int | float)]
    return str(value)
