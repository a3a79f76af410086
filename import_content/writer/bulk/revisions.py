"""Revisions of articles, many at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.db import connections
from wagtail.models import Revision

from import_content.writer.bulk.content_types import article_type, page_type
from pages.tables import Table, Values


class RevisionRow(NamedTuple):
    """What differs between the revisions of a batch, in the order of `_COLUMNS`."""

    pk: int
    page_id: str
    created: datetime
    title: str
    content: str
    """JSON, as `Page.serializable_data` gives it."""


_COLUMNS = ("id", "object_id", "created_at", "object_str", "content")


def insert_revisions(rows: Iterable[RevisionRow], *, author: AbstractBaseUser | None, using: str) -> None:
    """One statement."""
    blank = Revision(
        content_type=article_type(), base_content_type=page_type(), user_id=author.pk if author is not None else None
    )
    moment = Values(connections[using]).moment
    Table(Revision, blank, _COLUMNS, using=using).insert(
        (pk, page_id, moment(created), title, content) for pk, page_id, created, title, content in rows
    )
