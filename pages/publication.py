"""Writes the public form of articles when they become public, and says so to whoever listens.

Called for one page by the model signals below and for many by bulk writers: `store` is the only writer of
`PublishedArticle`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from pages import references, rich_text
from pages.blocks import public_body
from pages.models import ArticlePage, PublishedArticle, PublishedListing, School
from pages.models.articles import with_anchors
from pages.search import index
from pages.search.related import listing_articles, names_seen, renew, renew_callers, renew_schools
from pages.search.text import Words, published_words
from pages.search.words import fold
from pages.signals import hears_bulk_writes, publicity_changed, rows_written
from pages.tables import Table, Values

STORED_TEXTS = ["digest", "references", "head", "introduction", "body"]
STORED_FIELDS = ["published_at", "updated_at", "sort_title", *STORED_TEXTS]


@dataclass(frozen=True, slots=True)
class PublicTexts:
    """The large parts of a public form: they depend on an article's words alone, not on its page."""

    introduction: str
    body: str
    words: Words

    @classmethod
    def of(cls, title: str, introduction: str, raw_body: Iterable[dict[str, Any]]) -> PublicTexts:
        """From rich text and raw stream data.  Costs no query, and no page."""
        html = rich_text.publish(introduction)
        blocks = public_body(raw_body)
        return cls(references.dump(html), references.dump(blocks), published_words(title, html, blocks))


def render(page: ArticlePage) -> PublishedArticle:
    """The public form of `page` as it stands in memory, not saved, a draft with the anchors that publishing would give
    it.  Costs no query."""
    return assemble(page, PublicTexts.of(page.title, page.introduction or "", with_anchors(page.body).get_prep_value()))


def assemble(page: ArticlePage, public: PublicTexts) -> PublishedArticle:
    """The public form of `page`, not saved, from texts that were made of its words before.

    A page that was made live without being published takes this moment as its date.
    """
    published_at = page.first_published_at or timezone.now()
    updated_at = page.last_published_at or published_at
    head = references.dump(
        {
            "title": references.forbid(page.title),
            "seo": {
                "title": references.forbid(page.seo_title or page.title),
                "description": references.forbid(page.search_description or ""),
                "canonical_url": page.canonical_url or None,
                "noindex": page.noindex,
            },
            "lead_image": references.reference("picture", page.lead_image_id) if page.lead_image_id else None,
            "published_at": iso(published_at),
            "updated_at": iso(updated_at),
        }
    )
    texts = (head, public.introduction, public.body)
    row = PublishedArticle(
        page_id=page.pk,
        published_at=published_at,
        updated_at=updated_at,
        sort_title=" ".join(fold(page.title).split())[:255],
        digest=hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest(),
        references=" ".join(dict.fromkeys(name for text in texts for name in references.names(text))),
        head=head,
        introduction=public.introduction,
        body=public.body,
    )
    row.published_words = public.words
    return row


def iso(moment: datetime) -> str:
    """A moment as the API writes it: UTC, to the microsecond where there are any, ``2026-03-01T09:30:00Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def store(rows: Sequence[PublishedArticle]) -> None:
    """Write public forms that `render` made, replacing older ones, and announce them.  Ten queries however many
    rows, and one for each kind of thing that they call to or show; needs a transaction of the caller's."""
    if not rows:
        return
    pages = [row.page_id for row in rows]
    for model in (PublishedListing, PublishedArticle):
        model.objects.filter(page__in=pages)._raw_delete(DEFAULT_DB_ALIAS)  # nothing refers to these rows
    moment = Values(connection).moment
    Table(PublishedArticle, rows[0], ["page_id", *STORED_FIELDS], using=DEFAULT_DB_ALIAS).insert(
        (
            row.page_id,
            moment(row.published_at),
            moment(row.updated_at),
            row.sort_title,
            *(getattr(row, name) for name in STORED_TEXTS),
        )
        for row in rows
    )
    names = names_seen(row.published_words for row in rows)
    index.write([(row.page_id, row.published_words.with_related(names)) for row in rows])
    listed = {row.page_id: references.ids(references.names(row.body), "school") for row in rows}
    known = set(
        School.objects.filter(pk__in={pk for schools in listed.values() for pk in schools}).values_list("pk", flat=True)
    )
    Table(PublishedListing, PublishedListing(), ["page_id", "school_id"], using=DEFAULT_DB_ALIAS).insert(
        (page, pk) for page, schools in listed.items() for pk in schools if pk in known
    )
    renew_callers(pages)
    publicity_changed.send(sender=ArticlePage, published=tuple(pages), withdrawn=(), deleted=False)


