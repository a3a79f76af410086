"""Full URLs of files and of this API: where readers reach it.

That is the setting ``API_BASE_URL``; without it, the address that the request at hand was sent to.
"""

from __future__ import annotations

from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

_requested: ContextVar[str] = ContextVar("requested_address", default="")


def note_address(request: HttpRequest) -> str:
    """Remembers where a request was sent, for `absolute`.  Returns what full URLs begin with from now on.

    Raises `DisallowedHost`.
    """
    if not settings.API_BASE_URL:
        _requested.set(f"{request.scheme}://{request.get_host()}")
    return base_url()


def base_url() -> str:
    """Without a slash at its end; empty where there is neither a setting nor a request."""
    return str(settings.API_BASE_URL).rstrip("/") or _requested.get()


def absolute(url: str) -> str:
    """The full form of a URL of this server; any other stays as it is."""
    return base_url() + url if url.startswith("/") and not url.startswith("//") else url
