"""Raw stream data for bodies of articles."""

from __future__ import annotations

import uuid
from typing import Any

from wagtail.models import Page

from pages.models import School


def with_ids(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": str(uuid.uuid4()), **block} for block in body]


def section(heading: str, text: str = "<p>Flour and water.</p>", level: str = "2", anchor: str = "") -> dict[str, Any]:
    return {"type": "section", "value": {"heading": heading, "text": text, "level": level, "anchor": anchor}}


def listing(*schools: School, description: str = "<p>Teaches it well.</p>") -> dict[str, Any]:
    entries = [
        {"type": "item", "id": str(uuid.uuid4()), "value": {"school": school.pk, "description": description}}
        for school in schools
    ]
    return {"type": "school_listing", "value": {"schools": entries}}


def call_to_action(text: str = "Compare bakeries", page: Page | None = None, url: str = "") -> dict[str, Any]:
    return {"type": "call_to_action", "value": {"text": text, "page": page.pk if page else None, "url": url}}
