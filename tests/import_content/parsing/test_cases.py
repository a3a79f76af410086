"""The small texts beside the project, each of a kind that was once got wrong; without them nothing is tested."""

from __future__ import annotations

import json
from typing import Any

import pytest

from import_content.parsing import ParseResult, parse, to_json
from import_content.sources import discover, read
from import_content.sources.errors import SourceError
from tests.import_content.parsing import corpus_scores

CASES = corpus_scores.ROOT.parent / "shared" / "cases" / "parser"
TRUTHS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json"))}
WHOLE = [name for name, truth in TRUTHS.items() if "blocks" in truth]
PARTIAL = [name for name, truth in TRUTHS.items() if "blocks" not in truth]

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"NO CASES at {CASES}: the kinds of texts were NOT checked"),
]


def parsed(name: str) -> ParseResult:
    found = next(iter(discover([str(CASES / f"{name}.txt")])))
    if isinstance(found, SourceError):
        raise found
    return parse(read(found))


@pytest.mark.parametrize("name", WHOLE or ["none"])
def test_the_whole_document_is_right(name: str) -> None:
    scorer = corpus_scores.load_scorer(corpus_scores.DEFAULT_CORPUS)
    figures = scorer.summarise(scorer.score_one(TRUTHS[name], to_json(parsed(name).document)))
    wrong = ("title_accuracy", "heading_f1", "heading_level_acc", "block_exact_f1", "list_ordered_acc", "no_invention")
    assert {key: figures[key] for key in wrong if figures[key] not in (None, 1.0)} == {}


@pytest.mark.parametrize("name", PARTIAL or ["none"])
def test_what_must_hold_holds_or_the_text_is_doubted_as_a_whole(name: str) -> None:
    truth: dict[str, Any] = TRUTHS[name]
    result = parsed(name)
    document: dict[str, Any] = to_json(result.document)
    texts = [text for block in document["blocks"] for text in _texts(block)]
    headings = [block["text"] for block in document["blocks"] if block["type"] == "heading"]
    holds = [
        truth.get("title") in (None, document["title"]),
        headings == truth.get("headings", headings),
        not set(headings) & set(truth.get("must_not_be_headings", ())),
        all(any(part in text for text in texts) for part in truth.get("must_contain_whole", ())),
        all(part in " ".join(texts) for part in truth.get("must_contain", ())),
        not any(part in " ".join(texts) for part in truth.get("must_not_contain", ())),
        not isinstance(truth.get("or"), list),
    ]
    doubted = "or" in truth and any(doubt.type == "document" for doubt in result.uncertain)
    assert all(holds) or doubted


def _texts(block: dict[str, Any]) -> list[str]:
    return [block["text"]] if "text" in block else [str(item) for item in block.get("items", block.get("rows", []))]
