"""Entries of Wagtail's audit log for articles, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import connections
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry

from import_content.writer.bulk.content_types import article_type
from pages.tables import Table, Values


class LogRow(NamedTuple):
    """What differs between the entries of a batch."""

    page_id: int
    title: str
    moment: datetime
    action: str
    data: Mapping[str, Any]
    revision_id: int | None
    content_changed: bool


_COLUMNS = ("page_id", "label", "timestamp", "action", "data", "revision_id", "content_changed")


def insert_log_entries(rows: Iterable[LogRow], *, user: AbstractBaseUser | None, using: str) -> None:
    """One statement.  Without `user` the entries carry the active log context's."""
    context = get_active_log_context()
    author = user or context.user
    blank = PageLogEntry(
        content_type=article_type(), user_id=author.pk if author is not None else None, uuid=context.uuid
    )
    moment = Values(connections[using]).moment
    Table(PageLogEntry, blank, _COLUMNS, using=using).insert(
        (page, title, moment(when), action, json.dumps(data) if data else "{}", revision, changed)
        for page, title, when, action, data, revision, changed in rows
    )
