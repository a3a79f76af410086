"""The journal: what became public, what changed, and what stopped being public.

See ``docs/decisions/0010-one-journal.md`` and `api.journal`, which writes and reads these rows.
"""

from __future__ import annotations

from django.db import models


class JournalMark(models.Model):
    """Something that readers may see was written; inserted in the transaction that wrote it.

    A mark says which objects to look at, not what became of them: that is found out from the committed rows, when
    the sequencer turns marks into entries.  Marks of different transactions never wait for each other.
    """

    kind = models.CharField(max_length=16)
    """``page``, ``school``, ``topic``, ``image``, ``document``, ``redirect``: `targets` holds ids; ``subtree``,
    ``collection``: tree paths; ``everything``: nothing."""
    targets = models.TextField()
    """A JSON array."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.targets[:60]}"


class JournalEntry(models.Model):
    """An object that is public in a site, or a tombstone.  One row per object and site: its latest change."""

    sequence = models.BigIntegerField(primary_key=True)
    """Given in commit order; a new change gives the object a new row with a new number."""
    site_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    locale = models.CharField(max_length=100)
    gone = models.BooleanField()
    why = models.CharField(max_length=60)
    """Words separated by spaces."""
    path = models.TextField()
    """As readers know it; empty where the object has none."""
    place = models.TextField()
    """`path` in the tree."""
    former = models.TextField()
    """JSON array of ``[path, sequence]``: paths that the object left, and with which change; oldest first."""
    own = models.CharField(max_length=32)
    """Digest of what the object itself says."""
    rev = models.CharField(max_length=32)
    """Digest of all that its detail route shows: differs if and only if that differs."""
    key = models.CharField(max_length=64)
    """SHA-256 of kind, id and locale: where the object stands in the tree of hashes."""
    uses = models.TextField()
    """Names of images and topics that are public because of it, separated by spaces."""
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site_id", "kind", "object_id"], name="api_journal_one_row_per_object")
        ]
        indexes = [
            models.Index(fields=["site_id", "sequence"], name="api_journal_in_order"),
            models.Index(fields=["site_id", "key"], name="api_journal_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {'delete' if self.gone else 'upsert'} {self.kind} {self.object_id}"


class JournalState(models.Model):
    """The journal as a whole; one row."""

    epoch = models.CharField(max_length=8)
    """Drawn when the journal began: cursors of another journal are not of this one."""
    sequence = models.BigIntegerField(default=0)
    """The latest number that was given."""
    horizon = models.BigIntegerField(default=0)
    """The latest number of a tombstone that was dropped: whoever has read no further has to start again."""
    checked_at = models.DateTimeField()
    """Until here, go-live and expiry dates were noticed."""
    next_due = models.DateTimeField(null=True)
    """The next such date, or an earlier moment."""
    sites = models.TextField(default="")
    """All sites, as they were when entries were last made."""

    def __str__(self) -> str:
        return f"journal {self.epoch} at {self.sequence}"


class JournalSum(models.Model):
    """How many objects of a kind and locale are public in a site, and the sum of their hashes."""

    site_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)
    locale = models.CharField(max_length=100)
    count = models.BigIntegerField()
    root = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site_id", "kind", "locale"], name="api_journal_one_sum")]

    def __str__(self) -> str:
        return f"{self.count} of {self.kind} {self.locale}"
