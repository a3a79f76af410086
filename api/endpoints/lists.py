"""What all lists have in common."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from api.http.responses import Answer
from api.http.view import Query
from api.resources.listing import Page


def list_text(items: Sequence[str], page: Page) -> str:
    return f'{{"items":[{",".join(items)}],"page":{page.text()}}}'


def page_links(query: Query, page: Page) -> list[tuple[str, str]]:
    """Relations and URLs for the Link header; paths without a host, which hold wherever the API is reached."""
    rest = [(name, value) for name, value in parse_qsl(query.query_string, keep_blank_values=True) if name != "cursor"]
    ends = (("next", page.next), ("prev", page.previous))
    return [(name, f"{query.path}?{urlencode([*rest, ('cursor', cursor)])}") for name, cursor in ends if cursor]


def list_answer(query: Query, page: Page, items: Sequence[str], kind: str, one: str = "") -> Answer:
    """Of a list whose rows are known; `kind` names all that could be in it, for purging caches, and `one` each."""
    text = list_text(items, page)
    return Answer(
        lambda: text,
        links=page_links(query, page),
        tags=[kind, *(f"{one}-{row[0]}" for row in page.rows if one)],
    )
