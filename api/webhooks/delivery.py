"""The worker: purges caches, then tells each address what it has not heard yet, one message after the other."""

from __future__ import annotations

import json
import logging
import random
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from api.journal.feed import FeedCursor, Selection, change_texts
from api.journal.sequencer import Position, catch_up
from api.journal.tags import tags_of
from api.models import JournalEntry, PurgePosition, WebhookDelivery, WebhookEndpoint
from api.visibility.sites import Site, current_sites
from api.webhooks.purging import purge
from api.webhooks.sender import SendResult, send
from api.webhooks.signing import signatures
from pages.publication import iso

logger = logging.getLogger("api.webhooks")

MAX_CHANGES = 100
LEASE_SECONDS = 60
"""For so long nobody else tries an address that is being tried."""
RETRY_SECONDS = (5, 30, 120, 600, 1800, 7200, 21_600, 43_200, 86_400)
GIVE_UP_AFTER = timedelta(days=3)
JITTER = 0.2


def deliver_due(*, limit: int = 100) -> int:
    """Everything that is due now; how many messages were sent."""
    now = catch_up()
    if not purge_up_to(now.sequence):
        return 0
    sent = 0
    while sent < limit and (endpoint := _lease()) is not None:
        sent += _serve(endpoint, now)
    return sent


def purge_up_to(sequence: int) -> bool:
    """False where a cache could not be purged: then nobody must be told of the changes, and ask for them, yet."""
    position, _ = PurgePosition.objects.get_or_create(pk=1, defaults={"sequence": sequence})
    if position.sequence >= sequence:
        return True
    changed = JournalEntry.objects.filter(sequence__gt=position.sequence, sequence__lte=sequence)
    tags = [tag for kind, pk in changed.values_list("kind", "object_id") for tag in tags_of(kind, pk)]
    try:
        purge(tags)
    except Exception:
        logger.exception("caches could not be purged")
        return False
    PurgePosition.objects.filter(pk=1).update(sequence=sequence)
    return True


def _lease() -> WebhookEndpoint | None:
    """An address that is due, which nobody else will try for a while."""
    now = timezone.now()
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    for endpoint in WebhookEndpoint.objects.filter(due, enabled=True).order_by("next_attempt_at", "pk"):
        if not _has_news(endpoint):
            continue
        leased = WebhookEndpoint.objects.filter(due, pk=endpoint.pk, enabled=True)
        if leased.update(next_attempt_at=now + timedelta(seconds=LEASE_SECONDS)):
            return endpoint
    return None


def _has_news(endpoint: WebhookEndpoint) -> bool:
    return endpoint.deliveries.filter(delivered_at=None).exists() or bool(news(endpoint))


def selection_of(endpoint: WebhookEndpoint) -> Selection | None:
    """None: there is no such site any more."""
    sites = current_sites()
    sites_by_id: dict[int, Site] = {site.pk: site for site in sites.all}
    site = sites_by_id.get(endpoint.site_id) if endpoint.site_id else sites.named(None)
    if site is None:
        return None
    kinds = tuple(kind.strip() for kind in endpoint.types.split(",") if kind.strip())
    return Selection(site, kinds, endpoint.locale or None)


def news(endpoint: WebhookEndpoint) -> list[JournalEntry]:
    """Changes that the address has not heard of, the oldest first; a message full at most."""
    selection = selection_of(endpoint)
    if selection is None:
        return []
    rows = selection.entries().filter(sequence__gt=endpoint.sequence)
    if prefix := endpoint.path_prefix:
        rows = rows.filter(Q(path__startswith=prefix) | Q(former__contains=json.dumps(prefix)[:-1]))
    return list(rows.order_by("sequence")[:MAX_CHANGES])


def message(endpoint: WebhookEndpoint, entries: Sequence[JournalEntry], epoch: str) -> str:
    """The body that tells of these changes."""
    selection = selection_of(endpoint)
    assert selection is not None  # noqa: S101 -- there is news of it
    start, end = FeedCursor(epoch, endpoint.sequence), FeedCursor(epoch, entries[-1].sequence)
    changes, _ = change_texts(selection.site, entries, start, None)
    tags = list(dict.fromkeys(tag for entry in entries for tag in tags_of(entry.kind, entry.object_id)))
    return (
        f'{{"type":"content.changed","timestamp":"{iso(timezone.now())}","data":{{"from":"{start}","to":"{end}",'
        f'"changes":[{",".join(changes)}],"tags":{json.dumps(tags)}}}}}'
    )


def _serve(endpoint: WebhookEndpoint, now: Position) -> int:
    waiting = endpoint.deliveries.filter(delivered_at=None).order_by("pk").first()
    if waiting is None:
        entries = news(endpoint)
        waiting = WebhookDelivery.objects.create(
            endpoint=endpoint,
            message_id=f"msg_{uuid.uuid4().hex}",
            first=endpoint.sequence,
            last=entries[-1].sequence,
            body=message(endpoint, entries, now.epoch),
            made_at=timezone.now(),
        )
    result = attempt(waiting)
    _note(endpoint, waiting, result)
    return 1


def attempt(delivery: WebhookDelivery) -> SendResult:
    """Send it once, and write down what came of it."""
    moment = timezone.now()
    endpoint, timestamp = delivery.endpoint, int(moment.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "content-pipeline-webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(
            (endpoint.secret, endpoint.former_secret), delivery.message_id, timestamp, delivery.body
        ),
    }
    result = send(endpoint.url, delivery.body, headers)
    delivery.attempts += 1
    delivery.attempted_at, delivery.status = moment, result.status
    delivery.answer, delivery.seconds = result.answer, result.seconds
    if result.is_success:
        delivery.delivered_at = timezone.now()
    delivery.save()
    return result


def _note(endpoint: WebhookEndpoint, delivery: WebhookDelivery, result: SendResult) -> None:
    """What the attempt means for the address."""
    now = timezone.now()
    row = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if result.is_success:
        again = now + timedelta(seconds=endpoint.every_seconds) if endpoint.every_seconds else None
        row.update(sequence=delivery.last, failures=0, failing_since=None, next_attempt_at=again)
        return
    since = endpoint.failing_since or now
    row.update(failures=F("failures") + 1, failing_since=since, next_attempt_at=now + retry_after(endpoint.failures))
    if now - since > GIVE_UP_AFTER:
        row.update(enabled=False)
        logger.error("webhook %s was switched off: it has failed since %s", endpoint.name, since)


def retry_after(failures: int) -> timedelta:
    """After so many failures before this one."""
    seconds = RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)]
    return timedelta(seconds=seconds * random.uniform(1, 1 + JITTER))  # noqa: S311 -- spreads load


def replay(endpoint: WebhookEndpoint, sequence: int) -> None:
    """Tell it again of everything after a number."""
    endpoint.deliveries.filter(delivered_at=None).delete()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        sequence=sequence, enabled=True, failures=0, failing_since=None, next_attempt_at=None
    )
