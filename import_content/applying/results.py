"""What became of sources, as it is reported and written down."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import DatabaseError

from import_content.applying.ledger import Ledger
from import_content.models import Outcome
from import_content.planning.plan import PlanItem
from pages.models import ArticlePage

logger = logging.getLogger(__name__)

Failure = (ValidationError, DatabaseError, ValueError, KeyError, ArticlePage.DoesNotExist)
"""What can be wrong with one source when it is written; everything else is a defect and stops the run."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one source."""

    planned: PlanItem
    outcome: Outcome
    message: str = ""
    page_id: int | None = None
    url_path: str = ""


def result_of(planned: PlanItem) -> Result:
    """Of a decision that is carried out, or that has nothing to be done."""
    state = planned.state
    return Result(
        planned,
        planned.outcome,
        planned.message,
        page_id=state.page_id if state else None,
        url_path=state.url_path if state else "",
    )


def near_pairs(plan: Iterable[PlanItem]) -> list[tuple[str, str, str]]:
    """New names of schools, the known ones that they are near to, and the sources' keys."""
    return [(name, other, item.key) for item in plan for name, other in item.near]


def note_refusals(ledger: Ledger, plan: Sequence[PlanItem]) -> list[Result]:
    """Write refusals into the ledger, which remembers them."""
    if plan:
        ledger.refused(plan)
    return [result_of(item) for item in plan]


def failed(ledger: Ledger, planned: PlanItem, error: Exception) -> Result:
    logger.debug("%s failed", planned.key, exc_info=error)
    (result,) = note_refusals(ledger, [planned.refused("write", _sentence(error))])
    return result


def overtaken(ledger: Ledger, planned: PlanItem, message: str) -> Result:
    (result,) = note_refusals(ledger, [planned.refused("moved", message)])
    return result


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        return " ".join(error.messages)
    return f"{type(error).__name__}: {error}"
