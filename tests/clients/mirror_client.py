"""The mirror of ``clients/mirror/python``, which is a program and no package."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().parents[2] / "clients" / "mirror" / "python" / "mirror.py"


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("mirror", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


Mirror: Any = _load().Mirror
