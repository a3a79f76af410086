"""Where in a web page its article is."""

from __future__ import annotations

import re

from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.markup import Element, name_of, shown_text

_BODY_NAMES = re.compile(
    r"(?:^|[\s_-])(?:entry-content|post-content|article-body|article-content|articlebody|story-body|post-body|"
    r"article__body|article__content|content-body|main-content|page-content|field--name-body|mw-parser-output|"
    r"markdown-body|prose)(?:$|[\s_-])",
    re.IGNORECASE,
)
MIN_ARTICLE_CHARACTERS = 140
_TEXT_BLOCKS = frozenset({"p", "pre", "blockquote", "li", "h2", "h3", "table"})


def main_content(body: Element, junk: Junk) -> Element:
    """The element that holds the article: marked as such, or the one with most of the running text in it."""
    for candidates in (
        [element for element in body.iter() if element.get("itemprop") == "articleBody"],
        _outermost(list(body.iter("article"))),
        [element for element in body.iter() if name_of(element) == "main" or element.get("role") == "main"],
        [element for element in body.iter() if _BODY_NAMES.search(_names(element))],
    ):
        weighed = [(_weight(element, junk), element) for element in candidates if not _in_junk(element, body, junk)]
        if not weighed:
            continue
        most, best = max(weighed, key=lambda pair: pair[0])
        rest = sum(weight for weight, _ in weighed) - most
        if most >= MIN_ARTICLE_CHARACTERS and most > rest:
            return best
    return _densest(body, junk)


def _names(element: Element) -> str:
    return f" {element.get('class') or ''} {element.get('id') or ''} "


def _outermost(elements: list[Element]) -> list[Element]:
    chosen = set(elements)
    return [element for element in elements if not any(parent in chosen for parent in element.iterancestors())]


def _in_junk(element: Element, body: Element, junk: Junk) -> bool:
    node: Element | None = element
    while node is not None and node is not body:
        if junk.kind(node):
            return True
        node = node.getparent()
    return False


def _weight(element: Element, junk: Junk) -> int:
    """Characters of running text that are no links and no junk."""
    if junk.kind(element):
        return 0
    total = 0
    for child in element:
        if not name_of(child):
            continue
        if name_of(child) in _TEXT_BLOCKS and not junk.kind(child):
            total += len(shown_text(child).strip()) - sum(len(shown_text(link)) for link in child.iter("a"))
        else:
            total += _weight(child, junk)
    own = [element.text or "", *(child.tail or "" for child in element)]
    return total + sum(len(text.strip()) for text in own if len(text.strip()) > 40)


def _densest(body: Element, junk: Junk) -> Element:
    """Down from the body, as long as one child has nearly all of the running text."""
    node = body
    while True:
        whole = _weight(node, junk)
        if whole < MIN_ARTICLE_CHARACTERS:
            return node
        heavy = [child for child in node if name_of(child) and _weight(child, junk) > 0.85 * whole]
        if len(heavy) != 1 or name_of(heavy[0]) in _TEXT_BLOCKS - {"table"}:
            return node
        node = heavy[0]
