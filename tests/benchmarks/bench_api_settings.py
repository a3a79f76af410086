"""The production settings, for measuring: no HTTPS before the server, a throttle that counts but does not refuse."""

from __future__ import annotations

import os

os.environ.setdefault("SECRET_KEY", "measuring-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
os.environ.setdefault("WAGTAILADMIN_BASE_URL", "http://127.0.0.1:8000")
os.environ.setdefault("SECURE_SSL_REDIRECT", "0")
os.environ.setdefault("API_THROTTLE", "100000000/min")

from cms.settings.production import *  # noqa: F403 -- a settings module extends its base by name

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ROOT_URLCONF = "tests.benchmarks.bench_api_urls"
INSTALLED_APPS = [*INSTALLED_APPS, "wagtail.api.v2"]  # noqa: F405 -- of the base settings
if os.environ.get("BENCH_BARE"):
    MIDDLEWARE = []
