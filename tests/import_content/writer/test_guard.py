"""The bulk way steps aside for code that it does not know."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db.models.signals import post_save
from wagtail.signals import page_published

from import_content.writer.bulk import BulkWriter, objections
from import_content.writer.choose import choose_writer
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticlePage, School


def _listener(**kwargs: Any) -> None:
    """Somebody's code."""


def test_nothing_in_this_project_stands_against_the_bulk_way() -> None:
    assert objections() == []
    assert isinstance(choose_writer(), BulkWriter)


@pytest.mark.parametrize(("signal", "sender"), [(post_save, ArticlePage), (post_save, School), (page_published, None)])
def test_an_unknown_listener_sends_writers_the_ordinary_way_and_is_named(
    signal: Any, sender: Any, caplog: pytest.LogCaptureFixture
) -> None:
    signal.connect(_listener, sender=sender)
    try:
        with caplog.at_level(logging.WARNING):
            assert isinstance(choose_writer(), OrdinaryWriter)
        assert "test_guard._listener listens to" in caplog.text
    finally:
        signal.disconnect(_listener, sender=sender)


@pytest.mark.parametrize("method", ["save", "full_clean", "save_revision", "serializable_data"])
def test_an_overridden_method_sends_writers_the_ordinary_way(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def override(self: ArticlePage, *args: Any, **kwargs: Any) -> Any:
        return getattr(super(ArticlePage, self), method)(*args, **kwargs)

    monkeypatch.setattr(ArticlePage, method, override, raising=False)
    assert objections() == [f"pages.models.articles.ArticlePage overrides {method}()"]
