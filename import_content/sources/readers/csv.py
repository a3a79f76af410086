"""CSV and TSV: the first row names the columns, each other row is an article."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.readers.plain_text import decode_text
from import_content.sources.readers.rows import MAX_CELL_CHARACTERS, row_sources
from import_content.sources.source import SourceFile

MAX_COLUMNS = 500


def unpack(file: SourceFile, data: bytes, left_out: LeftOutFiles) -> Iterator[SourceFile | SourceError]:
    text = decode_text(file.key, data).text
    dialect = _dialect(text)
    csv.field_size_limit(4 * MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect, strict=False)
    try:
        names = next(reader, [])
    except csv.Error as error:
        raise SourceError(file.key, SourceErrorCode.TOO_COMPLEX, line=1, detail=str(error)) from error
    if len(names) > MAX_COLUMNS or len(names) < 2 or not all(name.strip() for name in names[:2]):
        detail = "its first row does not name columns such as title and body"
        raise SourceError(file.key, SourceErrorCode.UNSUPPORTED, line=1, detail=detail)
    yield from row_sources(file, _rows(file, reader, names))


def _dialect(text: str) -> str:
    """The sign that most often stands between the names of the columns."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    return max(",;\t|", key=first.count)


def _rows(file: SourceFile, reader: Any, names: list[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise SourceError(file.key, SourceErrorCode.TOO_COMPLEX, line=line, detail=str(error)) from error
        if row is None:
            return
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            detail = f"a row of {len(row)} values under {len(names)} names of columns"
            raise SourceError(file.key, SourceErrorCode.DAMAGED, line=line, detail=detail)
        yield line, dict(zip(names, row, strict=False))
