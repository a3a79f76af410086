"""Which rich text editors may write, and how it is made safe.

Rich text is kept in Wagtail's database form: HTML in which a link to an object of the CMS is
``<a linktype="page" id="3">``.  What code saves is not sanitised by anybody else, so it goes through
`sanitise` on import, and once more when the public form is made.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

import nh3

LinkKind: TypeAlias = Literal["page", "document"]

INLINE_FEATURES = ["bold", "italic", "link", "document-link"]
TEXT_FEATURES = [*INLINE_FEATURES, "ol", "ul"]

_TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}
_ATTRIBUTES = {"a": {"href", "linktype", "id"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)

_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')


def sanitise(db_html: str) -> str:
    """Only the tags and attributes that the editor offers; scripts, styles, images and handlers go."""
    return _CLEANER.clean(db_html)


def to_text(db_html: str) -> str:
    """The words alone, one line per paragraph or item."""
    lines = re.sub(r"</(?:p|li)>|<br\s*/?>", "\n", db_html)
    return html.unescape(re.sub(r"<[^>]+>", "", lines)).strip()


def references(db_html: str) -> Iterator[tuple[LinkKind, int]]:
    """The objects that links point to: ``("page", 3)``, ``("document", 8)``."""
    for match in _ANCHOR.finditer(db_html):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        number = attributes.get("id", "")
        if not number.isdecimal():
            continue
        match attributes.get("linktype"):
            case "page":
                yield "page", int(number)
            case "document":
                yield "document", int(number)


def resolve_links(db_html: str, url_of: dict[tuple[str, int], str]) -> str:
    """Public HTML: object links get the URL that `url_of` knows for them.

    A link to what readers may not see loses its target and keeps its words, marked
    ``<a data-unavailable="true">``.
    """

    def public(match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        kind = attributes.get("linktype")
        if kind is None:
            return match[0]
        number = attributes.get("id", "")
        url = url_of.get((kind, int(number))) if number.isdecimal() else None
        if url is None:
            return f'<a data-unavailable="true">{match[2]}</a>'
        return f'<a href="{html.escape(url)}">{match[2]}</a>'

    return _ANCHOR.sub(public, db_html)