def publish(pages: Iterable[ArticlePage]) -> None:
    """Store the public form of live pages whose rows were written by other means than `save`."""
    store([render(page) for page in pages])


def withdraw(page_ids: Sequence[int]) -> None:
    """Drop the public form of pages that are no longer live, and announce it."""
    PublishedListing.objects.filter(page__in=page_ids).delete()
    PublishedArticle.objects.filter(page__in=page_ids).delete()
    index.remove(page_ids)
    publicity_changed.send(sender=ArticlePage, published=(), withdrawn=tuple(page_ids), deleted=False)


CONTENT_FIELDS = frozenset(
    {
        *("title", "introduction", "body", "live", "lead_image", "canonical_url", "noindex"),
        *("seo_title", "search_description", "first_published_at", "last_published_at"),
    }
)


@receiver(post_save, sender=ArticlePage)
def _article_saved(
    instance: ArticlePage, *, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    """A row that was saved live is what readers get, by whatever way it was saved.

    Where only some fields were saved, the instance at hand may hold a draft's words in the others: the row is asked.
    """
    if raw or (update_fields is not None and not CONTENT_FIELDS & set(update_fields)):
        return
    if instance.live:
        with transaction.atomic():
            publish([instance if update_fields is None else ArticlePage.objects.get(pk=instance.pk)])


SEEN_FIELDS = frozenset({"name", "live", "expire_at", "go_live_at"})


@receiver(post_save, sender=School)
@hears_bulk_writes
def _school_saved(
    instance: School, *, created: bool, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    if not (raw or created) and (update_fields is None or SEEN_FIELDS & set(update_fields)):
        with transaction.atomic():
            renew_schools([instance.pk])


@receiver(pre_delete, sender=School)
def _school_leaves(instance: School, **kwargs: Any) -> None:
    instance.listed_by = listing_articles([instance.pk])


@receiver(post_delete, sender=School)
def _school_deleted(instance: School, **kwargs: Any) -> None:
    with transaction.atomic():
        renew(instance.listed_by)


@receiver(rows_written, sender=School)
def _schools_written(ids: Sequence[int], **kwargs: Any) -> None:
    renew_schools(ids)


@receiver(page_published)
@hears_bulk_writes
def _page_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if not issubclass(sender, ArticlePage):  # those are stored
        with transaction.atomic():
            renew_callers([instance.pk])


@receiver(page_unpublished)
def _page_unpublished(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if issubclass(sender, ArticlePage):
        with transaction.atomic():
            withdraw([instance.pk])
    else:
        publicity_changed.send(sender=sender, published=(), withdrawn=(instance.pk,), deleted=False)


@receiver(pre_delete, sender=Page)
def _pages_deleted(instance: Page, origin: Any, **kwargs: Any) -> None:
    """Django tells of each page, and of what all of them are deleted with: a queryset, wherever a page is deleted with
    those below it."""
    if not isinstance(origin, QuerySet) or not issubclass(origin.model, Page):
        pages = [instance.pk]
    elif hasattr(origin, _ANNOUNCED):
        return
    else:
        setattr(origin, _ANNOUNCED, True)
        pages = list(origin.order_by().values_list("pk", flat=True))
    publicity_changed.send(sender=type(instance), published=(), withdrawn=tuple(pages), deleted=True)


_ANNOUNCED = "_publicity_announced"
