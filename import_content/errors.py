"""What stops an import before it begins."""

from __future__ import annotations


class UsageError(Exception):
    """What was asked cannot be done; nothing was read or written."""
