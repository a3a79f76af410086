"""Scheduled publishing: what is due is expired or published, one item at a time.

Wagtail's own command does the same in one go and stops at the first item that cannot be published, which then blocks
every later one.  Here each item has a transaction of its own; one that fails is rolled back and reported, and stays
due, so that the next run tries it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger("cms.scheduling")


class Action(StrEnum):
    EXPIRE = "expire"
    PUBLISH = "publish"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is due."""

    action: Action
    moment: datetime
    kind: str
    """Name of the model."""
    name: str
    still_due: QuerySet[Any]
    """The one row to act on, or none any more."""
    act: Callable[[Any], None]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} “{self.name}”, due {self.moment:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Outcome:
    item: Item
    error: Exception | None = None


def due(now: datetime | None = None) -> Iterator[Item]:
    """Everything that should have expired or gone live before `now`: the oldest of each kind first."""
    now = now or timezone.now()
    for model in _publishable():
        yield from _expired(model, now)
    revisions = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at", "pk")
    for pk, moment, name, model_name in list(
        revisions.values_list("pk", "approved_go_live_at", "object_str", "content_type__model")
    ):
        yield Item(Action.PUBLISH, moment, model_name, name, revisions.filter(pk=pk), _publish)


def carry_out(item: Item) -> Outcome | None:
    """Act on the item in a transaction of its own; None where it is no longer due, because somebody else acted."""
    try:
        with transaction.atomic():
            row = item.still_due.select_for_update(of=("self",)).first()
            if row is None:
                return None
            item.act(row)
    except Exception as error:
        logger.exception("could not %s", item)
        return Outcome(item, error)
    return Outcome(item)


def _publishable() -> list[Any]:
    """Models with a live state; all pages are one of them."""
    snippets = [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page) and not model._meta.proxy
    ]
    return [Page, *snippets]


def _expired(model: Any, now: datetime) -> Iterator[Item]:
    rows: QuerySet[Any] = model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at", "pk")
    for row in list(rows):
        kind = row.specific_class._meta.model_name if isinstance(row, Page) else model._meta.model_name
        yield Item(Action.EXPIRE, row.expire_at, kind, str(row), rows.filter(pk=row.pk), _expire)


def _expire(row: Any) -> None:
    row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Any) -> None:
    content: Model | None = revision.content_object
    if content is None:
        raise LookupError("what it is a revision of was deleted")
    revision.publish(log_action="wagtail.publish.scheduled")
