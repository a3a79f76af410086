from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from api.journal.sequencer import catch_up
from api.models import WebhookDelivery, WebhookEndpoint
from api.webhooks import purging
from api.webhooks.delivery import GIVE_UP_AFTER, deliver_due, retry_after
from tests.api import factories
from tests.api.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.django_db
PURGED: list[str] = []


def remember_purge(tags: list[str], receiver: Receiver | None = None) -> None:
    PURGED.append(f"{len(receiver.got) if receiver else 0}: {' '.join(sorted(tags))}")


def refuse_purge(tags: list[str]) -> None:
    raise OSError("the cache is away")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.API_WEBHOOKS_PRIVATE = True
    catch_up()
    PURGED.clear()
    with receiving() as found:
        yield found


def hook(receiver: Receiver, **fields: Any) -> WebhookEndpoint:
    catch_up()
    return WebhookEndpoint.objects.create(name="Build", url=receiver.url, **fields)


def verify(headers: dict[str, str], body: str, secret: str) -> bool:
    """As a receiver does, by the book."""
    given = {name.lower(): value for name, value in headers.items()}
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{given['webhook-id']}.{given['webhook-timestamp']}.{body}".encode()
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return expected in given["webhook-signature"].split()


def test_a_change_is_told_once_and_signed(receiver: Receiver) -> None:
    endpoint = hook(receiver, former_secret="whsec_" + base64.b64encode(b"the one before").decode())
    article = factories.make_article()
    assert deliver_due() == 1
    assert deliver_due() == 0
    ((headers, body),) = receiver.got
    assert verify(headers, body, endpoint.secret)
    assert verify(headers, body, endpoint.former_secret)
    told = json.loads(body)
    assert told["type"] == "content.changed"
    named = {(change["type"], change["id"]): change for change in told["data"]["changes"]}
    assert ("article", article.pk) in named
    assert all("object" not in change for change in named.values())
    assert f"page-{article.pk}" in told["data"]["tags"]


def test_ranges_join_without_gap_or_overlap(receiver: Receiver, client: Any) -> None:
    hook(receiver)
    for number in range(3):
        factories.make_article(f"Article {number}")
        deliver_due()
    ranges = [(body["data"]["from"], body["data"]["to"]) for body in (json.loads(text) for _, text in receiver.got)]
    assert [end for _, end in ranges[:-1]] == [start for start, _ in ranges[1:]]
    again = client.get("/api/v1/changes/", {"cursor": ranges[0][0]}).json()
    assert {change["id"] for change in again["changes"]} >= {
        change["id"] for _, text in receiver.got for change in json.loads(text)["data"]["changes"]
    }


def test_many_changes_come_a_hundred_at_a_time_and_in_order(receiver: Receiver) -> None:
    hook(receiver)
    for number in range(130):
        factories.make_school(f"School {number}")
    assert deliver_due() == 2
    told = [change["id"] for _, text in receiver.got for change in json.loads(text)["data"]["changes"]]
    assert len(told) == 130
    assert told == sorted(told)


def test_filters(receiver: Receiver) -> None:
    hook(receiver, types="school")
    factories.make_article()
    assert deliver_due() == 0
    factories.make_school()
    assert deliver_due() == 1
    WebhookEndpoint.objects.update(types="", path_prefix="/guides/")
    factories.make_article("Elsewhere")
    assert deliver_due() == 0
    factories.make_article(parent=factories.make_index("Guides"))
    assert deliver_due() == 1


def test_what_fails_is_sent_again_letter_for_letter(receiver: Receiver) -> None:
    endpoint = hook(receiver)
    receiver.status = 500
    factories.make_school()
    deliver_due()
    assert deliver_due() == 0, "not before its time"
    endpoint.refresh_from_db()
    assert endpoint.failures == 1
    assert timedelta(seconds=4) < endpoint.next_attempt_at - timezone.now() < timedelta(seconds=7)
    receiver.status = 200
    factories.make_school("Another College")
    WebhookEndpoint.objects.update(next_attempt_at=timezone.now())
    assert deliver_due() == 2
    bodies = [body for _, body in receiver.got]
    ids = [{name.lower(): value for name, value in headers.items()}["webhook-id"] for headers, _ in receiver.got]
    assert bodies[0] == bodies[1] != bodies[2]
    assert ids[0] == ids[1] != ids[2]
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_attempts_grow_rarer_up_to_a_day_and_end_after_three(receiver: Receiver) -> None:
    waits = [retry_after(failures).total_seconds() for failures in range(12)]
    assert waits[0] < 7
    assert waits[-1] < 86_400 * 1.3
    endpoint = hook(receiver)
    receiver.status = 500
    factories.make_school()
    deliver_due()
    WebhookEndpoint.objects.update(next_attempt_at=None, failing_since=timezone.now() - GIVE_UP_AFTER * 2)
    deliver_due()
    endpoint.refresh_from_db()
    assert not endpoint.enabled
    assert deliver_due() == 0


def test_caches_are_purged_before_anybody_is_told(receiver: Receiver, settings: Any) -> None:
    purger = {"BACKEND": f"{__name__}.remember_purge", "OPTIONS": {"receiver": receiver}}
    settings.API_PURGERS = [purger]
    hook(receiver)
    deliver_due()
    article = factories.make_article()
    deliver_due()
    assert len(receiver.got) == 1
    assert PURGED[-1].startswith("0: ")
    assert f"page-{article.pk}" in PURGED[-1]
    settings.API_PURGERS = [{"BACKEND": f"{__name__}.refuse_purge"}]
    factories.make_school()
    assert deliver_due() == 0, "nobody hears of what a cache still has the old copy of"
    settings.API_PURGERS = []
    assert deliver_due() == 1


def test_varnish_is_asked_with_the_names_in_a_header() -> None:
    with receiving() as cache:
        purging.varnish(["page-1", "articles"], url=cache.url, method="POST")
    assert {name.lower(): value for name, value in cache.got[0][0].items()}["xkey"] == "page-1 articles"


def test_build_hooks_are_called_at_most_so_often(receiver: Receiver) -> None:
    hook(receiver, every_seconds=300)
    factories.make_school("One")
    assert deliver_due() == 1
    factories.make_school("Two")
    factories.make_school("Three")
    assert deliver_due() == 0
    WebhookEndpoint.objects.update(next_attempt_at=timezone.now())
    assert deliver_due() == 1
    assert len(json.loads(receiver.got[1][1])["data"]["changes"]) == 2


def test_commands_show_send_again_replay_and_listen(receiver: Receiver) -> None:
    def command(*arguments: str) -> str:
        said = io.StringIO()
        call_command("webhooks", *arguments, stdout=said)
        return said.getvalue()

    hook(receiver)
    start = catch_up().sequence
    school = factories.make_school()
    call_command("deliver", stdout=io.StringIO())
    (delivery,) = WebhookDelivery.objects.all()
    assert "delivered" in command("log")
    command("resend", delivery.message_id)
    assert receiver.got[0][1] == receiver.got[1][1]
    command("replay", "Build", str(start))
    assert deliver_due() == 1
    told = json.loads(command("listen", "--once", "--since", str(start)))
    assert [change["id"] for change in told["data"]["changes"]] == [school.pk]
