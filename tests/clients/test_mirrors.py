"""Both mirrors as programs, against a server of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.api import factories
from tests.api.blocks import listing, section
from tests.clients.mirror_client import PROGRAM
from tests.conftest import service_missing
from tests.factories import ensure_site

NODE = shutil.which("node") or ""
TYPESCRIPT = PROGRAM.parents[1] / "typescript"
COMPILER = Path(__file__).resolve().parents[1] / "typescript" / "node_modules" / "typescript" / "bin" / "tsc"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_neither_is_longer_than_a_hundred_lines() -> None:
    for path in (PROGRAM, TYPESCRIPT / "mirror.ts"):
        assert len(path.read_text(encoding="utf-8").splitlines()) < 100


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled program."""
    if not NODE or not COMPILER.exists():
        service_missing("TYPESCRIPT IS ABSENT: run the tests of tests/api/test_typescript.py first")
    build = tmp_path_factory.mktemp("mirror")
    (build / "package.json").write_text('{"type": "module"}')
    types = COMPILER.parents[2] / "@types"
    done = subprocess.run(  # noqa: S603 -- our own program
        [NODE, str(COMPILER), "--strict", "--target", "ES2022", "--module", "NodeNext", "--typeRoots", str(types),
         "--types", "node", "--outDir", str(build), str(TYPESCRIPT / "main.ts")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return build / "main.js"


def run(program: list[str], api: str, path: Path) -> Any:
    """Cursor and objects that it wrote."""
    done = subprocess.run([*program, api, str(path)], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 -- our own program
    assert done.returncode == 0, done.stderr
    assert "equal at" in done.stdout
    return json.loads(path.read_text(encoding="utf-8"))


def test_both_hold_the_same_and_follow(live_server: Any, typescript: Path, tmp_path: Path) -> None:
    ensure_site()
    school = factories.make_school("Rye Cöllege")
    article = factories.make_article(body=[section("Dough"), listing(school)])
    programs = {"python": [sys.executable, str(PROGRAM)], "typescript": [NODE, str(typescript)]}
    api = f"{live_server.url}/api/v1/"

    def held(name: str) -> dict[str, Any]:
        _, objects = run(programs[name], api, tmp_path / f"{name}.json")
        pairs = objects.items() if isinstance(objects, dict) else ((key, one["kept"]) for key, one in objects)
        return {key: {k: v for k, v in one.items() if k != "check"} for key, one in pairs}

    first = held("python")
    assert first == held("typescript")
    assert {one["type"] for one in first.values()} >= {"article", "school", "index"}
    article.unpublish()
    school.name = "Wheat College"
    school.save()
    second = held("python")
    assert second == held("typescript")
    assert {one["type"] for one in second.values()} == {"index", "school", "site"}
