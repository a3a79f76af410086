"""Cross-origin reading: any front end's scripts may read public answers, and send what the API reads.

The same headers for every origin, also where none is named: an answer that a shared cache keeps is the same for all, so
there is no ``Vary: Origin``.  There are no credentials to allow.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

METHODS = "GET, HEAD, OPTIONS"
REQUEST_HEADERS = "Accept, If-None-Match"
"""What the API reads and a browser does not send by itself."""
EXPOSED_HEADERS = ("ETag", "Last-Modified", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "Content-Cursor")
"""What a script may read beyond the few that every answer shows."""
PREFLIGHT_SECONDS = 86_400


def is_preflight(request: HttpRequest) -> bool:
    """A browser asks whether a script may ask."""
    return (
        request.method == "OPTIONS"
        and "HTTP_ORIGIN" in request.META
        and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
    )


def preflight() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": REQUEST_HEADERS,
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
            "Cache-Control": f"public, max-age={PREFLIGHT_SECONDS}",
        },
    )


def allow_reading(response: HttpResponseBase) -> None:
    """In place."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = ", ".join((*EXPOSED_HEADERS, settings.API_CACHE_TAG_HEADER))
