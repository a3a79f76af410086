"""HTML and XML parsed within limits: no entities of their own, nothing from the network, bounded depth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from import_content.sources.errors import SourceError, SourceErrorCode

Element: TypeAlias = "etree._Element"

MAX_DEPTH = 200
"""Elements within elements; pages that people write reach 40."""
MAX_ELEMENTS = 300_000
UNSHOWN = frozenset({"script", "style", "template", "head", "title", "meta", "link", "base"})
"""Elements whose text no browser shows."""

_NESTED_OPENINGS = re.compile(rb"(?:<[a-zA-Z][^<>]{0,200}>\s*){400}")


def parse_html(key: str, text: str) -> Element:
    """The root of a page or of a piece of one.  Raises `SourceError` for one that is nested too deeply."""
    data = text.encode("utf-8", "replace")
    if _NESTED_OPENINGS.search(data):
        _check_opening_tags(key, data)
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(key, SourceErrorCode.DAMAGED, detail=f"{error.msg or 'it cannot be parsed'}") from error
    if root is None:
        raise SourceError(key, SourceErrorCode.BLANK)
    check_size(key, root)
    return root


_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())


def _check_opening_tags(key: str, data: bytes) -> None:
    """The parser drops what is nested too deeply; so it is counted before."""
    depth = 0
    for found in re.finditer(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>", data):
        if found[2].lower() in _VOID or found[3]:
            continue
        depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > 5 * MAX_DEPTH:
            raise SourceError(
                key, SourceErrorCode.TOO_COMPLEX, detail=f"elements are nested more than {MAX_DEPTH} deep"
            )


def parse_xml(key: str, data: bytes, *, what: str) -> Element:
    """The root of an XML file.  `what` it is, for the message.  Raises `SourceError`."""
    head = data[:4096]
    if b"<!DOCTYPE" in head.upper() and (
        b"<!ENTITY" in data.upper() or b"SYSTEM" in head or b"[" in head.partition(b"<!")[2][:200]
    ):
        raise SourceError(key, SourceErrorCode.DAMAGED, detail=f"{what} declares entities of its own")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(key, SourceErrorCode.DAMAGED, detail=f"{what} cannot be parsed: {error.msg}") from error
    check_size(key, root)
    return root


def check_size(key: str, root: Element) -> None:
    """Raises `SourceError` for what is nested too deeply or has too many elements to be an article."""
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > MAX_DEPTH:
            raise SourceError(
                key, SourceErrorCode.TOO_COMPLEX, detail=f"elements are nested more than {MAX_DEPTH} deep"
            )
        if elements > MAX_ELEMENTS:
            raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=f"more than {MAX_ELEMENTS:,} elements")


def name_of(element: Element) -> str:
    """The local name in lower case; empty for what is no element."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return (tag.rpartition("}")[2] if "}" in tag else tag).lower()


def shown_texts(element: Element) -> Iterator[str]:
    """All text within, in order, but for what no browser shows."""
    if name_of(element) in UNSHOWN or not name_of(element):
        return
    if element.text:
        yield element.text
    for child in element:
        yield from shown_texts(child)
        if child.tail:
            yield child.tail


def shown_text(element: Element) -> str:
    return "".join(shown_texts(element))
