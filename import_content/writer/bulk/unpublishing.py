"""Unpublishes many articles at once: the rows that `UnpublishPageAction` would have left, a table at a time."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.signals import page_unpublished, unpublished

from import_content.writer.bulk.content_types import page_type
from import_content.writer.bulk.guard import receivers_of
from import_content.writer.bulk.log_entries import LogRow, insert_log_entries
from import_content.writer.bulk.searched_texts import entry_of_page
from import_content.writer.search_entries import SearchEntries, index_elsewhere
from pages import publication
from pages.models import ArticlePage

_KNOWN_RECEIVERS = {"pages.publication._page_unpublished"}


def unpublish_articles(
    keys: Mapping[int, str], action: str, *, user: AbstractBaseUser | None, search: SearchEntries, using: str
) -> bool:
    """Unpublish the live ones of these articles; `keys` are their sources'.  False: nothing was done, because they
    cannot be unpublished in bulk.

    A constant number of queries.  Needs a transaction of the caller's, and the locks of the pages.
    """
    if any(set(receivers_of(signal, ArticlePage)) - _KNOWN_RECEIVERS for signal in (page_unpublished, unpublished)):
        return False
    if Page.objects.using(using).filter(alias_of__in=keys).exists():
        return False
    pages = list(ArticlePage.objects.using(using).filter(pk__in=keys, live=True).order_by("path"))
    ids = [page.pk for page in pages]
    Page.objects.using(using).filter(pk__in=ids).update(live=False, has_unpublished_changes=True, live_revision=None)
    revisions = Revision.objects.using(using).filter(base_content_type=page_type(), object_id__in=list(map(str, ids)))
    revisions.exclude(approved_go_live_at=None).update(approved_go_live_at=None)
    now = timezone.now()
    rows = (
        LogRow(keys[it.pk], it.pk, it.get_admin_display_title(), now, action, {}, None, content_changed=False)
        for it in pages
    )
    insert_log_entries(rows, user=user, using=using)
    search.replace(ArticlePage, [entry_of_page(page) for page in pages])
    index_elsewhere(ArticlePage, ids, using=using)
    if ids:
        publication.withdraw(ids)
    return True
