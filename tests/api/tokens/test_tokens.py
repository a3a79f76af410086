from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.models import ApiToken
from api.tokens.keys import create_token, find_token

pytestmark = pytest.mark.django_db
URL = "/api/v1/consumers/astro/"


def put(client: Client, key: str | None, sequence: Any = 0) -> Any:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return client.put(URL, {"sequence": sequence}, content_type="application/json", headers=headers)


def test_only_a_digest_of_a_key_is_kept() -> None:
    token, key = create_token("CI", ["changes"])
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert key.startswith(f"cms_{token.prefix}_")
    assert key.rpartition("_")[2] not in str(row)
    assert find_token(key) == token
    assert find_token(key[:-1] + ("A" if key[-1] != "A" else "B")) is None


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="everything"):
        create_token("CI", ["everything"])


def test_who_has_the_scope_may_and_nobody_else(client: Client) -> None:
    _, good = create_token("CI", ["changes"])
    _, other = create_token("Preview", ["preview"])
    assert put(client, good).status_code == 200
    assert put(client, None).status_code == 401
    assert put(client, "cms_00000000_" + "A" * 43).status_code == 401
    assert put(client, other).status_code == 403


def test_expired_and_revoked_tokens_are_not_valid(client: Client) -> None:
    expired, first = create_token("CI", ["changes"], expires_at=timezone.now() - timedelta(seconds=1))
    revoked, second = create_token("CI", ["changes"])
    ApiToken.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    assert put(client, first).status_code == put(client, second).status_code == 401
    assert not expired.is_valid


def test_use_is_noted(client: Client) -> None:
    token, key = create_token("CI", ["changes"])
    put(client, key)
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_key_in_a_url_is_no_key_and_shows_nowhere(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    _, key = create_token("CI", ["changes"])
    with caplog.at_level(logging.DEBUG):
        response = client.put(f"{URL}?token={key}&access_token={key}", {"sequence": 0}, content_type="application/json")
        refused = put(client, key[:-1])
    assert response.status_code == refused.status_code == 401
    assert key[:-1] not in caplog.text + response.content.decode() + refused.content.decode()


def test_public_routes_read_no_key(client: Client, django_assert_num_queries: Any) -> None:
    _, key = create_token("CI", ["changes"])
    plain = client.get("/api/v1/topics/")
    given = client.get("/api/v1/topics/", headers={"authorization": f"Bearer {key}"})
    wrong = client.get("/api/v1/topics/", headers={"authorization": "Bearer cms_wrong"})
    assert plain.content == given.content == wrong.content
    assert ApiToken.objects.get().last_used_at is None
