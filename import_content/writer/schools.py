"""Which school record a printed name means."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale
from wagtail.search.backends import get_search_backends

from pages.models import School, SchoolAlias
from pages.models.schools import free_slug
from pages.names import normalise_name

MAX_NAME = 255


def find_schools(names: Collection[str], *, locale_id: int) -> dict[str, int]:
    """Normalised name to record, for the names that a record or an alias has.  Two queries.

    A record's own name comes before an alias, an older record before a newer one.
    """
    wanted = {normalise_name(name) for name in names}
    aliases = SchoolAlias.objects.filter(normalised_name__in=wanted, school__locale_id=locale_id)
    own = School.objects.filter(normalised_name__in=wanted, locale_id=locale_id)
    return {
        **dict(aliases.order_by("-school_id").values_list("normalised_name", "school_id")),
        **dict(own.values_list("normalised_name", "pk")),
    }


def bind_names(names: Collection[str], *, live: bool, locale_id: int | None = None) -> dict[str, int]:
    """Normalised name to record for every name; records that are missing are made, in order.

    A record that exists is never changed, but for one thing: a draft that an import made and nobody has edited is
    published when a live article lists it.  Needs a transaction of the caller's.  Raises `ValidationError` for a
    name that no record can have.
    """
    locale = locale_id or Locale.get_default().pk
    first_spelling = {normalise_name(name): name for name in reversed(list(names))}
    ordered = {normalise_name(name): first_spelling[normalise_name(name)] for name in names}
    for name in ordered.values():
        if not normalise_name(name) or len(name) > MAX_NAME:
            raise ValidationError(f"“{name[:60]}” cannot be the name of a school: 1 to {MAX_NAME} characters")
    found = find_schools(ordered.values(), locale_id=locale)
    missing = [name for normalised, name in ordered.items() if normalised not in found]
    made = _make(missing, live=live, locale_id=locale)
    if live:
        publish_untouched(found.values())
    return {**found, **made}


def _make(names: list[str], *, live: bool, locale_id: int) -> dict[str, int]:
    if not names:
        return {}
    taken = set(School.objects.filter(locale_id=locale_id).values_list("slug", flat=True))
    now = timezone.now()
    schools: list[School] = []
    for name in names:
        slug = free_slug(name, taken)
        taken.add(slug)
        schools.append(
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
        )
    School.objects.bulk_create(schools)
    index_schools([school.pk for school in schools])
    return {school.normalised_name: school.pk for school in schools}


def publish_untouched(pks: Collection[int]) -> None:
    """Publish those that are drafts without a revision: an import made them, no editor ever saved them."""
    drafts = School.objects.filter(pk__in=pks, live=False, latest_revision=None, first_published_at=None, locked=False)
    published = list(drafts.values_list("pk", flat=True))
    if published:
        now = timezone.now()
        School.objects.filter(pk__in=published).update(
            live=True, has_unpublished_changes=False, first_published_at=now, last_published_at=now
        )
        index_schools(published)


def index_schools(pks: Collection[int]) -> None:
    """Write search entries for records that were written without `save`."""
    schools = list(School.objects.filter(pk__in=pks).prefetch_related("aliases"))
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(School, schools)
