from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

API = "/api/v1/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Ids come again from test to test; what was cached of them must not."""
    cache.clear()


@pytest.fixture
def get(client: Client, db: None) -> Callable[..., Any]:
    """``get("articles/", limit=5)`` is the JSON of a 200; other statuses fail the test."""

    def read(path: str, /, **parameters: Any) -> Any:
        response = client.get(API + path, parameters)
        assert response.status_code == 200, response.content
        return response.json()

    return read
