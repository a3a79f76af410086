"""Some generated requests; `python -m tests.fuzz_api` makes as many as you like."""

from __future__ import annotations

import pytest

from api.leakcheck.audit import set_stage
from api.leakcheck.hidden import SECOND_LANGUAGE
from api.leakcheck.isolation import isolated
from tests.fuzz_api import fuzz

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_generated_requests_are_answered_as_the_contract_says() -> None:
    with isolated(SECOND_LANGUAGE):
        set_stage()
        statuses, failures = fuzz(300, seed=3)
    assert failures == []
    assert statuses["200"] > 20
    assert statuses["400"] > 20
