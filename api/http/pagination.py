"""A page of a list as JSON text, and the Link header to the pages before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

from api.http.responses import Representation
from api.http.view import Query
from api.json_schema import Json, define, record

RowT = TypeVar("RowT", bound=tuple[Any, ...])

CURSOR: Json = {"type": ["string", "null"], "description": "Value for the `cursor` parameter; null: nothing there."}
PAGE_INFO = define(
    "PageInfo",
    record(
        "Where this page of a list stands.",
        {
            "limit": {"type": "integer", "minimum": 1},
            "next": CURSOR,
            "previous": CURSOR,
            "total": {"type": ["integer", "null"], "description": "Only where `total=true` asked for it."},
        },
    ),
)


@dataclass(frozen=True)
class ResultPage(Generic[RowT]):
    """Some rows of a list and the cursors to the rows before and after."""

    rows: Sequence[RowT]
    limit: int
    next: str | None
    previous: str | None
    total: int | None

    def text(self) -> str:
        """A `PageInfo`.  Cursors are made of characters that JSON leaves alone."""
        following = f'"{self.next}"' if self.next else "null"
        preceding = f'"{self.previous}"' if self.previous else "null"
        total = "null" if self.total is None else self.total
        return f'{{"limit":{self.limit},"next":{following},"previous":{preceding},"total":{total}}}'


def list_text(items: Sequence[str], page: ResultPage[Any]) -> str:
    return f'{{"items":[{",".join(items)}],"page":{page.text()}}}'


def page_links(query: Query, page: ResultPage[Any]) -> list[tuple[str, str]]:
    """Relations and URLs for the Link header; paths without a host, which hold wherever the API is reached."""
    rest = [(name, value) for name, value in parse_qsl(query.query_string, keep_blank_values=True) if name != "cursor"]
    ends = (("next", page.next), ("prev", page.previous))
    return [(name, f"{query.path}?{urlencode([*rest, ('cursor', cursor)])}") for name, cursor in ends if cursor]


def list_representation(
    query: Query, page: ResultPage[Any], items: Sequence[str], tags: Sequence[str]
) -> Representation:
    """Answers with a list whose items are written; `tags`: the list's own name first, then those of its items."""
    text = list_text(items, page)
    return Representation(
        lambda: text,
        links=page_links(query, page),
        tags=tags,
    )
