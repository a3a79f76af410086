"""What the command `parse_content` prints, without Django: one JSON line per source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from import_content.cli.exit_codes import ExitCode
from import_content.parsing import (
    FileResult,
    accounting_json,
    to_json,
    uncertain_json,
)


def result_line(result: FileResult) -> str:
    """``{"source", "document", "accounting", "encoding", "uncertain"}`` or ``{"source", "error", "code"}``"""
    if result.error is not None:
        error = result.error
        values: dict[str, object] = {"source": result.key, "error": str(error), "code": error.code.value}
        if error.line is not None:
            values["line"] = error.line
        return json.dumps(values, ensure_ascii=False)
    source, parsed = result.source, result.parsed
    if source is None or parsed is None:
        raise ValueError("an result has an error, or a source and a document")
    return json.dumps(
        {
            "source": result.key,
            "document": to_json(parsed.document),
            "accounting": accounting_json(parsed.accounting),
            "encoding": {
                "name": source.encoding,
                "bom": source.bom,
                "newline": source.newline,
                "confidence": source.encoding_confidence,
            },
            "uncertain": [uncertain_json(uncertain) for uncertain in parsed.uncertain],
        },
        ensure_ascii=False,
    )


def print_results(results: Iterable[FileResult], out: TextIO) -> ExitCode:
    """Write one line per result as it comes; says whether all were clean."""
    code = ExitCode.CLEAN
    for result in results:
        out.write(result_line(result) + "\n")
        if result.error is not None:
            code = ExitCode.FAILED
    return code
