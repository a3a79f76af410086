"""Signatures as Standard Webhooks (https://www.standardwebhooks.com) describes them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signatures(secrets: Iterable[str], message_id: str, timestamp: int, body: str) -> str:
    """One for each secret, separated by spaces: a receiver takes any, while secrets are being changed."""
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets if secret)


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
