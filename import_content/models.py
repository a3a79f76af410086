"""The ledger: what imports did, and what they wrote last.

The base of later merges lives here and not in Wagtail's revisions, because those can be purged and autosave rewrites
them in place.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    IMPORT = "import", _("import")
    UNDO = "undo", _("undo")


class RunState(models.TextChoices):
    ENQUEUEING = "enqueueing", _("being handed out")
    """Its sources are being stored for workers, or that was stopped before its end."""
    RUNNING = "running", _("running")
    """Under way, or killed: what it had committed stands, and running the import again completes it."""
    FINISHED = "finished", _("finished")


class Outcome(models.TextChoices):
    """What became of one source."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    MERGED = "merged", _("merged")
    CONFLICT = "conflict", _("merged, with conflicts")
    UNCHANGED = "unchanged", _("unchanged")
    FOLLOWED = "followed", _("its source was moved or renamed")
    PROPOSED = "proposed", _("not written: somebody is at work on it")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")
    UNPUBLISHED = "unpublished", _("unpublished, as its source is gone")
    VANISHED = "vanished", _("its source is gone")
    REVERSED = "reversed", _("reversed")
    KEPT = "kept", _("kept, as an editor touched it since")
    BLOCKED = "blocked", _("blocked by something else")


WROTE = (Outcome.CREATED, Outcome.UPDATED, Outcome.MERGED, Outcome.CONFLICT, Outcome.UNPUBLISHED)
"""Outcomes after which an undo has something to take back."""


