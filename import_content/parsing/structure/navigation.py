"""What a web page leaves around an article that is copied from it: menus, cookie notices, links to share."""

from __future__ import annotations

import re

from import_content.document import Span
from import_content.parsing.structure.lines import Line

_BEGINNINGS_TEXT = "ski bac tog sha fol tei com par hom sta ini acc pri ter coo imp"
_BEGINNINGS = frozenset(_BEGINNINGS_TEXT.split()) | {"go "}
EDGE_LINES = 14
"""So many lines at the beginning and at the end may be navigation."""
MIN_SURE_LINES = 2
_SURE = re.compile(
    r"skip to (?:main )?(?:content|navigation)|(?:back to|go to) (?:the )?top|toggle (?:navigation|menu)"
    r"|(?=.{0,160}\bcookies?\b)(?=.{0,160}\b(?:accept|reject|settings|preferences|consent)\b).{1,160}"
    r"|(?:share|follow us|teilen|compartir|partager)(?: on)?\s*:?(?:[\s|,]+(?:facebook|twitter|x|linkedin|pinterest|"
    r"instagram|whatsapp|e-?mail|reddit)){1,8}"
    r"|[^|.!?]{1,28}(?:\s\|\s[^|.!?]{1,28}){2,15}"
    r"|(?:home|start|inicio|accueil|startseite)(?:\s[>»›/]\s[^>»›/.!?]{1,40}){1,8}"
    r"|(?:privacy (?:policy|notice)|terms of (?:use|service)|cookie policy|impressum)(?:[\s|·]+\S.{0,60})?",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?:search|menu|close|log ?in|sign in|sign up|subscribe|print|share|advertisement|home|suche|buscar)\W*",
    re.IGNORECASE,
)
"""Navigation only next to a line that surely is."""


def _may_be_sure(text: str) -> bool:
    """Settle it quickly for nearly all lines of an article."""
    if len(text) > 240:
        return False
    first = text[:3].lower()
    return first in _BEGINNINGS or "|" in text or "ookie" in text


def remove_navigation(lines: list[Line]) -> tuple[list[Line], list[Span]]:
    """Leave out the navigation at both ends of a text; nothing where a single line looks like it.

    Returns the other lines and the spans of those left out.
    """
    edges = {*range(min(EDGE_LINES, len(lines))), *range(max(0, len(lines) - EDGE_LINES), len(lines))}
    sure = {number for number in edges if _may_be_sure(lines[number].text) and _SURE.fullmatch(lines[number].text)}
    if len(sure) < MIN_SURE_LINES or min(sure) >= EDGE_LINES:
        return lines, []
    found = set(sure)
    for number in sorted(edges):
        if number not in sure and _BESIDE.fullmatch(lines[number].text) and {number - 1, number + 1} & found:
            found.add(number)
    kept: list[Line] = []
    gap = False
    for number, line in enumerate(lines):
        if number in found:
            gap = True
            continue
        line.gap, gap = line.gap or gap, False
        kept.append(line)
    return kept, [Span(lines[number].start, lines[number].end) for number in sorted(found)]
