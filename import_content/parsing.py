"""The parsing core's front: everything that commands and the importer call.

No Django here or below: `parse` is a pure function of its arguments, safe to run in any process.
"""

from __future__ import annotations

from .accounting import Accounting, account
from .jobs import Outcome
from .parsed import UNCERTAIN_BELOW, Parsed, Uncertain, parse
from .pool import parse_many
from .serialise import accounting_json, to_json, uncertain_json

__all__ = [
    "UNCERTAIN_BELOW",
    "Accounting",
    "Outcome",
    "Parsed",
    "Uncertain",
    "account",
    "accounting_json",
    "parse",
    "parse_many",
    "to_json",
    "uncertain_json",
]
