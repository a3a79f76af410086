"""A row of a table or a post of an export: fields beside a text in HTML, Markdown or plain words."""

from __future__ import annotations

from import_content.sources.document_builder import DocumentBuilder, Inline, visible_characters
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.front_matter import fields_of, title_of
from import_content.sources.readers.html_blocks import HtmlBlocks, refuse_nothing
from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.markdown import markdown_tree
from import_content.sources.readers.markup import Element, parse_html, shown_text
from import_content.sources.record import unpack_record
from import_content.sources.source import Dropped, Source


def read(key: str, data: bytes) -> Source:
    try:
        values = unpack_record(data)
        fields, text, markup = dict(values["fields"]), str(values["text"]), str(values["markup"])
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(key, SourceErrorCode.DAMAGED, detail="it is no record") from error
    builder = DocumentBuilder(key, str(values.get("rule") or "record"))
    title = title_of(fields)
    said = visible_characters(title)
    if markup == "text":
        said += _plain(text, builder)
    else:
        root = _tree(key, text, markup)
        HtmlBlocks(builder, junk=Junk(root, strict=False)).walk(root)
        said += visible_characters(shown_text(root))
    if not title:
        refuse_nothing(key, builder)
    for name, value in sorted(dict(values.get("dropped") or {}).items()):
        builder.dropped.append(Dropped(str(name), str(value)))
        said += visible_characters(str(value))
    return builder.finish(data, said=said, title=title, fields=fields_of(fields))


def _tree(key: str, text: str, markup: str) -> Element:
    return markdown_tree(key, text) if markup == "markdown" else parse_html(key, f"<html><body>{text}</body></html>")


def _plain(text: str, builder: DocumentBuilder) -> int:
    """Paragraphs between empty lines."""
    for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        lines = [" ".join(line.split()) for line in part.split("\n")]
        builder.paragraph(Inline("\n".join(filter(None, lines))))
    return visible_characters(text)
