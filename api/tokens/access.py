"""DRF's authentication, permission and throttle classes for routes that need a key.

The key comes in the ``Authorization`` header and nowhere else: what stands in a URL ends up in logs.
"""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from api.models import ApiToken
from api.tokens.keys import find_token

BUILD_RATE = "30/min"


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer cms_...``."""

    def authenticate(self, request: Request) -> tuple[None, ApiToken] | None:
        kind, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = find_token(key.strip())
        if token is None:
            raise AuthenticationFailed("The token is not valid.")
        return None, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasScope(BasePermission):
    """The view's `scope` is one of the token's."""

    message = "The token is not good for this."

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ApiToken) and request.auth.has_scope(view.scope)


class BuildThrottle(SimpleRateThrottle):
    """Tokens that start builds have a rate of their own, each."""

    rate = BUILD_RATE

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        token = request.auth
        return f"api-build:{token.pk}" if isinstance(token, ApiToken) and token.has_scope("build") else None
