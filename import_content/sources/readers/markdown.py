"""Markdown: CommonMark with tables, footnotes, definition lists and front matter."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from import_content.sources.document_builder import DocumentBuilder, visible_characters
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.front_matter import fields_of, split_front_matter, title_of
from import_content.sources.readers.html_blocks import HtmlBlocks, refuse_nothing
from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.markup import Element, parse_html, shown_text
from import_content.sources.readers.plain_text import decode_text
from import_content.sources.source import Source

MAX_CHARACTERS = 2 * 1024 * 1024
"""Of one article: ten times the longest book chapter."""
MAX_NESTING = 40
"""Quotes within quotes and lists within lists; the parser's own limit, above which it keeps text as it is."""

_COSTLY = (("|", "cells of tables", 60_000), ("[", "brackets", 20_000), ("`", "backquotes", 200_000))
"""What takes the parser long where there is too much of it; a long book has some thousand."""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)


def read(key: str, data: bytes) -> Source:
    decoded = decode_text(key, data)
    values, text = split_front_matter(key, decoded.text)
    builder = DocumentBuilder(key, "markdown")
    body = markdown_tree(key, text)
    HtmlBlocks(builder, junk=Junk(body, strict=False)).walk(body)
    title = title_of(values)
    if not title:
        refuse_nothing(key, builder)
    return builder.finish(
        data,
        said=visible_characters(shown_text(body)) + visible_characters(title),
        title=title,
        fields=fields_of(values),
        encoding=decoded.encoding,
        bom=decoded.bom,
        encoding_confidence=decoded.confidence,
    )


def markdown_tree(key: str, text: str) -> Element:
    """Markdown as the tree of its HTML.  Raises `SourceError`."""
    if len(text) > MAX_CHARACTERS:
        detail = f"{len(text):,} characters of Markdown; the limit is {MAX_CHARACTERS:,}"
        raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=detail)
    for sign, what, most in _COSTLY:
        if text.count(sign) > most:
            raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=f"more than {most:,} {what}")
    html = _parser().render(text)
    return parse_html(key, f"<html><body>{html}</body></html>")
