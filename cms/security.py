"""Headers that browsers obey, and who is asking."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.throttling import SimpleRateThrottle

POLICY_HEADER = "Content-Security-Policy"
FRAME_HEADER = "X-Frame-Options"


class SecurityHeadersMiddleware:
    """Gives every answer, whoever made it, the policy of its path; a stricter one that a view has set stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        path = request.path_info
        response.headers.setdefault(POLICY_HEADER, policy_for(path))
        if path.startswith("/api/"):  # other answers have it from Django's own middleware
            response.headers.setdefault(FRAME_HEADER, settings.X_FRAME_OPTIONS)
        return response


def policy_for(path: str) -> str:
    policies: tuple[tuple[str, str], ...] = settings.CONTENT_SECURITY_POLICIES
    return next(policy for beginning, policy in policies if path.startswith(beginning))


class _Identity(SimpleRateThrottle):
    rate = "1/min"


def client_address(request: HttpRequest) -> str | None:
    """The address that sign-in failures are counted by: behind `NUM_PROXIES` proxies, as the API's throttle has it.
    None where a request has none, as through a socket."""
    address = str(_Identity().get_ident(request))  # type: ignore[arg-type]  # reads the headers alone
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        return None
