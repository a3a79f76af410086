"""Which media type a request gets (RFC 9110, 12.5.1), and what becomes of it.

DRF's own negotiation parses each offered type anew for each request; this one knows them as they are declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.http.problems import Problem

MAX_RANGES = 50
MAX_REMEMBERED_CHARACTERS = 200
"""Of an Accept header; most clients send one of a few."""


class TextRenderer(BaseRenderer):
    """Encodes a text that is of its media type already."""

    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        text: str = data
        return text.encode()


class JsonText(TextRenderer):
    media_type = "application/json"
    format = "json"
    charset = ""


class OpenApiText(JsonText):
    media_type = "application/vnd.oai.openapi+json"
    format = "openapi"


class MarkdownText(TextRenderer):
    media_type = "text/markdown"
    format = "markdown"


class PlainText(TextRenderer):
    media_type = "text/plain"
    format = "txt"


class HtmlText(TextRenderer):
    media_type = "text/html"
    format = "html"


class AcceptNegotiation(BaseContentNegotiation):
    """Chooses a renderer by the Accept header alone; there are neither suffixes nor a ``?format=``."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> None:
        """None: nothing is sent here."""
        return

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        accept = request._request.META.get("HTTP_ACCEPT")
        offered = list(renderers)
        first = offered[0]
        if accept is None or accept == "*/*" or accept == first.media_type:
            return first, first.media_type
        media_types = tuple(str(renderer.media_type) for renderer in offered)
        chosen = (_choose_again if len(accept) <= MAX_REMEMBERED_CHARACTERS else choose)(accept, media_types)
        return next(renderer for renderer in offered if renderer.media_type == chosen), chosen


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The offered type that the Accept header likes best; the first where it does not care.

    Raises `Problem` (``not-acceptable``).
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept.split(",", MAX_RANGES)[:MAX_RANGES]]
    scored = [(_quality(media_type, ranges), -number, media_type) for number, media_type in enumerate(offered)]
    quality, _, best = max(scored)
    if quality <= 0:
        raise Problem("not-acceptable", f"Offered here: {', '.join(offered)}.")
    return best


_choose_again = lru_cache(maxsize=1024)(choose)


def _range(text: str) -> tuple[str, float]:
    media_type, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
    return media_type, quality


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Of the most specific range that covers the type."""
    specific = {media_type: 3, f"{media_type.partition('/')[0]}/*": 2, "*/*": 1}
    fitting = [(specific[name], quality) for name, quality in ranges if name in specific]
    return max(fitting)[1] if fitting else 0.0
