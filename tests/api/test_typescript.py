"""A front end in TypeScript, written from nothing but the contract: it compiles, and it reads an article."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application

from tests.api.blocks import call_to_action, listing, section
from tests.api.factories import make_article, make_index, make_school
from tests.conftest import service_missing
from tests.wsgi import connection_kept

FOLDER = Path(__file__).resolve().parents[1] / "typescript"


def run(*command: str, seconds: int = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own package
        command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=seconds
    )


@pytest.fixture(scope="module")
def compiled() -> Path:
    """The client, compiled against types made from the committed contract."""
    if shutil.which("npm") is None:
        service_missing("NPM IS ABSENT: nothing was tested of the TypeScript types; install Node.js 20 or newer")
    if not (FOLDER / "node_modules").is_dir():
        installed = run("npm", "ci", "--no-audit", "--no-fund")
        if installed.returncode:
            service_missing(f"NPM COULD NOT INSTALL tests/typescript: {installed.stderr[-500:]}")
    for script in ("types", "build"):
        made = run("npm", "run", "--silent", script)
        assert made.returncode == 0, made.stdout + made.stderr
    return FOLDER / "build" / "client.js"


def test_the_types_compile_strictly_and_a_client_without_them_would_not(compiled: Path) -> None:
    """`compiled` has compiled it; here, that a mistake is one for the compiler."""
    assert '"strict": true' in (FOLDER / "tsconfig.json").read_text(encoding="utf-8")
    wrong = FOLDER / "build" / "wrong.ts"
    wrong.write_text(
        'import type { components } from "../schema.js";\n'
        'export const f = (article: components["schemas"]["Article"]) => article.titel;\n',
        encoding="utf-8",
    )
    refused = run("npx", "tsc", "--strict", "--noEmit", "--module", "NodeNext", str(wrong))
    assert refused.returncode != 0
    assert "titel" in refused.stdout


def answer_while_it_runs(*command: str) -> tuple[str, str]:
    """What the command prints, this thread being the server that it talks to, inside the test's transaction.

    ``{url}`` in the command is the server's address.
    """
    with connection_kept(), WSGIServer(("localhost", 0), WSGIRequestHandler) as server:
        server.set_app(get_wsgi_application())
        server.timeout = 0.2
        url = f"http://localhost:{server.server_port}"
        words = [word.format(url=url) for word in command]
        with subprocess.Popen(  # noqa: S603 -- our own client
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            while process.poll() is None:
                server.handle_request()
            out, errors = process.communicate()
    return out, errors


@pytest.mark.django_db
def test_a_typed_client_reads_an_article_from_a_live_server(compiled: Path) -> None:
    school = make_school(city="Hull")
    article = make_article(
        "Becoming a Baker",
        make_index("Guides"),
        topics=("Bread",),
        body=[section("What Bakers Do", anchor="work"), listing(school), call_to_action(url="https://example.com/")],
    )
    answered, errors = answer_while_it_runs("node", str(compiled), "{url}", f"/guides/{article.slug}/")
    assert errors == ""
    assert json.loads(answered) == {
        "title": "Becoming a Baker",
        "topics": ["bread"],
        "lines": [
            "## What Bakers Do (work)",
            "Rye College, Hull",
            "Compare bakeries -> https://example.com/",
        ],
        "total": 1,
        "first": "Becoming a Baker",
        "standing": "",
        "fault": "limit",
    }
