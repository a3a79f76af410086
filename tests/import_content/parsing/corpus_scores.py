"""Score the parser on the corpus beside the project: ``python -m tests.import_content.parsing.corpus_scores [--corpus FOLDER]``.

Runs ``manage.py parse_content`` on the 18 files and the two families of articles, hands its documents to the
corpus's own ``score.py``, prints the three tables, and then how far the parser's confidence can be trusted.
Exit codes: 0 targets reached, 1 some target missed, 2 no corpus.
"""

# ruff: noqa: T201 - a script that prints

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from import_content.document import Document, List, SchoolListing, Table  # noqa: E402
from import_content.parsing import parse, to_json  # noqa: E402
from import_content.sources import discover, read  # noqa: E402
from import_content.sources.errors import SourceError  # noqa: E402
from import_content.sources.formats import PLAIN_TEXT, format_of  # noqa: E402

DEFAULT_CORPUS = ROOT.parent / "shared" / "corpus"
COMMON = {
    "title_accuracy": 0.97,
    "list_item_f1": 0.95,
    "losslessness_worst": 1.0,
    "no_invention": 1.0,
    "error_acc": 1.0,
}


@dataclass(frozen=True, slots=True)
class Family:
    """Some files of the corpus and what must be reached on them."""

    name: str
    folder: str
    pattern: str
    targets: dict[str, float]


FAMILIES = (
    Family("18 files", ".", "[0-9]*", {
        **COMMON, "heading_f1": 0.97, "block_exact_f1": 0.93, "school_name_f1": 0.95, "cta_f1": 0.95,
    }),
    Family("40 seed-like articles", "digital_gov", "seedlike-*", {**COMMON, "heading_f1": 0.97, "block_exact_f1": 0.95}),
    Family("40 mixed articles", "digital_gov", "mixed-*", {**COMMON, "heading_f1": 0.90, "block_exact_f1": 0.85}),
)  # fmt: skip
SURE, SURE_AND_RIGHT = 0.9, 0.98


@dataclass(slots=True)
class Calibration:
    """How many blocks were said to be so sure, and how many of them were right."""

    bins: dict[str, list[int]] = field(
        default_factory=lambda: {"0.90-1.00": [0, 0], "0.75-0.90": [0, 0], "below 0.75": [0, 0]}
    )

    def add(self, confidence: float, right: bool) -> None:
        name = "0.90-1.00" if confidence >= SURE else "0.75-0.90" if confidence >= 0.75 else "below 0.75"
        self.bins[name][0] += 1
        self.bins[name][1] += right

    def share(self, name: str) -> float | None:
        count, right = self.bins[name]
        return right / count if count else None


def load_scorer(corpus: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpus_score", corpus / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(corpus / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parse_with_command(files: list[Path], out: Path) -> None:
    """One JSON file per source, made from the lines that the command prints.

    The corpus scores the reading of plain text.  What is a file of another format under the name of one is read where
    its reader's tool is at hand, so that the score would depend on the machine: it counts as refused.
    """
    other_formats = {path.name for path in files if format_of("source.txt", path.read_bytes()) is not PLAIN_TEXT}
    command = [sys.executable, "manage.py", "parse_content", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode not in (0, 5):
        raise RuntimeError(done.stderr)
    for line in done.stdout.splitlines():
        values = json.loads(line)
        document = {"error": values["error"]} if "error" in values else values["document"]
        if Path(values["source"]).name in other_formats:
            document = {"error": "it is no plain text"}
        target = out / f"{Path(values['source']).stem}.json"
        target.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def score(scorer: ModuleType, corpus: Path, family: Family) -> dict[str, float | None]:
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as truths:
        sources = sorted((corpus / family.folder).glob(family.pattern + ".txt"))
        for path in sources:
            for one in (path, path.with_suffix(".json")):
                (Path(truths) / one.name).symlink_to(one)
        parse_with_command(sources, Path(made))
        total, rows, missing = scorer.score_dirs(truths, made)
        figures: dict[str, float | None] = scorer.summarise(total)
        shares = [scorer.ratio(row, "ll") for row in rows.values() if row.get("ll_n")]
        figures["losslessness_worst"] = min(shares)
        figures["missing"] = float(len(missing))
    return figures


def units_of(document: Document) -> Iterator[tuple[str, str, float]]:
    """Type, text and confidence of everything that the scorer counts one by one."""
    for block in document.blocks:
        confidence = block.origin.confidence
        if isinstance(block, List):
            yield from (("list_item", item, confidence) for item in block.items)
        elif isinstance(block, Table):
            yield from (("table_row", " ".join(row), confidence) for row in block.rows)
        elif isinstance(block, SchoolListing):
            for entry in block.items:
                yield "school", f"{entry.name}\0{entry.description}", entry.origin.confidence
        else:
            yield block.type, block.text, confidence


def calibrate(scorer: ModuleType, corpus: Path, family: Family, calibration: Calibration) -> None:
    for path in sorted((corpus / family.folder).glob(family.pattern + ".txt")):
        truth: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = next(discover([str(path)]))
        try:
            if isinstance(found, SourceError):
                raise found
            document = parse(read(found)).document
        except SourceError:
            continue
        if document.title is not None:
            right = scorer.norm(truth["title"]) == scorer.norm(document.title.text)
            calibration.add(document.title.origin.confidence, right)
        wanted, mine = scorer.units(truth), list(units_of(document))
        keys = [u["text"] + "\0" + u["name"] if u["type"] == "school" else u["text"] for u in wanted]
        got = scorer.units(to_json(document))
        got_keys = [u["text"] + "\0" + u["name"] if u["type"] == "school" else u["text"] for u in got]
        matched = {j: i for i, j in scorer.lcs_pairs_big(keys, got_keys)}
        for number, (unit, (_, _, confidence)) in enumerate(zip(got, mine, strict=True)):
            right = number in matched and unit["type"] in wanted[matched[number]]["ok"]
            calibration.add(confidence, right)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT_CORPUS)
    corpus: Path = parser.parse_args().corpus
    if not (corpus / "score.py").is_file():
        print(f"There is no corpus at {corpus}: nothing was scored.", file=sys.stderr)
        return 2
    scorer, missed, calibration = load_scorer(corpus), 0, Calibration()
    for family in FAMILIES:
        figures = score(scorer, corpus, family)
        calibrate(scorer, corpus, family, calibration)
        print(f"{family.name}")
        for name, value in figures.items():
            target = family.targets.get(name)
            failed = target is not None and value is not None and value < target
            missed += failed
            shown = "-" if value is None else f"{value:.4f}"
            print(f"  {name:20} {shown:8}" + ("" if target is None else f"(at least {target}){' MISSED' * failed}"))
    print("Confidence: said / right")
    for name, (count, right) in calibration.bins.items():
        print(f"  {name:20} {count:6} {right / count if count else 0:.4f}")
    share = calibration.share("0.90-1.00")
    missed += share is None or share < SURE_AND_RIGHT
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
