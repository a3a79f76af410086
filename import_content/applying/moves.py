"""Follow sources that were moved or renamed: the record gets the new key, the page stays as it is."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from import_content.applying.ledger import Ledger
from import_content.applying.results import Result, overtaken
from import_content.models import ImportItem, SourceRecord
from import_content.planning.plan import FollowSource, PlanItem
from pages.models import ArticlePage


def follow_source(ledger: Ledger, item: PlanItem) -> Result:
    """Give the record of one source its new key and folder, and write that down.  Four queries.

    Needs a transaction of the caller's.
    """
    decision = item.decision
    if not isinstance(decision, FollowSource):
        raise TypeError(f"{item.key}: its source has not moved")
    records = SourceRecord.objects.filter(key=decision.former_key, source_hash=decision.source_hash)
    try:
        with transaction.atomic():
            moved = records.update(key=item.key, root=decision.root)
    except IntegrityError:
        return overtaken(ledger, item, "another import has brought it in meanwhile")
    if not moved:
        return overtaken(ledger, item, f"{decision.former_key} has changed since it was looked at")
    record = SourceRecord.objects.only("pk", "page_state").get(key=item.key)
    ledger.start()
    ImportItem.objects.create(
        run=ledger.run,
        record=record,
        key=item.key,
        outcome=item.outcome,
        message=item.message,
        page_id=decision.page_id,
        page_state=record.page_state,
    )
    url_path = ArticlePage.objects.filter(pk=decision.page_id).values_list("url_path", flat=True).first()
    return Result(item, item.outcome, item.message, decision.page_id, url_path or "")
