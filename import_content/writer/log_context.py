"""Which entries of Wagtail's audit log belong together.

Wagtail's history shows one entry for each uuid and action, of all pages: a run's own uuid on the entries of all its
pages would leave all of them but one with an empty history.  So each source of a run has one of its own, made of both.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from wagtail.log_actions import LogContext, get_active_log_context

DRAFT = "draft"


def event_uuid(run: uuid.UUID | None, key: str, part: str = "") -> uuid.UUID | None:
    """Give the uuid for the entries of one source in a run.

    `part` tells apart what a history must not take for one event: a draft that is revised beside its live version.
    """
    return uuid.uuid5(run, f"{part}\0{key}" if part else key) if run is not None else None


def school_event_uuid(run: uuid.UUID | None, normalised_name: str) -> uuid.UUID | None:
    return event_uuid(run, normalised_name, "school")


@contextmanager
def event_context(key: str, part: str = "") -> Iterator[None]:
    """Log what is done with one source under a uuid of its own, by the user and in the run of the active context."""
    run = get_active_log_context()
    context = LogContext(user=run.user, generate_uuid=False)
    context.uuid = event_uuid(run.uuid, key, part)
    with context:
        yield
