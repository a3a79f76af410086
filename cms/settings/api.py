"""Settings of the content API."""

from __future__ import annotations

import os
from typing import Any

from cms.settings.environment import env_bool, env_int

API_BASE_URL = os.environ.get("API_BASE_URL") or os.environ.get("WAGTAILADMIN_BASE_URL") or ""
"""Where readers reach this server: the beginning of the URLs of files.  Empty: the address of the request, which
ALLOWED_HOSTS has checked."""

_max_age = env_int("API_CACHE_SECONDS", 60)
API_CACHE_CONTROL = (
    f"public, max-age=0, s-maxage={_max_age}, stale-while-revalidate={_max_age * 10}, stale-if-error=86400"
)
"""Browsers ask again every time (which costs a 304), shared caches keep answers for API_CACHE_SECONDS."""

if os.environ.get("REDIS_URL"):
    CACHES = {"default": {"BACKEND": "cms.shared_cache.SharedCache", "LOCATION": os.environ["REDIS_URL"]}}

API_THROTTLE = os.environ.get("API_THROTTLE", "1200/min")
"""Requests that one address may make at once, and the time in which it may make as many again; empty: no limit."""
API_THROTTLE_REDIS_URL = os.environ.get("REDIS_URL") or ""
"""Where all processes count together; empty: each for itself."""

API_CACHE_TAG_HEADER = os.environ.get("API_CACHE_TAG_HEADER", "Cache-Tag")
"""The header that names what an answer is made of, as the cache in front wants it: ``Cache-Tag`` (Cloudflare, Akamai,
Netlify), ``Surrogate-Key`` (Fastly), ``xkey`` (Varnish); empty: none."""
API_CACHE_TAG_SEPARATOR = os.environ.get("API_CACHE_TAG_SEPARATOR") or (
    "," if API_CACHE_TAG_HEADER.lower() in {"cache-tag", "edge-cache-tag"} else " "
)
"""What stands between two names there."""

API_CURSOR_SECONDS = 1.0
"""How old the number in Content-Cursor may be: each process asks for it once in so many seconds."""

API_WEBHOOKS_PRIVATE = env_bool("API_WEBHOOKS_PRIVATE", default=False)
"""Webhooks may go to private addresses: for developing, and where all editors are trusted with the internal network."""
API_PURGERS: list[dict[str, Any]] = []
"""Shared caches to purge before webhooks are sent; see `api.webhooks.purging`."""
if os.environ.get("PURGE_URL"):
    API_PURGERS.append({"BACKEND": "api.webhooks.purging.varnish", "OPTIONS": {"url": os.environ["PURGE_URL"]}})

API_JOURNAL_DAYS = env_int("API_JOURNAL_DAYS", 90)
"""How long the change feed tells of what is gone; who has not asked for longer starts again."""

PUBLIC_RENDITIONS = {
    "thumbnail": "fill-320x180",
    "small": "width-480",
    "medium": "width-960",
    "large": "width-1600",
}
"""Renditions of every image that is shown to readers, by the names that front ends use."""

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "api.openapi.operations.ContentSchema",
    "EXCEPTION_HANDLER": "api.http.exception_handler.answer_exception",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    # How many proxies stand before this server; unset would let clients name their own address.
    "NUM_PROXIES": env_int("NUM_PROXIES", 0),
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Content API",
    "VERSION": "1.0.0",
    "DESCRIPTION": (
        "Published articles, the schools they list and the tree they stand in.  Read-only and anonymous.  Every answer "
        "is made of what readers may see at that moment; errors are problem documents (RFC 9457); lists are read by "
        "cursor."
    ),
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["api.openapi.document.complete"],
}
