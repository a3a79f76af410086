"""Removes records of schools that an undone import made and that nobody uses."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex, Revision

from import_content import log_actions as audit
from import_content.article_content import listed
from pages.models import ArticlePage, School

ADDED_BY_EDITORS = ("website", "city", "region", "country", "description")


def remove_unused(school_ids: Collection[int]) -> list[str]:
    """Delete those that no page lists, no draft lists, and no editor has touched; returns their names."""
    candidates = School.objects.select_for_update(of=("self",)).filter(pk__in=school_ids, latest_revision=None)
    candidates = candidates.filter(locked=False, logo=None, aliases=None, published_listings=None)
    untouched = candidates.filter(**dict.fromkeys(ADDED_BY_EDITORS, ""))
    free = _without_references(untouched)
    drafted = set(_listed_in_drafts()) if free else set()
    unused = [school for school in free if school.pk not in drafted]
    for school in unused:
        log(instance=school, action=audit.UNDO, uuid=uuid4(), deleted=True)
    School.objects.filter(pk__in=[school.pk for school in unused]).delete()
    return [school.name for school in unused]


def _without_references(schools: Iterable[School]) -> list[School]:
    """Those that nothing refers to, as Wagtail's index has it.  One query."""
    schools = list(schools)
    kind = ContentType.objects.get_for_model(School, for_concrete_model=False)
    keys = [str(school.pk) for school in schools]
    used = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id__in=keys)
    there = set(used.values_list("to_object_id", flat=True).distinct())
    return [school for school in schools if str(school.pk) not in there]


def _listed_in_drafts() -> Iterator[int]:
    """Records that the latest drafts list: the reference index knows the live versions only."""
    drafts = ArticlePage.objects.filter(Q(has_unpublished_changes=True) | Q(live=False))
    revisions = Revision.objects.filter(pk__in=drafts.values("latest_revision"))
    for content in revisions.values_list("content", flat=True).iterator(chunk_size=100):
        for block in _stream(content.get("body")):
            for entry in listed(block):
                yield entry["value"]["school"]


def _stream(body: Any) -> list[dict[str, Any]]:
    return json.loads(body) if isinstance(body, str) else body or []
