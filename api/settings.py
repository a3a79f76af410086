"""The API's settings, read when they are needed."""

from __future__ import annotations

from django.conf import settings


def cache_control() -> str:
    return str(settings.API_CACHE_CONTROL)
