"""Secrets that are drawn here."""

from __future__ import annotations

import base64
import secrets


def new_secret() -> str:
    """As Standard Webhooks writes them: ``whsec_`` and 32 bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
