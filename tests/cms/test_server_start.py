"""A server process has all routes before its first request, and its collector does not walk over what was loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROBE = """
import gc, sys
import cms.wsgi
assert "api.endpoints.articles" in sys.modules
gc.collect()
print(gc.get_freeze_count(), len(gc.get_objects()))
"""


def test_what_was_loaded_at_start_is_out_of_the_collectors_sight(tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "CMS_DATA_DIR": str(tmp_path)}
    told = subprocess.run(  # noqa: S603 -- this interpreter
        [sys.executable, "-c", PROBE], env=environment, check=True, capture_output=True, text=True
    ).stdout
    frozen, seen = map(int, told.split())
    assert frozen > 100_000
    assert seen < frozen / 20
