"""What the command `parse_content` prints, without Django: one JSON line per source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from import_content.cli.exit_codes import ExitCode
from import_content.parsing import (
    Outcome,
    accounting_json,
    to_json,
    uncertain_json,
)


def outcome_line(outcome: Outcome) -> str:
    """``{"source", "document", "accounting", "encoding", "uncertain"}`` or ``{"source", "error", "code"}``"""
    if outcome.error is not None:
        error = outcome.error
        values: dict[str, object] = {"source": outcome.key, "error": str(error), "code": error.code.value}
        if error.line is not None:
            values["line"] = error.line
        return json.dumps(values, ensure_ascii=False)
    source, parsed = outcome.source, outcome.parsed
    if source is None or parsed is None:
        raise ValueError("an outcome has an error, or a source and a document")
    return json.dumps(
        {
            "source": outcome.key,
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


def print_outcomes(outcomes: Iterable[Outcome], out: TextIO) -> ExitCode:
    """Write one line per outcome as it comes; says whether all were clean."""
    code = ExitCode.CLEAN
    for outcome in outcomes:
        out.write(outcome_line(outcome) + "\n")
        if outcome.error is not None:
            code = ExitCode.FAILED
    return code
