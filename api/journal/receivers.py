"""Listens for everything that may change what readers see, and notes it.

Which signals there are is Wagtail's and Django's matter; what became of a change is the sequencer's.  Too much noted
costs a look, too little a change that `manage.py journal reconcile` has to find.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site
from wagtail.signals import page_slug_changed, post_page_move

from api.journal import marks
from api.journal.marks import touch
from pages.models import ArticleTopic, School, Topic
from pages.renditions import specifications
from pages.signals import hears_bulk_writes, publicity_changed, rows_written

DRAFT_FIELDS = {
    *("latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "locked"),
    *("locked_at", "locked_by", "numchild", "expired", "comments"),
}
"""Fields of a page whose change readers do not see."""
_FORMER_URL_PATH = "_journal_url_path"


@receiver(publicity_changed)
def _publicity_changed(published: Sequence[int], withdrawn: Sequence[int], **kwargs: Any) -> None:
    touch(marks.PAGE, [*published, *withdrawn])


@receiver(rows_written)
def _rows_written(sender: type[Model], ids: Sequence[int], **kwargs: Any) -> None:
    if issubclass(sender, School):
        touch(marks.SCHOOL, ids)


@receiver(pre_save)
@hears_bulk_writes
def _before_page(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A page with pages below it takes them along when its address changes.  One query, for such pages only."""
    if issubclass(sender, Page) and not raw and instance.pk and instance.numchild:
        former = Page._base_manager.filter(pk=instance.pk).values_list("url_path", flat=True).first()
        setattr(instance, _FORMER_URL_PATH, former)


@receiver(post_save)
@hears_bulk_writes
def _page_saved(
    sender: type[Model], instance: Any, raw: bool = False, update_fields: frozenset[str] | None = None, **kwargs: Any
) -> None:
    if not issubclass(sender, Page) or raw:
        return
    if update_fields is not None and DRAFT_FIELDS.issuperset(update_fields):
        return
    former = instance.__dict__.pop(_FORMER_URL_PATH, None)
    if former is not None and former != instance.url_path:
        touch(marks.SUBTREE, [instance.path])
    elif instance.live or former is not None or update_fields is not None:
        touch(marks.PAGE, [instance.pk])


@receiver(page_slug_changed)
def _page_renamed(instance: Page, **kwargs: Any) -> None:
    touch(marks.SUBTREE, [instance.path])


@receiver(post_page_move)
def _page_moved(instance: Page, **kwargs: Any) -> None:
    touch(marks.SUBTREE, [Page._base_manager.values_list("path", flat=True).get(pk=instance.pk)])


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _page_restricted(instance: PageViewRestriction, **kwargs: Any) -> None:
    path = Page._base_manager.filter(pk=instance.page_id).values_list("path", flat=True).first()
    if path is not None:
        touch(marks.SUBTREE, [path])


@receiver([post_save, post_delete], sender=CollectionViewRestriction)
def _collection_restricted(instance: CollectionViewRestriction, **kwargs: Any) -> None:
    path = Collection.objects.filter(pk=instance.collection_id).values_list("path", flat=True).first()
    if path is not None:
        touch(marks.COLLECTION, [path])


@receiver(post_save, sender=Collection)
def _collection_saved(instance: Collection, created: bool = False, **kwargs: Any) -> None:
    if not created:
        touch(marks.COLLECTION, [instance.path])


@receiver([post_save, post_delete], sender=Site)
def _site_changed(**kwargs: Any) -> None:
    touch(marks.EVERYTHING)


@receiver([post_save, post_delete], sender=School)
@hears_bulk_writes
def _school_changed(instance: School, **kwargs: Any) -> None:
    touch(marks.SCHOOL, [instance.pk])


@receiver([post_save, post_delete], sender=Topic)
def _topic_changed(instance: Topic, **kwargs: Any) -> None:
    touch(marks.TOPIC, [instance.pk])


@receiver([post_save, post_delete], sender=ArticleTopic)
@hears_bulk_writes
def _topic_given(instance: ArticleTopic, **kwargs: Any) -> None:
    touch(marks.TOPIC, [instance.tag_id])
    touch(marks.PAGE, [instance.content_object_id])


@receiver(m2m_changed, sender=ArticleTopic)
@hears_bulk_writes
def _topics_given(instance: Any, pk_set: set[int] | None = None, **kwargs: Any) -> None:
    touch(marks.TOPIC, pk_set or ())


@receiver([post_save, post_delete], sender=Redirect)
def _redirect_changed(instance: Redirect, **kwargs: Any) -> None:
    touch(marks.REDIRECT, [instance.pk])


def _image_changed(instance: Any, **kwargs: Any) -> None:
    touch(marks.IMAGE, [instance.pk])


def _document_changed(instance: Any, **kwargs: Any) -> None:
    touch(marks.DOCUMENT, [instance.pk])


def _rendition_changed(instance: Any, **kwargs: Any) -> None:
    if instance.filter_spec in specifications().values():
        touch(marks.IMAGE, [instance.image_id])


def connect() -> None:
    """Called when all apps are loaded: these models may be any app's."""
    image = get_image_model()
    changed = {
        image: _image_changed,
        get_document_model(): _document_changed,
        image.get_rendition_model(): _rendition_changed,
    }
    for model, listener in changed.items():
        for signal in (post_save, post_delete):
            signal.connect(listener, sender=model, dispatch_uid=f"api.journal.{listener.__name__}.{id(signal)}")
