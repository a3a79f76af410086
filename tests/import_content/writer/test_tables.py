"""Rows on their way into one table."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from taggit.models import Tag

from pages.tables import Table


@pytest.fixture
def alarm() -> Iterator[None]:
    """Ends a test that waits for ever."""

    def ring(number: int, frame: Any) -> None:
        raise TimeoutError("it waits for ever")

    former = signal.signal(signal.SIGALRM, ring)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, former)


@pytest.mark.django_db
def test_rows_may_ask_the_database_while_they_are_made(alarm: None) -> None:
    """A worker's process has cached nothing yet, such as the ids of content types."""

    def rows() -> Iterator[tuple[str, str]]:
        for name in ("a", "b"):
            yield name, f"{name}-{ContentType.objects.count()}"

    Table(Tag, Tag(), ("name", "slug"), using="default").insert(rows())

    assert Tag.objects.count() == 2
