"""Records for the names of schools that articles print: found, or made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Locale, ModelLogEntry
from wagtail.search.backends import get_search_backends

from import_content import log_actions as audit
from import_content.schools.matching import find_schools
from import_content.schools.new_names import deleted_names
from import_content.writer.log_context import school_event_uuid
from import_content.writer.search_entries import SearchedFields, SearchEntries, other_backends
from pages.models import School
from pages.models.schools import free_slug
from pages.names import normalise_name
from pages.signals import rows_written

MAX_NAME_CHARACTERS = 255
TICK = timedelta(microseconds=1)


@dataclass(slots=True)
class Schools:
    """Records for printed names."""

    ids: dict[str, int] = field(default_factory=dict)
    """By normalised name."""
    new: list[int] = field(default_factory=list)
    """Those that were made."""

    def add(self, other: Schools) -> None:
        self.ids.update(other.ids)
        self.new += other.new


def bind_names(names: Collection[str], *, live: bool, locale_id: int | None = None) -> dict[str, int]:
    """As `find_or_make`: normalised name to record for every name."""
    return find_or_make(names, live=live, locale_id=locale_id or Locale.get_default().pk).ids


def find_or_make(names: Collection[str], *, live: bool, locale_id: int) -> Schools:
    """Records for all names; those that are missing are made, in order.

    A record that exists is never changed, but for one thing: a draft that an import made and nobody has edited is
    published when a live article lists it.  What somebody has deleted is made again as a draft.

    Needs a transaction of the caller's.  Raises `ValidationError` for a name that no record can have.
    """
    if not names:
        return Schools()
    first_spelling = {normalise_name(name): name for name in reversed(list(names))}
    ordered = {normalise_name(name): first_spelling[normalise_name(name)] for name in names}
    for name in ordered.values():
        if not normalise_name(name) or len(name) > MAX_NAME_CHARACTERS:
            raise ValidationError(
                f"“{name[:60]}” cannot be the name of a school: 1 to {MAX_NAME_CHARACTERS} characters"
            )
    found = find_schools(ordered.values(), locale_id=locale_id)
    missing = [name for normalised, name in ordered.items() if normalised not in found]
    made = Schools()
    deleted = deleted_names() if missing else set()
    for is_live in (True, False):
        chosen = [name for name in missing if (live and normalise_name(name) not in deleted) is is_live]
        made.add(_make(chosen, live=is_live, locale_id=locale_id))
    if live:
        publish_untouched(found.values())
    return Schools({**found, **made.ids}, made.new)


def _make(names: list[str], *, live: bool, locale_id: int) -> Schools:
    """New records; where another import is quicker, its records."""
    made = Schools()
    while names:
        schools = _new(names, live=live, locale_id=locale_id)
        try:
            with transaction.atomic():
                School.objects.bulk_create(schools)
        except IntegrityError:
            there = find_schools(names, locale_id=locale_id)
            if not there:
                raise
            made.ids |= there
            names = [name for name in names if normalise_name(name) not in there]
            continue
        _index_new(schools)
        _log(schools, [audit.IMPORT, *(["wagtail.publish"] if live else [])])
        rows_written.send(sender=School, ids=[school.pk for school in schools])
        made.add(Schools({school.normalised_name: school.pk for school in schools}, [school.pk for school in schools]))
        break
    return made


def _new(names: list[str], *, live: bool, locale_id: int) -> list[School]:
    now = timezone.now()
    slugs = _free_slugs(names, locale_id=locale_id)
    return [
        School(
            name=name,
            normalised_name=normalise_name(name),
            slug=slug,
            locale_id=locale_id,
            live=live,
            has_unpublished_changes=not live,
            first_published_at=now if live else None,
            last_published_at=now if live else None,
        )
        for name, slug in zip(names, slugs, strict=True)
    ]


def _free_slugs(names: list[str], *, locale_id: int) -> list[str]:
    there = School.objects.filter(locale_id=locale_id)
    wanted = {free_slug(name, set()) for name in names}
    taken = set(there.filter(slug__in=wanted).values_list("slug", flat=True))
    for slug in list(taken):
        taken.update(there.filter(slug__startswith=f"{slug}-").values_list("slug", flat=True))
    slugs: list[str] = []
    for name in names:
        slugs.append(free_slug(name, taken))
        taken.add(slugs[-1])
    return slugs


def _index_new(schools: list[School]) -> None:
    fields = SearchedFields(School)
    SearchEntries(using=DEFAULT_DB_ALIAS).insert(School, [fields.entry(school) for school in schools])
    if other_backends():
        transaction.on_commit(lambda: _index_elsewhere(schools))


def _index_elsewhere(schools: list[School]) -> None:
    for backend in other_backends():
        backend.add_bulk(School, schools)


def _log(schools: Iterable[School], actions: Sequence[str]) -> None:
    """Write the same events into the history of each.  One query."""
    context = get_active_log_context()
    kind = ContentType.objects.get_for_model(School, for_concrete_model=False)
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(school.pk),
            label=str(school),
            action=action,
            timestamp=now + number * TICK,
            user=context.user,
            uuid=school_event_uuid(context.uuid, school.normalised_name),
            content_changed=True,
        )
        for school in schools
        for number, action in enumerate(actions)
    )


def publish_untouched(pks: Collection[int]) -> None:
    """Publish those that are drafts without a revision: an import made them, no editor ever saved them.

    Not those that somebody had deleted: they came back as drafts, and a person decides.
    """
    drafts = School.objects.filter(pk__in=pks, live=False, latest_revision=None, first_published_at=None, locked=False)
    names = dict(drafts.values_list("pk", "normalised_name"))
    deleted = deleted_names() if names else set()
    published = [pk for pk, name in names.items() if name not in deleted]
    if published:
        now = timezone.now()
        School.objects.filter(pk__in=published).update(
            live=True, has_unpublished_changes=False, first_published_at=now, last_published_at=now
        )
        index_schools(published)
        _log(School.objects.filter(pk__in=published).order_by("pk"), ["wagtail.publish"])
        rows_written.send(sender=School, ids=published)


def index_schools(pks: Collection[int]) -> None:
    """Write search entries for records that were written without `save`."""
    schools = list(School.objects.filter(pk__in=pks).prefetch_related("aliases"))
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(School, schools)
