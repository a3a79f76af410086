"""What is remembered of schools' names beside the records: proposals that two are one, and records merged away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.schools import School
from pages.names import normalise_name


@dataclass(frozen=True, slots=True)
class SimilarNames:
    """A name that was met, and the older one that it may be another spelling of."""

    name: str
    similar_name: str
    source_key: str = ""
    """Where the name was met, for people."""


class SchoolNameProposalQuerySet(models.QuerySet["SchoolNameProposal"]):
    def open(self) -> SchoolNameProposalQuerySet:
        """Nobody has said that these are two schools."""
        return self.filter(dismissed_at=None)

    def propose(self, pairs: Iterable[SimilarNames], *, locale_id: int) -> None:
        """Store pairs of names; one that is stored already, in whichever order, stays as it is, a dismissed one
        dismissed.  One query; safe to repeat."""
        rows = [
            SchoolNameProposal(
                locale_id=locale_id,
                name=pair.name[:255],
                similar_name=pair.similar_name[:255],
                pair_digest=digest_of_pair(pair.name, pair.similar_name),
                source_key=pair.source_key[:700],
            )
            for pair in pairs
        ]
        if rows:
            self.bulk_create(rows, ignore_conflicts=True)


class SchoolNameProposal(models.Model):
    """Two names that may mean one school: for a person to merge the records, or to dismiss once and for all.

    Names and not records are kept, so that a dismissal outlives a record that is deleted and made again.
    """

    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=255)
    similar_name = models.CharField(_("similar name"), max_length=255)
    """The one that was there first."""
    pair_digest = models.CharField(max_length=32, editable=False)
    source_key = models.CharField(_("source"), max_length=700, blank=True)
    created_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SchoolNameProposalQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("proposal of similar names")
        verbose_name_plural = _("proposals of similar names")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["locale", "pair_digest"], name="pages_name_proposal_once")]

    def __str__(self) -> str:
        return f"{self.name} / {self.similar_name}"


def digest_of_pair(name: str, other: str) -> str:
    """The same for both orders and for every spelling that `normalise_name` does not tell apart."""
    names = sorted((normalise_name(name), normalise_name(other)))
    return hashlib.blake2b("\0".join(names).encode(), digest_size=16).hexdigest()


class MergedSchool(models.Model):
    """A record of a school that was merged into another and is gone: whoever asks for it is sent to the other."""

    former_id = models.BigIntegerField(unique=True)
    """The primary key that the record had; none is given out twice."""
    translation_key = models.UUIDField(db_index=True)
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=255)
    name = models.CharField(_("name"), max_length=255)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="merged_schools")
    """The record that took its place; itself never one that was merged away."""
    was_public = models.BooleanField(default=False)
    """Readers have seen the record: only then are they told where it went."""
    merged_at = models.DateTimeField(_("merged at"), auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("merged school")
        verbose_name_plural = _("merged schools")
        ordering = ["-merged_at", "-pk"]
        indexes = [models.Index(fields=["locale", "slug"], name="pages_merged_school_slug")]

    def __str__(self) -> str:
        return self.name
