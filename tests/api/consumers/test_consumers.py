from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from api.consumers.panel import showings
from api.journal.sequencer import catch_up
from api.models import Consumer, WebhookEndpoint
from api.tokens.keys import create_token
from tests.api import factories

pytestmark = pytest.mark.django_db


def deploy(client: Client, name: str, sequence: int) -> int:
    _, key = create_token(name, ["changes"])
    response = client.put(
        f"/api/v1/consumers/{name}/", {"sequence": sequence}, content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    return response.status_code


def test_a_consumer_says_what_it_shows(client: Client) -> None:
    factories.make_article()
    reached = catch_up().sequence
    assert deploy(client, "astro", reached) == 200
    assert Consumer.objects.get().sequence == reached
    assert deploy(client, "astro", reached + 1) == 400, "nothing can show what has not happened"


def test_an_editor_is_told_what_each_shows_of_the_page(client: Client) -> None:
    article, other = factories.make_article("A"), factories.make_article("B")
    assert showings(article.pk) == []
    deploy(client, "astro", catch_up().sequence)
    other.introduction = "<p>New.</p>"
    other.save_revision().publish()
    (shown,) = showings(article.pk)
    assert shown.is_current
    assert shown.text.startswith("shows this since")
    (behind,) = showings(other.pk)
    assert (behind.is_current, behind.text) == (False, "1 change behind")
    WebhookEndpoint.objects.create(name="Build", url="https://example.com/", failing_since=timezone.now())
    assert [one.text for one in showings(article.pk)][1:] == ["webhook failing, replay"]
