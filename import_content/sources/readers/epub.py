"""EPUB: the chapters of a book as one article, without its cover, title page and contents."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from urllib.parse import unquote

from import_content.document import Image, SourceFields
from import_content.sources.bounded_zip import BoundedZip
from import_content.sources.document_builder import DocumentBuilder, visible_characters
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.fields import parse_date, parse_locale
from import_content.sources.readers.html_blocks import HtmlBlocks, refuse_nothing
from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.markup import Element, name_of, parse_html, parse_xml, shown_text
from import_content.sources.source import Source

CONTAINER = "META-INF/container.xml"
MAX_PART_BYTES = 10 * 1024 * 1024
MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_CHAPTERS = 2000
_TYPE = "{http://www.idpf.org/2007/ops}type"
_APART = ("cover", "titlepage", "toc", "landmarks", "copyright-page", "colophon", "index", "page-list", "halftitlepage")


def read(key: str, data: bytes) -> Source:
    package = BoundedZip(key, data)
    container = parse_xml(key, package.read(CONTAINER, MAX_PART_BYTES), what="the container")
    paths = [element.get("full-path") or "" for element in container.iter("{*}rootfile")]
    if not paths:
        raise SourceError(key, SourceErrorCode.DAMAGED, detail="it names no contents")
    opf = parse_xml(key, package.read(paths[0], MAX_PART_BYTES), what="the package")
    builder = DocumentBuilder(key, "epub")
    said = 0
    for path, is_apart in _chapters(opf, posixpath.dirname(paths[0]))[:MAX_CHAPTERS]:
        if path in package:
            said += _read_chapter(key, package, path, builder, is_apart=is_apart)
    title, fields = _properties(opf)
    said += visible_characters(title)
    refuse_nothing(key, builder)
    return builder.finish(data, said=said, title=title, fields=fields)


def _chapters(opf: Element, folder: str) -> list[tuple[str, bool]]:
    """Paths of the spine in order, and whether each is no chapter."""
    manifest = {element.get("id"): element for element in opf.iter("{*}item")}
    found = []
    for reference in opf.iter("{*}itemref"):
        item = manifest.get(reference.get("idref"))
        if item is not None and "html" in (item.get("media-type") or ""):
            path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
            is_apart = "nav" in (item.get("properties") or "").split() or reference.get("linear") == "no"
            found.append((path, is_apart))
    return found


def _read_chapter(key: str, package: BoundedZip, path: str, builder: DocumentBuilder, *, is_apart: bool) -> int:
    """Gives the visible characters of the chapter."""
    root = parse_html(key, package.read(path, MAX_PART_BYTES).decode("utf-8-sig", "replace"))
    body = next((element for element in root.iter("body")), root)
    words = shown_text(body)
    if is_apart or _is_apart(body):
        builder.drop("front_matter", words)
        return visible_characters(words)
    first = len(builder.blocks)
    HtmlBlocks(builder, junk=Junk(body, strict=False)).walk(body)
    for number in range(first, len(builder.blocks)):
        block = builder.blocks[number]
        if isinstance(block, Image):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(block.target)))
            if target in package:
                name = posixpath.basename(target)
                builder.blocks[number] = replace(
                    block, target=builder.asset(name, package.read(target, MAX_IMAGE_BYTES))
                )
    return visible_characters(words)


def _is_apart(body: Element) -> bool:
    sections = [body, *(child for child in body if name_of(child) in {"section", "div", "nav"})]
    kinds = [f"{element.get(_TYPE) or ''} {element.get('epub:type') or ''}".split() for element in sections]
    names = {kind for found in kinds for kind in found}
    ids = {element.get("id") or "" for element in sections}
    return bool(names & set(_APART)) or bool(ids & {"cover-image", "toc", "titlepage"})


def _properties(opf: Element) -> tuple[str, SourceFields]:
    said: dict[str, list[str]] = {}
    for element in opf.iter():
        if isinstance(element.tag, str) and "purl.org/dc/elements" in element.tag:
            said.setdefault(name_of(element), []).append(" ".join((element.text or "").split()))

    def first(name: str) -> str:
        return next(iter(said.get(name, [])), "")

    return first("title"), SourceFields(
        description=first("description"),
        topics=tuple(dict.fromkeys(filter(None, said.get("subject", [])))),
        published_at=parse_date(first("date")),
        locale=parse_locale(first("language")),
    )
