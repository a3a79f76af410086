"""The contract as a file: what the code says now, and what was last agreed (`openapi.json`, committed)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from api.openapi.document import document

SNAPSHOT = Path(__file__).resolve().parent / "openapi.json"


def current() -> dict[str, Any]:
    """The contract of the code as it stands: plain JSON values, nothing lazy."""
    plain: dict[str, Any] = json.loads(json.dumps(document(), default=str))
    return plain


def text_of(contract: dict[str, Any]) -> str:
    """As it is written to files: the same contract gives the same text on every machine."""
    return json.dumps(contract, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(file: Path) -> dict[str, Any]:
    """A contract from a file.  Raises `OSError` or `ValueError`."""
    contract = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(contract, dict) or "openapi" not in contract:
        raise ValueError("it is no OpenAPI document")
    return contract
