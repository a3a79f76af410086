"""The audit finds nothing; and it would, if there were something."""

from __future__ import annotations

import pytest
from django.db.models import Q
from wagtail.models import Page, Site

from api import visibility
from api.management.commands.api_leakcheck import audit
from api.statements import Statement, StatementTable

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_nothing_hidden_shows_in_any_answer() -> None:
    pages = Page.objects.count()
    findings, asked = audit(Site.objects.get(is_default_site=True))
    assert findings == []
    assert asked > 1000
    assert Page.objects.count() == pages


def test_a_rule_with_a_hole_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "_restricted_page", lambda prefix: Q(pk__in=[]))
    monkeypatch.setattr(StatementTable, "__call__", lambda table, *shape: Statement(lambda: table.build(*shape)))
    findings, _ = audit(Site.objects.get(is_default_site=True))
    assert any("“login”" in finding for finding in findings)
