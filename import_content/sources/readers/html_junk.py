"""What a web page says besides its article: navigation, banners, buttons, comments ...

Told by elements, roles and names of classes, the way pages are made; the kinds are named in the accounting.
"""

from __future__ import annotations

import re

from import_content.sources.readers.markup import UNSHOWN, Element, name_of, shown_text

_BY_ELEMENT = {
    "nav": "navigation",
    "aside": "sidebar",
    "form": "form",
    "button": "form",
    "select": "form",
    "input": "form",
    "textarea": "form",
    "dialog": "popup",
    "iframe": "embed",
    "object": "embed",
    "embed": "embed",
    "video": "embed",
    "audio": "embed",
    "canvas": "embed",
    "svg": "embed",
    "math": "embed",
    "noscript": "noscript",
}
_BY_ROLE = {
    "navigation": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "sidebar",
    "search": "form",
    "dialog": "popup",
    "alertdialog": "popup",
    "menu": "navigation",
    "menubar": "navigation",
}
_BY_NAME: tuple[tuple[str, str], ...] = (
    ("cookie_banner", r"cookies?|consent|gdpr|cmp|onetrust|ccpa"),
    ("comments", r"comments?|disqus|respond|commentlist|replies|discussion"),
    ("share_buttons", r"share|shares|sharing|sharedaddy|sharebar|addtoany|addthis|social|socials|follow-?us"),
    ("newsletter", r"newsletters?|subscribe|subscription|signup|sign-?up|mailing-?list|optin"),
    (
        "related",
        r"related|recommended|recommendations?|recirc|read-?more|more-?stories|more-?from|you-?may|also-?like|"
        r"jp-relatedposts|trending|popular|most-?read|up-?next|outbrain|taboola|teasers?",
    ),
    (
        "advertisement",
        r"ads?|advert|advertisement|advertising|sponsor|sponsored|promo|promoted|promotion|dfp|adsbygoogle|ad-?slot",
    ),
    (
        "navigation",
        r"nav|navbar|navigation|menu|menus|breadcrumbs?|pagination|pager|nav-?links|skip-?links?|skip|site-?nav|sitemap|post-navigation|toc-?toggle|topbar|top-?bar|back-?to-?top",
    ),
    ("sidebar", r"sidebars?|side-?bar|widgets?|widget-?area|rail"),
    ("popup", r"popups?|modal|overlay|lightbox|paywall|toast"),
    ("header", r"site-?header|masthead|page-?header-?top|global-?header|header-?top"),
    ("footer", r"site-?footer|footer|colophon|copyright|page-?footer|global-?footer|foot"),
    (
        "byline",
        r"byline|by-?line|author-?(?:box|bio|info|card|meta)|about-?author|post-?meta|entry-?meta|article-?meta|dateline|posted-?on|reading-?time|entry-?footer|post-?footer|meta",
    ),
    ("tags", r"tags|tag-?list|tag-?links|cat-?links|post-?tags|entry-?tags|categories"),
    ("print_tools", r"print|toolbar|tools|article-?tools|font-?size"),
    ("hidden", r"sr-only|visually-?hidden|screen-?reader(?:-?text)?|hidden|hide|noprint|d-none"),
)
_NAMES = re.compile("|".join(f"(?P<{kind}>(?:{names}))" for kind, names in _BY_NAME))
_TOKEN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ARTICLE = re.compile(r"^(?:article|post|entry|story|main|content|body|hentry|page)", re.IGNORECASE)
MAX_JUNK_SHARE = 0.6
"""An element with a name of junk that holds more of the page's words than this is the article in spite of its name."""
MIN_LINK_SHARE = 0.75
"""A list or block whose words are links for so large a part leads elsewhere."""


class Junk:
    """Tells what within a page is not for readers of its article."""

    def __init__(self, page: Element, *, strict: bool) -> None:
        """`strict`: a whole page with everything around its article; otherwise a piece that somebody wrote."""
        self._strict = strict
        self._words = max(1, len(shown_text(page)))
        self._kinds: dict[Element, str] = {}

    def kind(self, element: Element) -> str:
        """The kind of junk that an element is; empty where it is none."""
        known = self._kinds.get(element)
        if known is None:
            known = self._kinds[element] = self._look(element)
        return known

    def _look(self, element: Element) -> str:
        name = name_of(element)
        if _is_hidden(element):
            return "hidden"
        if name in {"script", "style", "template"} or name in UNSHOWN:
            return ""
        kind = _BY_ELEMENT.get(name, "")
        if (
            kind in {"form", "sidebar"}
            and name not in {"button", "select", "input", "textarea"}
            and self._is_most(element)
        ):
            kind = ""
        if kind or not self._strict:
            return "" if kind == "sidebar" and not self._strict else kind
        kind = _BY_ROLE.get(element.get("role") or "", "")
        if not kind and name == "footer":
            kind = "footer"
        if not kind and name == "header" and not _within(element, {"article", "main"}):
            kind = "header" if not _has_only_heading(element) else ""
        if not kind and name not in {
            "body",
            "html",
            "main",
            "article",
            "h1",
            "h2",
            "h3",
            "h4",
            "p",
            "b",
            "strong",
            "em",
            "i",
            "code",
        }:
            kind = _by_name(element)
        if not kind and name in {"ul", "ol", "div", "p", "td", "table", "section"}:
            kind = _by_links(element)
        return "" if kind and self._is_most(element) else kind

    def _is_most(self, element: Element) -> bool:
        return len(shown_text(element)) > MAX_JUNK_SHARE * self._words


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    if not style:
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or "mso-hide:all" in style


def _by_name(element: Element) -> str:
    """By whole names of classes and ids, and by their parts: ``site-nav``, ``post-share-buttons``."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().replace("_", "-")
    if not names.strip():
        return ""
    for token in _TOKEN.findall(names):
        whole = _NAMES.fullmatch(token)
        if whole:
            return whole.lastgroup or ""
    for token in _TOKEN.findall(names):
        if _ARTICLE.match(token) and token.count("-") == 0:
            continue
        parts = token.split("-")
        for size in (2, 1):
            for start in range(len(parts) - size + 1):
                found = _NAMES.fullmatch("-".join(parts[start : start + size]))
                if found and found.lastgroup not in {"hidden", "tags", "print_tools", "popup"}:
                    return found.lastgroup or ""
    return ""


def _by_links(element: Element) -> str:
    """A menu without a name: several short links and hardly a word beside them."""
    links = [link for link in element.iter("a") if link.get("href")]
    if len(links) < 3:
        return ""
    words = len("".join(shown_text(element).split()))
    linked = sum(len("".join(shown_text(link).split())) for link in links)
    if not words or linked / words < MIN_LINK_SHARE:
        return ""
    return "navigation" if linked / len(links) < 60 else ""


def _within(element: Element, names: set[str]) -> bool:
    node = element.getparent()
    while node is not None:
        if name_of(node) in names:
            return True
        node = node.getparent()
    return False


def _has_only_heading(element: Element) -> bool:
    """A header that says the title and hardly more."""
    heading = next(iter(element.iter("h1")), None)
    if heading is None:
        return False
    return (
        len(shown_text(heading).strip()) > 0.5 * len(shown_text(element).strip())
        and next(iter(element.iter("nav")), None) is None
    )
