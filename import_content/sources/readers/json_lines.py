"""JSON Lines: each line an object, each object an article."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.readers.plain_text import decode_text
from import_content.sources.readers.rows import row_sources
from import_content.sources.source import SourceFile


def unpack(file: SourceFile, data: bytes, left_out: LeftOutFiles) -> Iterator[SourceFile | SourceError]:
    wrong: list[SourceError] = []
    for entry in row_sources(file, _objects(file, decode_text(file.key, data).text, wrong)):
        yield from wrong
        wrong.clear()
        yield entry
    yield from wrong


def _objects(file: SourceFile, text: str, wrong: list[SourceError]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            yield number, values
        else:
            detail = "this line is no JSON object"
            wrong.append(SourceError(file.key, SourceErrorCode.DAMAGED, line=number, detail=detail))
