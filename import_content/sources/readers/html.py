"""Web pages and pieces of HTML: the article, without what stands around it."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime

from import_content.document import Paragraph, SourceFields
from import_content.sources.decoding import Decoded
from import_content.sources.document_builder import DocumentBuilder, visible_characters
from import_content.sources.fields import parse_date, parse_locale
from import_content.sources.look import has_headings, look_of_marks, promote_headings
from import_content.sources.readers import plain_text
from import_content.sources.readers.html_blocks import HtmlBlocks, refuse_nothing
from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.html_main import main_content
from import_content.sources.readers.markup import Element, name_of, parse_html, shown_text
from import_content.sources.source import Source

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|table|br|a|b|i|em|strong|span|article|section|body|html)\b[^<>]*>", re.I
)
_SITE_NAME = re.compile(r"\s+[|–—·»-]\s+|\s*\|\s*")
HEAD_BYTES = 2048


def read(key: str, data: bytes) -> Source:
    decoded = decode_page(key, data)
    if not _TAG.search(decoded.text):
        return plain_text.text_source(key, data, decoded)
    root = parse_html(key, decoded.text)
    body = next((element for element in root.iter("body")), root)
    builder = DocumentBuilder(key, "html")
    junk = Junk(body, strict=True)
    heading = _page_heading(body, junk)
    main = main_content(body, junk)
    head_title = _head_title(root)
    title = ""
    if heading is not None and not _holds(main, heading):
        title = " ".join(shown_text(heading).split())
    elif heading is None:
        title = _title_of_page(root, head_title)
    _drop_around(body, main, heading if title else None, builder, junk)
    blocks = HtmlBlocks(builder, junk=junk)
    blocks.walk(main)
    refuse_nothing(key, builder)
    if not has_headings(builder):
        paragraphs = {number: block for number, block in enumerate(builder.blocks) if isinstance(block, Paragraph)}
        promote_headings(builder, {number: look_of_marks(block) for number, block in paragraphs.items()})
    said = visible_characters(shown_text(body))
    if heading is None or not title:
        said += visible_characters(title)
    return builder.finish(
        data,
        said=said,
        title=title,
        fields=fields_of(root),
        encoding=decoded.encoding,
        bom=decoded.bom,
        encoding_confidence=decoded.confidence,
    )


def decode_page(key: str, data: bytes) -> Decoded:
    """Decode by mark, by what the page says of itself, then as plain text is."""
    declared = _CHARSET.search(data[:HEAD_BYTES])
    if declared and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = declared[1].decode("ascii", "replace")
        try:
            codec = (
                "cp1252" if name.lower() in {"iso-8859-1", "latin1", "ascii", "us-ascii"} else codecs.lookup(name).name
            )
            text = data.decode(codec)
        except (LookupError, UnicodeDecodeError):
            pass
        else:
            if "\0" not in text and text.strip():
                return Decoded(text, codec, False, 1.0)
    return plain_text.decode_text(key, data)


def fields_of(root: Element) -> SourceFields:
    """What the head of a page says of it."""
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name, []).append(content)

    def first(*names: str) -> str:
        return next((meta[name][0] for name in names if name in meta), "")

    tags = meta.get("article:tag", []) or [word.strip() for word in first("keywords").split(",") if word.strip()]
    html = next((element for element in root.iter("html")), root)
    return SourceFields(
        description=" ".join(first("description", "og:description").split()),
        topics=tuple(dict.fromkeys(tags)),
        published_at=_date(first("article:published_time", "datepublished", "date", "dc.date", "dcterms.date")),
        locale=parse_locale(html.get("lang") or ""),
    )


def _date(text: str) -> datetime | None:
    found = parse_date(text)
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _page_heading(body: Element, junk: Junk) -> Element | None:
    """The one first-level heading of the page that is shown; a site's name in a header is none."""
    found = [h1 for h1 in body.iter("h1") if shown_text(h1).strip() and not _is_in_junk(h1, body, junk)]
    if not found:
        found = [h1 for h1 in body.iter("h1") if shown_text(h1).strip() and not _in_link_home(h1)][:1]
        return found[0] if len(found) == 1 and len(list(body.iter("h1"))) == 1 else None
    return found[0]


def _in_link_home(heading: Element) -> bool:
    link = heading.find(".//a")
    return link is not None and (link.get("href") or "") in {"/", "./", "index.html", "#"}


def _is_in_junk(element: Element, body: Element, junk: Junk) -> bool:
    node: Element | None = element
    while node is not None and node is not body:
        if junk.kind(node):
            return True
        node = node.getparent()
    return False


def _holds(element: Element, inner: Element) -> bool:
    return inner is element or any(parent is element for parent in inner.iterancestors())


def _drop_around(body: Element, main: Element, heading: Element | None, builder: DocumentBuilder, junk: Junk) -> None:
    """Everything outside of the article but the heading is dropped, by its kind."""
    if body is main:
        return
    if body.text:
        builder.drop("outside", body.text)
    for child in body:
        if name_of(child):
            if child is heading:
                pass
            elif child is not main and (_holds(child, main) or (heading is not None and _holds(child, heading))):
                _drop_around(child, main, heading, builder, junk)
            elif child is not main:
                builder.drop(junk.kind(child) or "outside", shown_text(child))
        if child.tail:
            builder.drop("outside", child.tail)


def _head_title(root: Element) -> str:
    element = root.find("./head/title")
    return " ".join((element.text or "").split()) if element is not None else ""


def _title_of_page(root: Element, head_title: str) -> str:
    """The title in the head, without the site's name."""
    for element in root.iter("meta"):
        if (element.get("property") or "").lower() == "og:title" and (element.get("content") or "").strip():
            return " ".join((element.get("content") or "").split())
    separators = list(_SITE_NAME.finditer(head_title))
    return head_title[: separators[-1].start()].strip() if separators else head_title
