"""Golden texts: files of title / input / expected triples, and a document written the way they expect it.

A file holds any number of triples.  Lines of one dot part them::

    a short line above a paragraph is a heading
    .
    the text
    .
    TITLE| ...
    .

Expected lines: ``TITLE|``, ``H2|`` to ``H4|``, ``P|``, ``UL|`` and ``OL|`` for the first item of a list, ``SCHOOL|`` for
the first entry of a listing (``name :: description``), ``ROW|`` for the first row of a table (cells parted by ``¦``),
``CTA|``, and ``+|`` for the next item, entry or row, ``++|`` for
the item of a list within the item before.  In the input, ``\\t`` stands for a tab and ``\\u00a0`` and the
like for characters that nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from import_content.document import (
    Document,
    Heading,
    List,
    SchoolListing,
    Table,
)

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Golden:
    title: str
    text: str
    expected: str
    where: str


def load(folder: Path = HERE) -> Iterator[Golden]:
    for path in sorted(folder.glob("*.txt")):
        parts = re.split(r"^\.$\n?", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for number in range(0, len(parts) - 2, 3):
            title, text, expected = parts[number : number + 3]
            yield Golden(title.strip().splitlines()[-1], _unescape(text), expected.strip(), path.stem)


def _unescape(text: str) -> str:
    text = text.replace("\\t", "\t")
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match.group(1), 16)), text)


def show(document: Document) -> str:
    """A document as golden files write it."""
    lines = [f"TITLE| {document.title.text}"] if document.title else []
    for block in document.blocks:
        if isinstance(block, List):
            items = _several("OL" if block.ordered else "UL", list(block.items))
            depths = [form.depth for form in block.forms] or [0] * len(items)
            lines += [f"{'+' * depth}{item}" for item, depth in zip(items, depths, strict=True)]
        elif isinstance(block, SchoolListing):
            lines += _several("SCHOOL", [f"{entry.name} :: {entry.description}" for entry in block.items])
        elif isinstance(block, Table):
            lines += _several("ROW", [" ¦ ".join(row) for row in block.rows])
        elif isinstance(block, Heading):
            lines.append(f"H{block.level}| {block.text}")
        else:
            lines.append(f"{'P' if block.type == 'paragraph' else 'CTA'}| {block.text}")
    return "\n".join(lines)


def _several(mark: str, texts: list[str]) -> list[str]:
    return [f"{mark if number == 0 else '+'}| {text}" for number, text in enumerate(texts)]
