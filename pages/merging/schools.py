"""Merges records of schools: one takes the place of others in every article, and answers to their names.

The rows of pages and the revisions that hold drafts are rewritten in place, so that no draft is published and no
published page turns into a draft.  Nothing undoes a merge; the history of each page says that it was part of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from modelcluster.models import get_serializable_data_for_fields
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision

from pages.blocks import Json
from pages.merging.articles import drafts, rewrite_articles, stream_of
from pages.models import MergedSchool, School, SchoolAlias
from pages.names import normalise_name
from pages.signals import schools_merged

PAGE_ACTION = "pages.schools_merged"
"""In the history of a page whose listings name another record since."""
SCHOOL_ACTION = "pages.merged_into"
"""In the history of the record that took the place of others."""
TAKEN_OVER = ("website", "city", "region", "country", "description", "logo_id")
"""Fields that the record that stays takes from the others where it has none."""
BATCH_SIZE = 100


class MergeRefusedError(Exception):
    """These records cannot be merged; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What a merge has rewritten."""

    school: School
    merged: int
    """Records that are gone."""
    pages: int
    """Pages whose live version or whose drafts were rewritten."""


@transaction.atomic
def merge_schools(schools: Sequence[School], into: School, *, user: Any = None) -> MergeResult:
    """Let `into` take the place of `schools`, which are deleted.  All of it or nothing.

    Raises `MergeRefusedError`.  Queries grow with the number of pages that list the schools, not with that of pages.
    """
    ids = sorted({school.pk for school in schools} - {into.pk})
    locked = {
        school.pk: school for school in School.objects.select_for_update(of=("self",)).filter(pk__in=[*ids, into.pk])
    }
    if into.pk not in locked or set(ids) - locked.keys():
        raise MergeRefusedError("One of these schools is gone. Look at the list again.")
    into = locked[into.pk]
    gone = [locked[pk] for pk in ids]
    if not gone:
        raise MergeRefusedError("Choose another school than the one that is to be merged.")
    if any(school.locale_id != into.locale_id for school in gone):
        raise MergeRefusedError("Schools of two languages cannot be merged: each language has records of its own.")
    if locked_record := next((school for school in (*gone, into) if school.locked), None):
        raise MergeRefusedError(f"“{locked_record.name}” is locked.")
    replaced_by: dict[int, int] = {pk: into.pk for pk in ids}  # noqa: C420 -- typed
    pages = _rewrite_pages(replaced_by, gone, into, user)
    _take_over(gone, into)
    _remember(gone, into, user)
    schools_merged.send(sender=School, replaced_by=replaced_by)
    names = [school.name for school in gone]
    log(into, SCHOOL_ACTION, user=user, data={"names": names, "pages": pages})
    for school in gone:
        log(school, "wagtail.delete", user=user, deleted=True)
        school.delete()
    return MergeResult(into, len(gone), pages)


def pages_listing(school_ids: Iterable[int]) -> set[int]:
    """Ids of pages whose live version, draft or scheduled version lists one of these schools.

    Two queries, and one for each batch of drafts: the reference index knows the rows of pages, no drafts.
    """
    wanted = set(school_ids)
    rows = _references(wanted).values_list("base_content_type", "object_id")
    page_type = ContentType.objects.get_for_model(Page)
    others = {type_id for type_id, _ in rows if type_id != page_type.pk}
    if others:
        raise MergeRefusedError("Something else than an article refers to these schools.")
    found = {int(pk) for _, pk in rows}
    for page_id, content in _draft_contents():
        if page_id not in found and wanted & set(listed_schools(content)):
            found.add(page_id)
    return found


def _references(school_ids: Iterable[int]) -> Any:
    school_type = ContentType.objects.get_for_model(School)
    return ReferenceIndex.objects.filter(
        to_content_type=school_type, to_object_id__in=[str(pk) for pk in school_ids]
    ).exclude(base_content_type=school_type)


def _draft_contents() -> Iterator[tuple[int, Json]]:
    """Page and content of each draft and of each scheduled version."""
    revisions = Revision.objects.filter(
        Q(pk__in=drafts().values("latest_revision"))
        | Q(approved_go_live_at__isnull=False, base_content_type=ContentType.objects.get_for_model(Page))
    )
    for page_id, content in revisions.values_list("object_id", "content").iterator(chunk_size=BATCH_SIZE):
        yield int(page_id), content


def listed_schools(content: Json) -> Iterator[int]:
    """Ids of the schools that an article's revision lists."""
    for block in stream_of(content):
        if block["type"] == "school_listing":
            for entry in block["value"]["schools"]:
                school = entry.get("value", entry).get("school")
                if school:
                    yield int(school)


