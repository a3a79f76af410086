"""Pages answer 503 while the database is away, as the API does (`api.http.exception_handler`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from api.http.outages import RETRY_AFTER_SECONDS, is_outage

_FLAG = "database_is_away"


@receiver(got_request_exception)
def _remember(request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Django makes a 500 of an exception wherever it was raised, and tells here of which."""
    if request is not None and is_outage(sys.exc_info()[1]):
        setattr(request, _FLAG, True)


class DatabaseOutages:
    """The outermost middleware: what any other, or a view, failed at is seen here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 500 or not getattr(request, _FLAG, False):
            return response
        page = HttpResponse(render_to_string("cms/unavailable.html"), status=503)
        page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        page.headers["Cache-Control"] = "no-store"
        return page
