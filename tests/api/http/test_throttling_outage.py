"""The cache that counts requests may be out of reach."""

from __future__ import annotations

import logging
from typing import Any

import pytest


@pytest.mark.django_db
def test_without_its_cache_the_api_answers_and_says_so_in_the_log(
    client: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.API_THROTTLE = "1/min"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    with caplog.at_level(logging.WARNING, logger="api"):
        statuses = [client.get("/api/v1/articles/").status_code for _ in range(2)]
    assert statuses == [200, 200]
    assert "Requests are not counted" in caplog.text
