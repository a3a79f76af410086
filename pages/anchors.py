"""Anchors of sections: short names, unique in their article, that survive a change of heading.  Knows no Django
model: works on raw stream data (``[{"type", "value", "id"}]``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import slugify

MAX_LENGTH = 80


def unique_anchor(wanted: str, taken: set[str]) -> str:
    """`wanted`, with a number behind it where it is taken already; adds it to `taken`."""
    anchor = wanted
    number = 2
    while anchor in taken:
        suffix = f"-{number}"
        anchor = wanted[: MAX_LENGTH - len(suffix)] + suffix
        number += 1
    taken.add(anchor)
    return anchor


def anchor_for(heading: str) -> str:
    return slugify(heading, allow_unicode=True)[:MAX_LENGTH].strip("-_") or "section"


def assign_anchors(sections: Iterable[dict[str, Any]]) -> None:
    """Give every section value an anchor that no other has, in place.

    An anchor that is there stays; of two equal ones (a section that was duplicated) the first keeps it.
    New anchors come from the heading and avoid all that are there.
    """
    sections = list(sections)
    taken: set[str] = set()
    for section in sections:
        given = section.get("anchor")
        present = slugify(given, allow_unicode=True)[:MAX_LENGTH] if given else ""
        section["anchor"] = present if present and present not in taken else ""
        taken.add(present)
    taken.discard("")
    for section in sections:
        if not section["anchor"]:
            section["anchor"] = unique_anchor(anchor_for(section.get("heading") or ""), taken)
