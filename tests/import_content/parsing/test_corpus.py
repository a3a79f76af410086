"""The targets on the corpus beside the project; without a corpus nothing is tested, and that is said aloud."""

from __future__ import annotations

import pytest

from tests.import_content.parsing import corpus_scores

CORPUS = corpus_scores.DEFAULT_CORPUS

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CORPUS / "score.py").is_file(), reason=f"NO CORPUS at {CORPUS}: the parser's targets were NOT checked"
    ),
]


@pytest.mark.parametrize("family", corpus_scores.FAMILIES, ids=lambda family: family.name)
def test_targets_are_reached(family: corpus_scores.Family) -> None:
    figures = corpus_scores.score(corpus_scores.load_scorer(CORPUS), CORPUS, family)
    missed = {name: figures[name] for name, target in family.targets.items() if (figures[name] or 0.0) < target}
    assert missed == {}


def test_what_the_parser_is_sure_of_is_right() -> None:
    scorer, calibration = corpus_scores.load_scorer(CORPUS), corpus_scores.Calibration()
    for family in corpus_scores.FAMILIES:
        corpus_scores.calibrate(scorer, CORPUS, family, calibration)
    share = calibration.share("0.90-1.00")
    assert share is not None
    assert share >= corpus_scores.SURE_AND_RIGHT
