"""What every environment shares.  Everything that may differ comes from an environment variable."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cms.settings.environment import database, env_int, env_list, keep_private, reading_only
from cms.settings.security import *  # noqa: F403 -- settings of their own part
from cms.settings.tasks import *  # noqa: F403 -- settings of their own part
from cms.settings.tasks import TASKS_APPS

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("CMS_DATA_DIR") or BASE_DIR / "var")
"""Everything the site writes on a single machine: database, media, collected static files."""
keep_private(DATA_DIR, ours=not os.environ.get("CMS_DATA_DIR"))

INSTALLED_APPS = [
    "cms",
    "api",
    "import_content",
    "pages",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *TASKS_APPS,
]

MIDDLEWARE = [
    "cms.security.SecurityHeadersMiddleware",
    "cms.outages.DatabaseOutages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "api.http.middleware.ApiMiddleware",  # answers /api/ itself: what follows is for browsers
    "api.http.middleware.PageThrottle",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",  # a page's language is in its path
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a lock-out into its answer
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database(f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
API_DATABASE = "default"
API_STATEMENT_SECONDS = env_int("API_STATEMENT_SECONDS", 10)
if API_STATEMENT_SECONDS and DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # What readers ask may not hold the database up, however it comes about.
    DATABASES["reading"] = reading_only(DATABASES["default"], API_STATEMENT_SECONDS)
    API_DATABASE = "reading"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
WAGTAIL_I18N_ENABLED = True
# CONTENT_LANGUAGES="en,es,fr" opens other locales to editors and importers.  The first one is the default: its pages
# have no language in their paths.
_LANGUAGE_NAMES = {"en": "English", "es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese"}
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    (code, _LANGUAGE_NAMES.get(code, code)) for code in env_list("CONTENT_LANGUAGES") or ["en"]
]
LANGUAGE_CODE = LANGUAGES[0][0]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or DATA_DIR / "media")
MEDIA_ACCEL_PREFIX = os.environ.get("MEDIA_ACCEL_PREFIX") or ""
"""Where nginx finds MEDIA_ROOT by an `internal` location: it then sends the bytes once this site has said yes."""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

IMPORT_SOURCES_STORAGE = os.environ.get("IMPORT_SOURCES_STORAGE") or ""
"""The alias in STORAGES where imported sources are kept; empty: in the database."""

# A long article has more form fields than Django's default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

WAGTAIL_SITE_NAME = os.environ.get("SITE_NAME") or "Content pipeline"
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # an editor's address is not sent to a third party
WAGTAIL_ENABLE_UPDATE_CHECK = False  # nor is it told that the site exists
WAGTAILADMIN_BASE_URL = os.environ.get("WAGTAILADMIN_BASE_URL") or "http://127.0.0.1:8000"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "pages.search.backend"}}
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "rtf", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000  # a small file can unpack to an image that takes gigabytes

from cms.settings.api import *  # noqa: E402, F403 -- the API's part of this module

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL") or "WARNING"},
}
