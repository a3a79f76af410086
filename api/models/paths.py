"""Paths at which readers found a page once."""

from __future__ import annotations

import hashlib

from django.db import models


def key_of(url_path: str) -> str:
    """Stands for a path in an index: a path may be longer than an index of PostgreSQL's takes."""
    return hashlib.blake2b(url_path.encode(), digest_size=16).hexdigest()


class WithdrawnPath(models.Model):
    """A page that readers could see stood here, and was withdrawn; see `api.paths.withdrawn`, which writes these rows.

    The page may be deleted, so nothing here points at it.
    """

    page_id = models.BigIntegerField()
    path_key = models.CharField(max_length=32)
    url_path = models.TextField()
    """In the tree, as `Page.url_path` has it."""
    withdrawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["path_key", "page_id"], name="api_withdrawn_once")]

    def __str__(self) -> str:
        return f"{self.url_path} (page {self.page_id})"
