"""The test suite: as production behaves, but quick, and without secrets."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cms.settings.base import *  # noqa: F403 -- a settings module extends its base by name

DEBUG = False
SECRET_KEY = "test-only"  # noqa: S105 -- guards nothing
ALLOWED_HOSTS = ["testserver", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="cms-test-media-"))
DATABASES.pop("reading", None)  # noqa: F405 -- tests read what their transaction wrote
API_DATABASE = "default"
API_THROTTLE = ""  # the suite asks more often than any reader; tests of throttling set their own
API_CURSOR_SECONDS = 0  # tests count queries; those of Content-Cursor set their own
