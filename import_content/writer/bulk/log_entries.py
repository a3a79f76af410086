"""Entries of Wagtail's audit log for articles, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import connections
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry

from import_content.writer.bulk.content_types import article_type
from import_content.writer.log_context import event_uuid
from pages.tables import Table, Values


class LogRow(NamedTuple):
    """What differs between the entries of a batch."""

    key: str
    """Of the source."""
    page_id: int
    title: str
    moment: datetime
    action: str
    data: Mapping[str, Any]
    revision_id: int | None
    content_changed: bool
    part: str = ""
    """See `import_content.writer.log_context.event_uuid`."""


_COLUMNS = ("page_id", "label", "timestamp", "action", "data", "revision_id", "content_changed", "uuid")


def insert_log_entries(
    rows: Iterable[LogRow], *, user: AbstractBaseUser | None, using: str, deleted: bool = False
) -> None:
    """One statement, none without rows.  Without `user` the entries carry the active log context's."""
    rows = list(rows)
    if not rows:
        return
    context = get_active_log_context()
    author = user or context.user
    author_id = author.pk if author is not None else None
    blank = PageLogEntry(content_type=article_type(), user_id=author_id, deleted=deleted)
    values = Values(connections[using])

    @cache
    def event(key: str, part: str) -> Any:
        identifier = event_uuid(context.uuid, key, part)
        return values.uuid(identifier) if identifier is not None else None

    Table(PageLogEntry, blank, _COLUMNS, using=using).insert(
        (
            row.page_id,
            row.title,
            values.moment(row.moment),
            row.action,
            json.dumps(row.data) if row.data else "{}",
            row.revision_id,
            row.content_changed,
            event(row.key, row.part),
        )
        for row in rows
    )