def _rewrite_pages(replaced_by: Mapping[int, int], gone: Sequence[School], into: School, user: Any) -> int:
    """How many pages there were."""
    data = {"schools": [school.name for school in gone], "into": into.name}
    return rewrite_articles(
        pages_listing(replaced_by),
        lambda body: with_schools_replaced(body, replaced_by),
        action=PAGE_ACTION,
        data=data,
        user=user,
    )


def with_schools_replaced(body: Sequence[Json], replaced_by: Mapping[int, int]) -> list[Json]:
    """Raw stream data that lists other records.

    Where a listing has the record already, or several of those that are replaced, one entry stays, with what each said.
    """
    return [_replaced(block, replaced_by) if block["type"] == "school_listing" else block for block in body]


def _replaced(block: Json, replaced_by: Mapping[int, int]) -> Json:
    entries: list[Json] = []
    place: dict[int, int] = {}
    targets = set(replaced_by.values())
    for entry in block["value"]["schools"]:
        wrapped = "value" in entry
        value = entry["value"] if wrapped else entry
        school = replaced_by.get(value.get("school"), value.get("school"))
        if school in targets and school in place:
            _join(entries, place[school], value.get("description") or "")
            continue
        place.setdefault(school, len(entries))
        value = {**value, "school": school}
        entries.append({**entry, "value": value} if wrapped else value)
    return {**block, "value": {**block["value"], "schools": entries}}


def _join(entries: list[Json], number: int, description: str) -> None:
    """Add a description to an entry that has another one."""
    entry = entries[number]
    wrapped = "value" in entry
    value = entry["value"] if wrapped else entry
    before = value.get("description") or ""
    if description and description not in before:
        value = {**value, "description": before + description}
        entries[number] = {**entry, "value": value} if wrapped else value


def _take_over(gone: Sequence[School], into: School) -> None:
    """Names become other names; what `into` lacks it gets, in its draft as well."""
    taken = {}
    for name in TAKEN_OVER:
        value = next((getattr(school, name) for school in gone if getattr(school, name)), None)
        if value and not getattr(into, name):
            taken[name] = value
            setattr(into, name, value)
    known = {into.normalised_name, *into.aliases.values_list("normalised_name", flat=True)}
    names = [name for school in gone for name in (school.name, *school.aliases.values_list("name", flat=True))]
    new = {key: name for name in names if (key := normalise_name(name)) not in known}
    SchoolAlias.objects.filter(school__in=gone).delete()
    made = [SchoolAlias.objects.create(school=into, name=name) for name in new.values()]
    into.save()
    _add_to_drafts(into, taken, made)


def _add_to_drafts(into: School, taken: Mapping[str, Any], aliases: Sequence[SchoolAlias]) -> None:
    """A draft that is published later would take away what it does not have."""
    changed = []
    for revision in into.revisions.filter(Q(pk=into.latest_revision_id) | Q(approved_go_live_at__isnull=False)):
        content = {**revision.content}
        for name, value in taken.items():
            key = name.removesuffix("_id")
            content[key] = content.get(key) or value
        content["aliases"] = [*content.get("aliases", []), *map(get_serializable_data_for_fields, aliases)]
        revision.content = content
        changed.append(revision)
    Revision.objects.bulk_update(changed, ["content"])


def _remember(gone: Sequence[School], into: School, user: Any) -> None:
    """So that whoever asks for a record that is gone is sent to `into`."""
    MergedSchool.objects.filter(school__in=gone).update(school=into)
    MergedSchool.objects.bulk_create(
        MergedSchool(
            former_id=school.pk,
            translation_key=school.translation_key,
            locale_id=school.locale_id,
            slug=school.slug,
            name=school.name,
            school=into,
            was_public=school.first_published_at is not None or school.live,
            merged_by=user,
        )
        for school in gone
    )
