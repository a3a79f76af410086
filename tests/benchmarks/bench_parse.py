"""How fast parsing is, and that its cost grows with the length of the text and no faster.

    python tests/benchmarks/bench_parse.py [FOLDER...]

Prints articles per second and core for the sources in the folders (or for generated articles), then, for each
hostile shape of text, the CPU time in milliseconds of 32 KiB to 1 MiB and the worst ratio of a doubling.
"""

# ruff: noqa: T201 - a script that prints

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from import_content.parsing import parse
from import_content.sources import discover, read
from import_content.sources.source import Source, SourceFile

SIZES = tuple(2**power * 1024 for power in range(5, 11))
SHORTEST = 0.02
"""Seconds below which a time is noise and no base for a ratio."""
LIMIT_RATIO, LIMIT_SECONDS, WANTED_RATE = 2.6, 2.0, 1000.0

ARTICLE = (
    "Bookbinder or Archivist?\n\n"
    + "".join(
        f"Section Number {word}\n\n" + "A sentence of ordinary prose goes here, and it says very little. " * 8 + "\n\n"
        for word in ("One", "Two", "Three", "Four", "Five", "Six", "Seven")
    )
    + "Schools for Bookbinders\n\n"
    + "".join(
        f"{name} College {name} College teaches paper, glue and patience. "
        + "Classes meet on three evenings. " * 6
        + "\n"
        for name in ("Harlow", "Marsden", "Orrin Valley")
    )
    + "\nClick here to compare bookbinding schools\n"
)


def repeat(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit) + 1)


HOSTILE: dict[str, Callable[[int], str]] = {
    "one line of one letter": repeat("a"),
    "one line of words": repeat("word "),
    "one line of capitalised words": repeat("Word "),
    "lines of one letter": repeat("a\n"),
    "lines of one letter, spaced": repeat("a\n\n"),
    "blank lines": lambda size: "a" + "\n" * size + "b",
    "spaces": lambda size: "a" + " " * size + "b",
    "tabs": lambda size: "a" + "\t" * size + "b",
    "rules": repeat("-----\n"),
    "half a rule": lambda size: "- " * (size // 2) + "x",
    "list items": repeat("- an item of a list\n"),
    "numbered lines": repeat("1. a\n"),
    "numbers and paragraphs": repeat("2. Ab cd\n3. Ef gh\n\nIj kl.\n\n"),
    "table rows": repeat("a\tb\tc\n"),
    "lead-ins": repeat("and these:\n"),
    "names": repeat("College of College of "),
    "entries": repeat("Harlow College Harlow College teaches.\n"),
    "names above": repeat("Harlow College\nIt is a school of its own.\n\n"),
    "half entries": repeat("Harlow College\nIt is a school of its own.\n\nBut is it?\n\n"),
    "questions": repeat("Is it so?\n\nYes.\n\n"),
    "headings": repeat("A Short Heading\n\n"),
    "calls to action": repeat("Click here to go on\n"),
    "wrapped": repeat("the quick brown fox jumps over the lazy dog and does not care at all\n"),
    "wrapped capitals": repeat("Harlow College of the Middle West and of the Far East at Marsden.\n"),
    "zero-width": repeat("\u200b"),
    "zero-width between letters": repeat("a\u200b"),
    "control characters": repeat("a\x01"),
    "quotes": repeat('"'),
    "brackets": repeat("(("),
    "colons": repeat("a: "),
    "dashes": repeat("A – "),
    "digits": repeat("1 2 3-"),
    "full stops": repeat("A. "),
    "ellipses": repeat("...\n"),
    "carriage returns": repeat("a\r"),
    "pipes": repeat("| a | b |\n"),
    "pipes that do not agree": repeat("a | b\na | b | c\n"),
    "grid rules": repeat("+---+---+\n"),
    "aligned columns": repeat("aa    bb    cc\n"),
    "markers alone": repeat("•\n"),
    "page edges": repeat("Some text goes\n\nPage 1 of 9\n\n\x0cHead\n"),
    "hyphens at line ends": repeat("the quick brown fox jum-\nped over it all\n"),
    "broken sentences": repeat("this is broken here and\nthis goes on in the next\n\n"),
    "entities": repeat("&amp; a "),
    "tags": repeat("<p>a</p>\n"),
    "nested items": repeat("- a\n  - b\n    - c\n"),
    "signed headings": repeat("# x\n\nabc def.\n\n"),
    "emoji": repeat("\U0001f469\u200d\u2695\ufe0f "),
}


def source(text: str) -> Source:
    return Source("bench", text, "utf-8", False, "lf", "", len(text), 1.0)


def cpu(text: str) -> float:
    value = source(text)
    start = time.process_time()
    parse(value)
    return time.process_time() - start


def rate(sources: list[Source], seconds: float = 2.0) -> float:
    """Articles per second of CPU time."""
    count, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for one in sources:
            parse(one)
        count += len(sources)
    return count / (time.process_time() - start)


def doublings(make: Callable[[int], str]) -> Iterator[float]:
    for size in SIZES:
        yield min(cpu(make(size)[:size]) for _ in range(3))


def main(folders: list[str]) -> int:
    found = [read(file) for file in discover(folders) if isinstance(file, SourceFile)] if folders else []
    sources = found or [source(ARTICLE)]
    mean = sum(len(one.text) for one in sources) / len(sources)
    speed = rate(sources)
    print(f"{speed:8.0f} articles/s/core ({len(sources)} sources, {mean:,.0f} characters on average)")
    worst_ratio = worst_time = 0.0
    for name, make in HOSTILE.items():
        times = list(doublings(make))
        ratio = max(after / max(before, SHORTEST) for before, after in pairwise(times))
        worst_ratio, worst_time = max(worst_ratio, ratio), max(worst_time, times[-1])
        print(f"{name:30}", *(f"{one * 1000:6.0f}" for one in times), f"  x{ratio:.2f}")
    print(
        f"worst ratio x{worst_ratio:.2f} (limit {LIMIT_RATIO}), worst time {worst_time:.2f} s (limit {LIMIT_SECONDS})"
    )
    good = worst_ratio <= LIMIT_RATIO and worst_time < LIMIT_SECONDS and speed >= WANTED_RATE
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
