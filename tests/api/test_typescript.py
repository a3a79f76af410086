"""TypeScript types made from the contract: a typed client compiles and reads an article through them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.openapi.document import document
from tests.api.factories import call_to_action, listing, make_article, make_index, make_school, section

SOURCES = Path(__file__).parent / "typescript"


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled client."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        message = "NPM IS ABSENT: install Node.js to check the contract with TypeScript"
        pytest.fail(message) if os.environ.get("REQUIRE_SERVICES") else pytest.skip(message)
    folder = tmp_path_factory.mktemp("typescript")
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    (folder / "openapi.json").write_text(json.dumps(document()))
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error")
    run(folder, "npx", "openapi-typescript", "openapi.json", "--output", "api.d.ts")
    run(folder, "npx", "tsc", "--project", ".")
    return folder


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_typed_client_compiles_strictly_and_reads_an_article(client: Path, live_server: Any) -> None:
    article = make_article(
        "Becoming a Baker",
        make_index("Guides"),
        body=[section("Rye"), listing(make_school()), call_to_action(url="https://x.example/")],
    )
    assert article.live
    told = run(client, "node", "built/client.js", live_server.url, "/guides/becoming-a-baker/")
    assert told.splitlines() == [
        "Becoming a Baker",
        "## Rye",
        "Rye College: <p>Teaches it well.</p>",
        "Compare bakeries -> https://x.example/",
    ]
