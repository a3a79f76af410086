"""Factories and services that tests share."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Texts that are not this project's own; beside the checkout where they are at hand."""


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """As pytest-django's own, but copied from a template instead of migrated."""
    from django.test.utils import setup_databases, teardown_databases

    from tests.database_template import migrated_from_template

    with django_db_blocker.unblock():
        with migrated_from_template():
            databases = setup_databases(
                verbosity=0, interactive=False, aliases={"default": False}, serialized_aliases=set()
            )
        yield
        teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus; its tests are skipped aloud where it is absent."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("THE SHARED CORPUS IS ABSENT: put shared/ beside the project to run the tests that read it")
    return folder


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The real source text the product was ordered for."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("THE SEED TEXT IS ABSENT: put shared/ beside the project to run the tests that read it")
    return folder


def service_missing(reason: str) -> None:
    """Skip where a service is not at hand; fail where it is required (CI)."""
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def article_index(db: None) -> Any:
    from tests.factories import make_index

    return make_index()


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A text file that this process may not read: root, who may read everything, acts as nobody meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="cms-test-"))
    folder.chmod(0o755)
    path = folder / "secret.txt"
    path.write_text("Secret\n\nNobody may read this.\n")
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield path
    if is_root:
        os.seteuid(0)
    shutil.rmtree(folder)
