"""Seal a plan with the site's key, and tell its database from others."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import DEFAULT_DB_ALIAS, connections
from wagtail.models import Page, Site

_SALT = "import_content.plan"


def seal(content: dict[str, Any]) -> str:
    """A signature over every value of a plan, made with ``SECRET_KEY``."""
    return _signer().signature(_digest(content))


def is_sealed(content: dict[str, Any], signature: str) -> bool:
    """Whether the signature is this site's, with its key or a former one (``SECRET_KEY_FALLBACKS``), over just this
    content."""
    try:
        _signer().unsign(f"{_digest(content)}:{signature}")
    except (BadSignature, UnicodeEncodeError):
        return False
    return True


def site_identity() -> str:
    """The default site as people know it: ``http://localhost:8000 (My site)``.  One query."""
    site = Site.objects.order_by("-is_default_site", "pk").first()
    return f"{site.root_url} ({site.site_name or 'no name'})" if site is not None else "no site"


def database_identity() -> str:
    """A hash that differs for databases at other places, and for databases that were not copied from each other.

    One query.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    place = [connection.vendor, *(str(connection.settings_dict.get(name) or "") for name in ("NAME", "HOST", "PORT"))]
    born = list(Page.objects.filter(depth=1).order_by("path").values_list("translation_key", flat=True))
    return hashlib.sha256(json.dumps([place, [str(key) for key in born]]).encode()).hexdigest()


def _signer() -> Signer:
    return Signer(salt=_SALT, algorithm="sha256")


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
