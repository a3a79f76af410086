"""The parsing core's front: everything that commands and the importer call.

No Django here or below: `parse` is a pure function of its arguments, safe to run in any process.
"""

from __future__ import annotations

from import_content.parsing.accounting import Accounting, account
from import_content.parsing.parse import (
    UNCERTAIN_BELOW,
    ParseResult,
    Uncertain,
    parse,
)
from import_content.parsing.parse_job import FileResult
from import_content.parsing.process_pool import parse_many
from import_content.parsing.serialisers import accounting_json, to_json, uncertain_json

__all__ = [
    "UNCERTAIN_BELOW",
    "Accounting",
    "FileResult",
    "ParseResult",
    "Uncertain",
    "account",
    "accounting_json",
    "parse",
    "parse_many",
    "to_json",
    "uncertain_json",
]
