"""The signals of `pages`: articles became public, or stopped being public; schools were merged.

Sent inside the transaction that makes the change, once for many objects, so that a receiver's rows commit with it.
Effects outside the database belong into `transaction.on_commit`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.dispatch import Signal

Receiver = TypeVar("Receiver", bound=Callable[..., Any])

publicity_changed = Signal()
"""Arguments: `published` (ids of articles whose public form was written) and `withdrawn` (ids of pages of any kind that
are no longer live), both tuples of int; `deleted`: those that are withdrawn, live or not, are being deleted, and their
rows and those of their restrictions are still there to be asked."""

schools_merged = Signal()
"""Arguments: `replaced_by`, a mapping of the ids of schools that were merged away to the id of the one that takes their
place.  Listings in pages and drafts name that one already; the old records are still there, and are deleted next."""

rows_written = Signal()
"""Sent by whoever writes rows without `save`, such as bulk writers.  The sender is the model; `ids`: of its rows."""


def hears_bulk_writes(receiver: Receiver) -> Receiver:
    """Mark a receiver of `pre_save`, `post_save` and the like that misses nothing where rows are written without
    `save`: the signals above tell the same.  No writer has to go row by row because of it."""
    receiver.hears_bulk_writes = True  # type: ignore[attr-defined]  # read by `is_told_of_bulk_writes`
    return receiver


def is_told_of_bulk_writes(receiver: Any) -> bool:
    return getattr(receiver, "hears_bulk_writes", False) is True
