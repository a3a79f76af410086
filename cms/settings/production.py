"""Production: refuses to start without its secrets, serves over HTTPS only.

Needs `SECRET_KEY`, `ALLOWED_HOSTS`, `DATABASE_URL` and `WAGTAILADMIN_BASE_URL`.
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from cms.settings.base import *  # noqa: F403 -- a settings module extends its base by name
from cms.settings.environment import env_bool, env_int, env_list, required

_secrets = required("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "WAGTAILADMIN_BASE_URL")

DEBUG = False
SECRET_KEY = _secrets["SECRET_KEY"]
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must be random and at least 50 characters long")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", _secrets["WAGTAILADMIN_BASE_URL"])

SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
if env_bool("BEHIND_TLS_PROXY", default=True):
    # The proxy must strip this header from what clients send.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
