"""What a key looks like: ``cms_`` and a prefix by which it is recognised, then the secret.

256 random bits need no slow hash: SHA-256 of the key is what is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from api.models import ApiToken

SCOPES = ("preview", "changes", "provenance", "propose", "build")
_KEY = re.compile(r"cms_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
USED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is."""


def create_token(
    name: str, scopes: Iterable[str], *, expires_at: datetime | None = None, user: Any = None
) -> tuple[ApiToken, str]:
    """A new token and its key, which nobody can show again.  Raises `ValueError` for a scope that is none."""
    wanted = list(dict.fromkeys(scopes))
    if unknown := set(wanted) - set(SCOPES):
        raise ValueError(f"no scope: {', '.join(sorted(unknown))}")
    prefix = secrets.token_hex(4)
    key = f"cms_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        name=name, prefix=prefix, digest=_digest(key), scopes=" ".join(wanted), expires_at=expires_at, created_by=user
    )
    return token, key


def find_token(key: str) -> ApiToken | None:
    """The valid token that the key is of.  One query, and once a minute one to note its use."""
    found = _KEY.fullmatch(key)
    token = ApiToken.objects.filter(prefix=found[1]).first() if found else None
    if token is None or not hmac.compare_digest(token.digest, _digest(key)) or not token.is_valid:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
