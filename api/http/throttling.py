"""How many requests one address may make.

A fixed window counted in Django's cache: one `incr` a request.  Shared by all processes where the cache is (Redis);
with the default local memory each process counts for itself.  DRF says who asks: `NUM_PROXIES` proxies are trusted to
have told the truth in X-Forwarded-For, and nobody else.
"""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from api.http.problems import Problem

logger = logging.getLogger("api")

MAX_ADDRESS = 64


@cache
def _rate(text: str) -> tuple[int, int]:
    """Requests and seconds from ``600/min``; ``""`` is no limit."""
    if not text:
        return 0, 0
    requests, seconds = SimpleRateThrottle.parse_rate(_Parser(), text)
    return int(requests or 0), int(seconds or 0)


class _Parser(SimpleRateThrottle):
    """DRF's reading of a rate, without its scopes."""

    def __init__(self) -> None:
        """Needs no rate of its own."""


_IDENTITY: Any = BaseThrottle()
"""Reads headers and META only; a plain Django request will do."""


def check(request: HttpRequest) -> None:
    """Counts the request.  Raises `Problem` (``too-many-requests``).  Where the cache is out of reach, nobody is
    counted: better no limit than no answers."""
    allowed, window = _rate(settings.API_THROTTLE)
    if not allowed:
        return
    identity = _IDENTITY.get_ident(request)
    now = int(time.time())
    key = f"api-throttle:{str(identity)[:MAX_ADDRESS].replace(' ', '')}:{now // window}"
    try:
        count = _count(key, window)
    except Exception as error:  # noqa: BLE001, RUF100 -- each cache has errors of its own
        logger.warning("Requests are not counted, as the cache does not answer: %s", error)
        return
    if count > allowed:
        wait = window - now % window
        raise Problem("too-many-requests", f"Try again in {wait} seconds.", headers={"Retry-After": str(wait)})


def _count(key: str, window: int) -> int:
    """Requests in this window, this one included."""
    store = caches["default"]
    try:
        return store.incr(key)
    except ValueError:
        store.add(key, 0, timeout=window + 1)
        try:
            return store.incr(key)
        except ValueError:  # expired between the two
            return 1
