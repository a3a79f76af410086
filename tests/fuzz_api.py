"""Throws generated requests at the API, valid and invalid ones, and checks every answer against the contract.

    python -m tests.fuzz_api --cases 10000            (DATABASE_URL chooses the database server)

In a test database of its own, with the content of the leak audit's stage in it.  Exit code 1 if there was a 5xx, an
answer that its schema does not allow, or a status or media type that the contract does not name.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
from jsonschema import Draft202012Validator, ValidationError

from tests.wsgi import connection_kept

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
REAL = 0.6
"""The share of cases whose path names something that is there, and whose query nothing that nobody could guess."""
UNGUESSABLE = ("cursor", "site")


def content_of(case: Any) -> dict[str, Any]:
    """What the contract says of a JSON answer to the case."""
    responses = case.operation.definition.raw["responses"]
    content: dict[str, Any] = responses["200"]["content"].get("application/json", {})
    return content


def is_partial(case: Any) -> bool:
    """Only a part of the articles was asked for, so that they have a schema of their own."""
    query = case.query or {}
    asked = "fields" in query or query.get("body", "html") != "html"
    return asked and "x-partial-schema" in content_of(case)


def partial_schema(case: Any, contract: dict[str, Any]) -> dict[str, Any]:
    return {**content_of(case)["x-partial-schema"], "components": contract["components"]}


@connection_kept()
def fuzz(cases: int, seed: int) -> tuple[Counter[str], list[str]]:
    """How often each status was answered, and each failure in words.  Needs content in the database."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from schemathesis import checks as builtin
    from schemathesis.generation.modes import GenerationMode

    from cms.wsgi import application

    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # most answers are refusals, as they should be
    from pages.models import ArticlePage, School, Topic

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [result.ok() for result in schema.get_all_operations()]
    named = {
        "id": [*ArticlePage.objects.values_list("pk", flat=True), *School.objects.values_list("pk", flat=True)],
        "slug": list(Topic.objects.values_list("slug", flat=True)),
        "anchor": ["part", "links", "pictures"],
    }
    chance = random.Random(seed)  # noqa: S311 -- chooses test cases
    wanted = [getattr(builtin, name, None) or builtin.CHECKS.get_one(name) for name in CHECKS]
    statuses: Counter[str] = Counter()
    failures: list[str] = []

    def attempt(case: Any) -> None:
        for name, values in named.items():
            if name in (case.path_parameters or {}) and values and chance.random() < REAL:
                case.path_parameters[name] = chance.choice(values)
        for name in UNGUESSABLE:
            if name in (case.query or {}) and chance.random() < REAL:
                del case.query[name]
        response = case.call(headers={"Accept-Encoding": "identity"})
        statuses[f"{response.status_code}"] += 1
        try:
            if response.status_code == 200 and is_partial(case):
                case.validate_response(response, checks=[check for check in wanted if check is not wanted[-1]])
                Draft202012Validator(partial_schema(case, schema.raw_schema)).validate(response.json())
            else:
                case.validate_response(response, checks=wanted)
        except (BaseExceptionGroup, ValidationError) as error:
            failures.append(f"{case.method} {response.request.url}: {getattr(error, 'exceptions', error)}")

    share = max(1, cases // (2 * len(operations)))
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
                test = settings(
                    max_examples=share,
                    database=None,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )(given(case=strategy)(attempt))
                seeded(seed)(test)()
            except Exception as error:  # an operation without parameters has no invalid form
                if not type(error).__name__.startswith(("Unsatisfiable", "Skip", "NoExamples")):
                    raise
    return statuses, failures


@contextmanager
def database() -> Iterator[None]:
    """A test database with something of everything in it."""
    from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

    from api.leakcheck.audit import set_stage
    from api.leakcheck.hidden import SECOND_LANGUAGE
    from api.leakcheck.isolation import isolated

    runner: Any = get_runner(django.conf.settings)(verbosity=0, interactive=False)
    setup_test_environment()
    old = runner.setup_databases()
    try:
        with isolated(SECOND_LANGUAGE):
            set_stage()
            yield
    finally:
        runner.teardown_databases(old)
        teardown_test_environment()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    django.setup()
    with database():
        statuses, failures = fuzz(options.cases, options.seed)
    for failure in failures[:50]:
        sys.stderr.write(f"{failure}\n\n")
    told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    sys.stdout.write(f"{sum(statuses.values())} cases ({told}), {len(failures)} failures\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
