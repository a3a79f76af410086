"""Each golden text is parsed and compared as a whole."""

from __future__ import annotations

import pytest

from import_content.parsing.structure.recover import recover_structure
from tests.import_content.parsing.golden import Golden, load, show

CASES = list(load())


@pytest.mark.parametrize("case", CASES, ids=[f"{case.where}: {case.title}" for case in CASES])
def test_text_becomes_the_expected_document(case: Golden) -> None:
    assert show(recover_structure(case.text).document) == case.expected


def test_every_golden_file_is_well_formed() -> None:
    assert len(CASES) >= 1
    assert all(case.title and case.text.strip() and case.expected for case in CASES)
