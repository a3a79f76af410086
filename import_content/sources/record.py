"""An article of a container as bytes of its own: a row of a table, a post of an export.

The bytes are what the article is told by when the container is imported again, so they say all of it and nothing
else: JSON with sorted keys behind a mark.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

MARK = b"#import-record 1\n"


def pack_record(values: Mapping[str, Any]) -> bytes:
    """``{"fields": {...}, "text": str, "markup": "html" | "markdown" | "text", "schools": [[name, description]]}``"""
    return MARK + json.dumps(values, sort_keys=True, ensure_ascii=False).encode()


def unpack_record(data: bytes) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(data[len(MARK) :])
    return values
