"""Deletes many articles at once: the rows that `Page.delete` would have taken, a table at a time.

Which rows those are, Django's collector knows.  What the receivers of the signals would have done is done here for all
pages together; where others listen, or a page has pages below it, the ordinary way is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F, Model
from django.db.models.deletion import Collector
from django.db.models.functions import Greatest
from django.db.models.signals import post_delete, pre_delete
from django.db.models.sql import DeleteQuery, UpdateQuery
from django.utils import timezone
from treebeard.mp_tree import nodes_deleted
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_unpublished, unpublished

from import_content.database.tree_locks import STEP
from import_content.writer.bulk.guard import receivers_of
from import_content.writer.bulk.log_entries import LogRow, insert_log_entries
from import_content.writer.search_entries import other_backends
from pages import publication
from pages.models import ArticlePage
from pages.signals import publicity_changed

_KNOWN_RECEIVERS = {
    "modelsearch.signal_handlers.post_delete_signal_handler",
    "wagtail.signal_handlers.remove_reference_index_on_delete",
    "wagtail.signal_handlers.pre_delete_page_unpublish",
    "wagtail.signal_handlers.post_delete_page_log_deletion",
    "pages.publication._pages_deleted",
    "pages.publication._page_unpublished",
}


def delete_articles(keys: Mapping[int, str], *, user: AbstractBaseUser | None, using: str) -> bool:
    """Delete the articles of these ids that exist; `keys` are their sources'.  False: nothing was done, because they
    cannot be deleted in bulk.

    About forty queries however many.  Needs a transaction of the caller's, and the locks of the pages.
    """
    pages = list(ArticlePage.objects.using(using).filter(pk__in=keys).defer("introduction", "body").order_by("path"))
    collector = Collector(using=using, origin=ArticlePage.objects.none())
    collector.collect(pages)
    models: set[type[Model]] = {ArticlePage, *(queryset.model for queryset in collector.fast_deletes)}
    models.update(collector.data)
    if other_backends() or any(page.numchild for page in pages) or _is_listened_to(models):
        return False
    now = timezone.now()
    deleted = (
        LogRow(keys[it.pk], it.pk, it.get_admin_display_title(), now, "wagtail.delete", {}, None, False) for it in pages
    )
    insert_log_entries(deleted, user=user, using=using, deleted=True)
    live = [page.pk for page in pages if page.live]
    if live:
        publication.withdraw(live)
    publicity_changed.send(sender=ArticlePage, published=(), withdrawn=tuple(page.pk for page in pages), deleted=True)
    _count_children(pages, using)
    rows = {model: [row.pk for row in instances] for model, instances in collector.data.items()}
    _delete(collector, using)
    for model, pks in rows.items():
        _forget_references(model, pks, using)
    return True


def _is_listened_to(models: Collection[type[Model]]) -> bool:
    listened = [(signal, model) for signal in (pre_delete, post_delete) for model in models]
    listened += [(page_unpublished, ArticlePage), (unpublished, ArticlePage), (nodes_deleted, Page)]
    return any(set(receivers_of(signal, model)) - _KNOWN_RECEIVERS for signal, model in listened)


def _count_children(pages: Sequence[ArticlePage], using: str) -> None:
    lost: dict[str, int] = {}
    for page in pages:
        lost[page.path[:-STEP]] = lost.get(page.path[:-STEP], 0) + 1
    for path, count in lost.items():
        Page.objects.using(using).filter(path=path).update(numchild=Greatest(F("numchild") - count, 0))


def _delete(collector: Collector, using: str) -> None:
    """As `Collector.delete`, without signals."""
    collector.sort()
    for queryset in collector.fast_deletes:
        queryset._raw_delete(using=using)
    for (field, value), instances in collector.field_updates.items():
        for some in instances:
            _update(some, field, value, using)
    for model, rows in collector.data.items():
        DeleteQuery(model).delete_batch([row.pk for row in sorted(rows, key=attrgetter("pk"))], using)


def _update(some: Any, field: Any, value: Any, using: str) -> None:
    """`some`: a queryset, or instances that were loaded."""
    if hasattr(some, "update"):
        some.update(**{field.name: value})
        return
    pks = [row.pk for row in (some if hasattr(some, "__iter__") else [some])]
    UpdateQuery(field.model).update_batch(pks, {field.name: value}, using)


def _forget_references(model: type[Model], pks: Sequence[Any], using: str) -> None:
    if "wagtail.signal_handlers.remove_reference_index_on_delete" not in receivers_of(post_delete, model):
        return
    kind, keys = ReferenceIndex._get_base_content_type(model), list(map(str, pks))
    rows = ReferenceIndex.objects.using(using)
    rows.filter(base_content_type=kind, object_id__in=keys)._raw_delete(using)
    rows.filter(to_content_type=kind, to_object_id__in=keys)._raw_delete(using)
