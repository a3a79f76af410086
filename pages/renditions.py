"""Renditions of the images that published articles and schools show, made when they are published.

Readers only ever get what is there: making one on a GET would let anybody keep the server busy, and a small file can
take minutes and gigabytes.  Runs after the transaction; an image that cannot be read is logged, and shown without.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.images import get_image_model

from pages import references
from pages.models import PublishedArticle, School
from pages.signals import publicity_changed

logger = logging.getLogger("pages.renditions")


def specifications() -> Mapping[str, str]:
    """Name to Wagtail's filter specification, such as ``{"small": "width-480"}``."""
    named: Mapping[str, str] = settings.PUBLIC_RENDITIONS
    return named


def make_renditions(image_ids: Iterable[int]) -> None:
    """Those that are missing."""
    for image in get_image_model().objects.filter(pk__in=set(image_ids)):
        try:
            image.get_renditions(*specifications().values())
        except Exception:
            logger.exception("no renditions of image %s", image.pk)


@receiver(publicity_changed)
def _articles_published(published: tuple[int, ...], **kwargs: Any) -> None:
    rows = PublishedArticle.objects.filter(pk__in=published)
    shown = rows.filter(references__contains="image:") | rows.filter(references__contains="picture:")
    names = [name for text in shown.values_list("references", flat=True) for name in text.split()]
    ids = references.ids(names, "image", "picture")
    if ids:
        transaction.on_commit(lambda: make_renditions(ids))


@receiver(post_save, sender=School)
def _school_saved(instance: School, **kwargs: Any) -> None:
    logo = instance.logo_id
    if instance.live and logo:
        transaction.on_commit(lambda: make_renditions([logo]))


def _image_saved(instance: Any, **kwargs: Any) -> None:
    """A new file or focal point makes new renditions of an image that is shown already."""
    if instance.renditions.exists():
        transaction.on_commit(lambda: make_renditions([instance.pk]))


def connect() -> None:
    """Called when all apps are loaded: the image model may be any app's."""
    post_save.connect(_image_saved, sender=get_image_model(), dispatch_uid="pages.renditions")
