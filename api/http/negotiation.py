"""Which media type a request gets (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from api.http.problems import Problem

MAX_RANGES = 50


def choose(accept: str | None, offered: Sequence[str]) -> str:
    """The offered type that the Accept header likes best; the first where it does not care.

    Raises `Problem` (``not-acceptable``).
    """
    if accept is None or accept == "*/*" or accept == offered[0] or not accept.strip():
        return offered[0]
    ranges = [_range(part) for part in accept.split(",", MAX_RANGES)[:MAX_RANGES]]
    scored = [(_quality(media_type, ranges), -number, media_type) for number, media_type in enumerate(offered)]
    quality, _, best = max(scored)
    if quality <= 0:
        raise Problem("not-acceptable", f"Offered here: {', '.join(offered)}.")
    return best


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
