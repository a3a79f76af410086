"""What editors do to pages, done the way the admin does it."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from typing import Any

from wagtail.blocks import StreamValue

from pages.blocks import BODY
from pages.models import ArticlePage

RawBody = list[dict[str, Any]]


def edit(
    page: ArticlePage,
    change: Callable[[RawBody], None] | None = None,
    *,
    publish: bool = True,
    user: Any = None,
    **fields: Any,
) -> ArticlePage:
    """Save a new revision of what the editor sees, and publish it or leave it a draft; returns the live row."""
    page = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    body = copy.deepcopy(page.body.get_prep_value())
    if change is not None:
        change(body)
    page.body = StreamValue(BODY, as_saved_by_the_admin(body), is_lazy=True)
    for name, value in fields.items():
        setattr(page, name, value)
    revision = page.save_revision(user=user, log_action=True, clean=publish)
    if publish:
        revision.publish(user=user)
    return ArticlePage.objects.get(pk=page.pk)


def as_saved_by_the_admin(body: RawBody) -> RawBody:
    """The editor's own form writes keys into paragraphs and escapes quotation marks."""
    for block in body:
        text = block["value"].get("text")
        if block["type"] in ("section", "text") and text:
            block["value"]["text"] = text.replace("<p>", '<p data-block-key="k3y5x">').replace("“", "&ldquo;")
    return body


def words(old: str, new: str) -> Callable[[RawBody], None]:
    """Replace words wherever they stand in the body."""

    def change(body: RawBody) -> None:
        found = False
        for block in body:
            for name, value in block["value"].items():
                if isinstance(value, str) and old in value:
                    block["value"][name] = value.replace(old, new)
                    found = True
        assert found, f"{old!r} is not in the page"

    return change


def remove(index: int) -> Callable[[RawBody], None]:
    def change(body: RawBody) -> None:
        del body[index]

    return change


def move(start: int, end: int) -> Callable[[RawBody], None]:
    def change(body: RawBody) -> None:
        body.insert(end, body.pop(start))

    return change


def insert(index: int, block: dict[str, Any]) -> Callable[[RawBody], None]:
    def change(body: RawBody) -> None:
        body.insert(index, block)

    return change


def new_section(heading: str, text: str = "<p>Written by an editor.</p>") -> dict[str, Any]:
    value = {"heading": heading, "level": "2", "text": text, "anchor": ""}
    return {"type": "section", "value": value, "id": str(uuid.uuid4())}


def quote(text: str) -> dict[str, Any]:
    return {"type": "quote", "value": {"text": text, "attribution": ""}, "id": str(uuid.uuid4())}


def headings(page: ArticlePage) -> list[str]:
    return [block.value["heading"] for block in page.body if block.block_type == "section"]


def ids(page: ArticlePage) -> list[str]:
    return [block["id"] for block in page.body.get_prep_value()]


def text_of(page: ArticlePage) -> str:
    """Everything the page says, as one string."""
    return " ".join([page.title, page.introduction, str(page.body.get_prep_value())])


def draft_of(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
