"""Which rich text editors may write, and how it is made safe.

Rich text is kept in Wagtail's database form: HTML in which a link to an object of the CMS is
``<a linktype="page" id="3">``.  What code saves is not sanitised by anybody else, so it goes through
`sanitise` on import, and once more when the public form is made.
"""

from __future__ import annotations

import html
import re

import nh3

from pages.references import forbid, reference

INLINE_FEATURES = ["bold", "italic", "code", "link", "document-link"]
TEXT_FEATURES = [*INLINE_FEATURES, "ol", "ul"]

_TAGS = {"a", "b", "br", "code", "em", "i", "li", "ol", "p", "strong", "ul"}
_ATTRIBUTES = {"a": {"href", "linktype", "id"}}
MAX_ID_DIGITS = 18
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)

# The cleaner writes every attribute in double quotes, so that this reads all of a tag.
_ANCHOR = re.compile(r'<a((?:\s+[a-z]+="[^"]*")*)\s*>')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
UNAVAILABLE = ' data-unavailable="true"'
"""The attributes of a link to what readers may not see: it keeps its words and loses its target."""


def sanitise(db_html: str) -> str:
    """Only the tags and attributes that the editor offers; scripts, styles, images and handlers go."""
    return _CLEANER.clean(db_html)


def to_text(db_html: str) -> str:
    """The words alone, one line per paragraph or item."""
    lines = re.sub(r"</(?:p|li)>|<br\s*/?>", "\n", db_html)
    return html.unescape(re.sub(r"<[^>]+>", "", lines)).strip()


def publish(db_html: str) -> str:
    """Sanitised HTML as it is stored for readers: links to objects of the CMS are references (`pages.references`),
    ``<a\ufdd0href-page:3\ufdd0>``, which become attributes when they are read."""
    cleaned = forbid(sanitise(db_html))  # in this order: the cleaner decodes "&#xfdd0;"
    return _ANCHOR.sub(_public_anchor, cleaned) if "<a" in cleaned else cleaned


def _public_anchor(match: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(match[1]))
    kind, number = attributes.get("linktype"), attributes.get("id", "")
    if kind in {"page", "document"} and number.isascii() and number.isdecimal() and len(number) <= MAX_ID_DIGITS:
        return f"<a{reference(f'href-{kind}', int(number))}>"
    if kind is not None or "href" not in attributes:
        return f"<a{UNAVAILABLE}>"
    return f'<a href="{attributes["href"]}">'


def href(url: str | None) -> str:
    """The attributes of a public link: to `url`, or to nothing that readers may see."""
    return UNAVAILABLE if url is None else f' href="{html.escape(url)}"'
