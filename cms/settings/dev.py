"""A developer's machine and `make run`: SQLite, local files, no secrets needed."""

from __future__ import annotations

from cms.settings.base import *  # noqa: F403 -- a settings module extends its base by name
from cms.settings.environment import env_list

DEBUG = True
SECRET_KEY = "development-only-never-use-this-key-where-others-can-reach-the-site"  # noqa: S105 -- says so itself
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
