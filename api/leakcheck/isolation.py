"""A place where the audit can do as it likes: a transaction that is rolled back, and nothing shared with anybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test.utils import override_settings
from wagtail.models import Site

MEMORY = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
LOCAL_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "leakcheck"}


def _overrides(language: str) -> dict[str, Any]:
    """Settings that keep caches, files, search engines and CDNs out of it, and let every request through."""
    languages = list(settings.WAGTAIL_CONTENT_LANGUAGES)
    if language not in dict(languages):
        languages.append((language, language))
    return {
        "ALLOWED_HOSTS": ["testserver", "localhost"],
        "API_THROTTLE": "",
        "CACHES": {"default": LOCAL_CACHE},
        "LANGUAGES": languages,
        "STORAGES": {**settings.STORAGES, "default": MEMORY},
        "TASKS": {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}},
        "WAGTAIL_CONTENT_LANGUAGES": languages,
        "WAGTAILFRONTENDCACHE": {},
        "WAGTAILSEARCH_BACKENDS": {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}},
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """Thousands of answers that are no 200 are what is wanted here."""
    logger = logging.getLogger("django.request")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def isolated(language: str) -> Iterator[None]:
    """Nothing that happens inside is there afterwards.  Other writers of an SQLite database wait meanwhile."""
    try:
        with override_settings(**_overrides(language)), _quiet(), transaction.atomic():
            try:
                yield
            finally:
                transaction.set_rollback(True)
    finally:
        Site.clear_site_root_paths_cache()
