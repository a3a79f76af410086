from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from api.models import ApiToken, WebhookEndpoint
from api.tokens.keys import find_token

pytestmark = pytest.mark.django_db


def test_a_token_is_made_in_the_admin_and_its_key_is_shown_once(admin_client: Client) -> None:
    given = {"name": "CI", "scopes": "changes build", "expires_at": "", "revoked_at": ""}
    page = admin_client.post(reverse("api-tokens:add"), given, follow=True).content.decode()
    found = re.search(r"cms_[0-9a-f]{8}_[\w-]{43}", page)
    assert found is not None
    token = ApiToken.objects.get()
    assert find_token(found[0]) == token
    assert (token.scopes, token.created_by.username) == ("changes build", "admin")
    for name in ("index", "edit"):
        again = admin_client.get(reverse(f"api-tokens:{name}", args=[token.pk] if name == "edit" else []))
        assert again.status_code == 200
        assert found[0] not in again.content.decode()


def test_a_scope_that_is_none_is_refused(admin_client: Client) -> None:
    given = {"name": "CI", "scopes": "everything", "expires_at": "", "revoked_at": ""}
    assert "No scope: everything" in admin_client.post(reverse("api-tokens:add"), given).content.decode()
    assert not ApiToken.objects.exists()


def test_a_webhook_is_made_in_the_admin(admin_client: Client) -> None:
    given = {
        "name": "Build",
        "url": "https://example.com/",
        "secret": "whsec_AAAA",
        "every_seconds": "0",
        "enabled": "on",
    }
    assert admin_client.post(reverse("webhooks:add"), given).status_code == 302
    assert WebhookEndpoint.objects.get().name == "Build"
    assert admin_client.get(reverse("webhooks:index")).status_code == 200


def test_who_has_no_right_to_them_sees_neither(client: Client, django_user_model: Any) -> None:
    editor = django_user_model.objects.create_user("editor", password="x")
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    for name in ("api-tokens:index", "webhooks:add"):
        assert client.get(reverse(name)).status_code in {302, 403}
