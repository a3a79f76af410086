"""Slugs of pages, unique among siblings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.conf import settings
from django.utils.text import slugify
from wagtail.models import Page

MAX_SLUG_CHARACTERS = 255
NUMBERS_LOOKED_UP = 10
"""Numbers behind a slug that are looked up at once; most titles need none."""


def wanted_slug(title: str) -> str:
    """The slug that a title asks for, with room left for a number."""
    unicode_allowed = getattr(settings, "WAGTAIL_ALLOW_UNICODE_SLUGS", True)
    return slugify(title, allow_unicode=unicode_allowed)[: MAX_SLUG_CHARACTERS - 15].strip("-_") or "article"


class SiblingSlugs:
    """Gives slugs that no child of `parent` has, nor any that was given before.  Needs the parent's lock."""

    def __init__(self, parent: Page, wanted: Collection[str]) -> None:
        self._siblings = Page.objects.child_of(parent)
        self._taken: set[str] = set()
        self._families: set[str] = set()
        self._look_up(wanted)
        clashing = [*self._taken, *(slug for slug, times in Counter(wanted).items() if times > 1)]
        self._look_up({f"{slug}-{number}" for slug in clashing for number in range(2, NUMBERS_LOOKED_UP)})
        self._looked_up = set(clashing)

    def give(self, wanted: str) -> str:
        """`wanted`, or the first of ``wanted-2``, ``wanted-3`` ... that is free."""
        slug, number = wanted, 2
        while slug in self._taken:
            if wanted not in self._families and (wanted not in self._looked_up or number == NUMBERS_LOOKED_UP):
                self._look_up_family(wanted)
            slug, number = f"{wanted}-{number}", number + 1
        self._taken.add(slug)
        return slug

    def _look_up(self, slugs: Collection[str]) -> None:
        if slugs:
            self._taken.update(self._siblings.filter(slug__in=set(slugs)).values_list("slug", flat=True))

    def _look_up_family(self, slug: str) -> None:
        self._taken.update(self._siblings.filter(slug__startswith=f"{slug}-").values_list("slug", flat=True))
        self._families.add(slug)


def unique_slugs(parent: Page, titles: Iterable[str]) -> list[str]:
    """A slug for each title, in order, none of them a sibling's.  Needs the parent's lock; two queries as a rule."""
    wanted = [wanted_slug(title) for title in titles]
    slugs = SiblingSlugs(parent, wanted)
    return [slugs.give(slug) for slug in wanted]
