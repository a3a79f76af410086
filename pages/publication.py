"""Writes the public form of articles when they become public, and says so to whoever listens.

Called for one page by the model signals below and for many by bulk writers: `store` is the only writer of
`PublishedArticle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_unpublished

from pages.blocks import body_references, public_body
from pages.models import ArticlePage, PublishedArticle, PublishedListing, School
from pages.rich_text import sanitise
from pages.signals import publicity_changed


def render(page: ArticlePage) -> PublishedArticle:
    """The public form of `page` as it stands in memory, not saved.  Costs no query."""
    body = public_body(page.body.get_prep_value())
    schools = [pk for kind, pk in body_references(body) if kind == "school"]
    return PublishedArticle(
        page_id=page.pk,
        document={"introduction": sanitise(page.introduction or ""), "body": body},
        school_ids=list(dict.fromkeys(schools)),
    )


def store(rows: Sequence[PublishedArticle]) -> None:
    """Write public forms, replacing older ones, and announce them.  Four queries however many rows; needs a
    transaction of the caller's."""
    if not rows:
        return
    pages = [row.page_id for row in rows]
    PublishedArticle.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["page"], update_fields=["document", "school_ids"]
    )
    PublishedListing.objects.filter(page__in=pages).delete()
    known = set(
        School.objects.filter(pk__in={pk for row in rows for pk in row.school_ids}).values_list("pk", flat=True)
    )
    PublishedListing.objects.bulk_create(
        PublishedListing(page_id=row.page_id, school_id=pk) for row in rows for pk in row.school_ids if pk in known
    )
    publicity_changed.send(sender=ArticlePage, published=tuple(pages), withdrawn=())


def publish(pages: Iterable[ArticlePage]) -> None:
    """Store the public form of live pages whose rows were written by other means than `save`."""
    store([render(page) for page in pages])


def withdraw(page_ids: Sequence[int]) -> None:
    """Drop the public form of pages that are no longer live, and announce it."""
    PublishedListing.objects.filter(page__in=page_ids).delete()
    PublishedArticle.objects.filter(page__in=page_ids).delete()
    publicity_changed.send(sender=ArticlePage, published=(), withdrawn=tuple(page_ids))


CONTENT_FIELDS = frozenset({"title", "introduction", "body", "live"})


@receiver(post_save, sender=ArticlePage)
def _article_saved(
    instance: ArticlePage, *, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """A row that was saved live is what readers get, by whatever way it was saved.

    A save of other fields only (a draft's pointers, a lock) leaves the live content alone, and the instance at hand
    may hold a draft's.
    """
    if raw or (update_fields is not None and not CONTENT_FIELDS & set(update_fields)):
        return
    if instance.live:
        with transaction.atomic():
            publish([instance])


@receiver(page_unpublished, sender=ArticlePage)
def _article_unpublished(instance: ArticlePage, **kwargs: Any) -> None:
    with transaction.atomic():
        withdraw([instance.pk])


@receiver(post_delete, sender=ArticlePage)
def _article_deleted(instance: ArticlePage, **kwargs: Any) -> None:
    publicity_changed.send(sender=ArticlePage, published=(), withdrawn=(instance.pk,))
