"""Places in a list: opaque to clients, signed, and good for one query only.

A cursor holds the sort key of the row at the edge of a page, and the direction to go from there.  Its signature
covers the route and every parameter that decides which rows there are and in which order.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from api.http.problems import ParameterFault, Problem

SIGNATURE_BYTES = 16
MAX_LENGTH = 1_500


@dataclass(frozen=True, slots=True)
class Cursor:
    key: tuple[Any, ...]
    """The sort key of the last (or first) row of a page: JSON values, the row's id last."""
    backward: bool = False


def _signature(payload: bytes, query: str) -> bytes:
    secret = hashlib.sha256(b"api.http.cursors\0" + settings.SECRET_KEY.encode()).digest()
    message = query.encode() + b"\0" + payload
    return hmac.new(secret, message, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def write(cursor: Cursor, query: str) -> str:
    """`query` identifies what the cursor belongs to."""
    payload = json.dumps([int(cursor.backward), *cursor.key], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(payload, query) + payload).decode().rstrip("=")


def read(text: str, query: str, kinds: Sequence[type]) -> Cursor:
    """The cursor that `write` wrote for the same query.

    Raises `Problem` (``invalid-cursor``) for any other text.
    """
    try:
        if len(text) > MAX_LENGTH or not text.isascii():
            raise ValueError
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:  # stray bits at the end
            raise ValueError
        signature, payload = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, _signature(payload, query)):
            raise ValueError
        backward, *key = json.loads(payload)
        if [type(part) for part in key] != list(kinds):
            raise ValueError
    except (ValueError, binascii.Error, TypeError):
        raise Problem(
            "invalid-cursor", parameters=[ParameterFault("cursor", "is not one that this query gave")]
        ) from None
    return Cursor(tuple(key), bool(backward))