class ImportRun(models.Model):
    """One start of an import or an undo that had something to write down."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """What the uuids of its entries in Wagtail's audit log are made of: see `import_content.writer.log_context`."""
    kind = models.CharField(max_length=10, choices=RunKind, default=RunKind.IMPORT)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    parent = models.ForeignKey(
        "pages.ArticleIndexPage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by")
    collection = models.CharField(max_length=100, blank=True)
    publish = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    """Outcome to number of sources, committed with each batch."""
    school_ids = models.JSONField(default=list)
    """Records of schools that the run made."""
    options = models.JSONField(default=dict)
    """What workers must know of a run that they share; empty for one that was carried out in place."""

    wagtail_reference_index_ignore = True  # the ledger's mention of a page is no use of it

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        permissions = [
            ("import_articles", "Can import articles"),
            ("resolve_conflicts", "Can resolve import conflicts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class SourceRecordQuerySet(models.QuerySet["SourceRecord"]):
    def imported_under(self, parent_id: int, collection: str) -> SourceRecordQuerySet:
        return self.filter(parent=parent_id, collection=collection)

    def from_folder(self, root: str) -> SourceRecordQuerySet:
        return self.filter(root=root)


class SourceRecord(models.Model):
    """A source and the page made of it.  The key is the identity, across runs and machines."""

    key = models.CharField(max_length=700, unique=True)
    """``path/in/the/folder.txt``; with a collection ``collection:path/in/the/folder.txt``."""
    collection = models.CharField(max_length=100, blank=True)
    page = models.OneToOneField("pages.ArticlePage", null=True, on_delete=models.SET_NULL, related_name="import_source")
    """None: a person deleted the page."""
    page_ref = models.BigIntegerField()
    """The page's id, also after its deletion."""
    parent = models.ForeignKey("pages.ArticleIndexPage", null=True, on_delete=models.SET_NULL, related_name="+")
    root = models.CharField(max_length=1000, blank=True)
    """The folder, on the machine that imported it, that the key is relative to; empty for standard input."""
    source_hash = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the bytes, and of the profile they were read with."""
    base = models.JSONField()
    """``{"title", "introduction", "body", "names"}``: the source as last imported, its blocks under the ids they have
    in the page, schools as record ids; `names` maps normalised printed names to these ids."""
    provenance = models.JSONField(default=dict)
    """Block id, or ``title`` and ``introduction``, to where it came from:
    ``[{"spans": [[start, end]], "rule", "confidence", "alternatives"}]``."""
    page_state = models.CharField(max_length=64)
    """Fingerprint of the page as the importer left it."""
    proposal = models.CharField(max_length=64, blank=True)
    """The source that was last proposed and could not be written, so that it is said once in the ledger."""
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SourceRecordQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # the ledger's mention of a page is no use of it

    class Meta:
        ordering = ["key"]
        verbose_name = _("imported source")
        verbose_name_plural = _("imported sources")

    def __str__(self) -> str:
        return self.key


class KeptSource(models.Model):
    """The bytes of a source, once however often they were imported."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    """Bytes as they were read."""
    data = models.BinaryField(blank=True)
    """Compressed (zlib); empty where they lie in an object store."""
    storage_name = models.CharField(max_length=200, blank=True)
    """Their name in the object store."""
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        verbose_name = _("kept source")
        verbose_name_plural = _("kept sources")

    def __str__(self) -> str:
        return self.sha256


class SourceVersion(models.Model):
    """Which bytes a source had when a run made something of it."""

    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="versions")
    source = models.ForeignKey(KeptSource, on_delete=models.PROTECT, related_name="versions")
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.SET_NULL, related_name="+")
    source_hash = models.CharField(max_length=64)
    """As in the record: the bytes and the profile they were read with."""
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        verbose_name = _("version of a source")
        verbose_name_plural = _("versions of sources")

    def __str__(self) -> str:
        return f"{self.record}: {self.source}"


class ImportItem(models.Model):
    """What a run did with one source."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items")
    record = models.ForeignKey(SourceRecord, null=True, on_delete=models.SET_NULL, related_name="items")
    key = models.CharField(max_length=700, db_index=True)
    outcome = models.CharField(max_length=12, choices=Outcome)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    page = models.ForeignKey("pages.ArticlePage", null=True, on_delete=models.SET_NULL, related_name="import_items")
    before = models.JSONField(null=True, blank=True)
    """What an undo restores: the page's content on both tracks, and the record as they were."""
    page_state = models.CharField(max_length=64, blank=True)
    """Fingerprint of the page as this item left it: an undo keeps what has another one."""
    uncertain = models.PositiveIntegerField(default=0)
    """Blocks that the parser was not sure of."""
    undone_by = models.ForeignKey(ImportRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True  # the ledger's mention of a page is no use of it

    class Meta:
        ordering = ["pk"]
        verbose_name = _("import item")
        verbose_name_plural = _("import items")

    def __str__(self) -> str:
        return f"{self.key}: {self.outcome}"


class BatchQuerySet(models.QuerySet["ImportBatch"]):
    def waiting(self) -> BatchQuerySet:
        """Not finished, whether or not somebody has begun them."""
        return self.filter(finished_at=None)

    def stored_bytes(self) -> int:
        return self.waiting().aggregate(total=models.Sum("size"))["total"] or 0


class ImportBatch(models.Model):
    """A part of a run that one worker carries out in one transaction, with all that it needs from the machine where
    the sources are.

    The bytes are in the database because that is the one place that every worker must reach anyway; they commit with
    the batch, no reader of the site's media can come upon them, and a queue that loses its memory loses none.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    sources = models.PositiveIntegerField()
    """How many there are in it."""
    payload = models.BinaryField()
    """The sources, packed; empty once the batch is finished."""
    size = models.PositiveIntegerField()
    """Bytes of the payload, also after it was emptied."""
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    """Who began it last: ``machine:name``."""
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    """What ended the last attempt."""

    objects = BatchQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["run", "number"]
        verbose_name = _("import batch")
        verbose_name_plural = _("import batches")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_batch_number")]

    def __str__(self) -> str:
        return f"{self.run}, batch {self.number}"


class ConflictQuerySet(models.QuerySet["ImportConflict"]):
    def open(self) -> ConflictQuerySet:
        return self.filter(resolution="")

    def newest_first(self) -> ConflictQuerySet:
        return self.order_by(Coalesce("resolved_at", "item__created_at").desc(), "pk")


class Resolution(models.TextChoices):
    OURS = "ours", _("the editor's version stays")
    THEIRS = "theirs", _("the source's version was taken")
    EDITED = "edited", _("somebody wrote a third version")
    UNDONE = "undone", _("the import was taken back")


class ImportConflict(models.Model):
    """A place where source and editor said different things.  The page keeps the editor's words until a person
    decides."""

    item = models.ForeignKey(ImportItem, on_delete=models.CASCADE, related_name="conflicts")
    record = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="conflicts")
    path = models.CharField(max_length=255)
    """``title``, ``introduction``, ``body/<block id>``, ``body/<block id>/<field>`` or
    ``body/<block id>/<entry id>/<field>``."""
    place = models.CharField(max_length=255)
    """The same for people: ``section “Costs”, text``."""
    kind = models.CharField(max_length=30)
    base = models.JSONField(null=True)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    on_live = models.BooleanField(default=False)
    on_draft = models.BooleanField(default=False)
    resolution = models.CharField(max_length=10, choices=Resolution, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ConflictQuerySet.as_manager()

    wagtail_reference_index_ignore = True  # the ledger's mention of a page is no use of it

    class Meta:
        ordering = ["pk"]
        verbose_name = _("import conflict")
        verbose_name_plural = _("import conflicts")

    def __str__(self) -> str:
        return f"{self.record}: {self.place}"
