"""Sends probes, as somebody who is not signed in or as somebody who is, and keeps the answers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import CollectionViewRestriction, PageViewRestriction

from api.leakcheck.hidden import GROUP
from api.leakcheck.probes import Probe, next_pages

FOLLOWED = 40
"""Pages of one list at most."""
CHANGING = {"date", "age", "server-timing", "x-request-id"}
"""Headers that may differ between two equal answers."""


@dataclass(frozen=True, slots=True)
class Record:
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    @property
    def text(self) -> str:
        """Everything that was answered."""
        return "\n".join(
            [*(f"{name}: {value}" for name, value in self.headers), self.content.decode("utf-8", "replace")]
        )

    @property
    def header(self) -> dict[str, str]:
        return dict(self.headers)


class Visitor:
    def __init__(self, *, client: Client | None = None) -> None:
        self.client = client or Client(raise_request_exception=False)

    def visit(self, probes: Iterable[Probe]) -> Iterator[tuple[Probe, Record]]:
        """Each probe with its answer, and the pages of lists that it asks to follow."""
        for probe in probes:
            waiting, seen = [probe], {probe}
            while waiting and len(seen) <= FOLLOWED:
                current = waiting.pop(0)
                record = self.send(current)
                yield current, record
                if probe.follow and record.status == 200 and current.method == "GET":
                    pages = [current.with_cursor(cursor) for cursor in next_pages(json.loads(record.content))]
                    waiting += [page for page in pages if page not in seen]
                    seen |= set(pages)

    def send(self, probe: Probe) -> Record:
        response = self.client.generic(probe.method, probe.url, secure=True, headers={"accept": probe.accept})
        headers = sorted((name.lower(), value) for name, value in response.headers.items())
        cookies = [("set-cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        kept = tuple((name, value) for name, value in [*headers, *cookies] if name not in CHANGING)
        return Record(response.status_code, kept, response.content)


def insider() -> Visitor:
    """Somebody who is signed in, may do everything, is in the group, and has given every password."""
    user = get_user_model().objects.create_superuser(username=f"leakcheck-{uuid.uuid4()}", email="")
    user.groups.add(*Group.objects.filter(name=GROUP))
    client = Client(raise_request_exception=False)
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    for model in (PageViewRestriction, CollectionViewRestriction):
        session[model.passed_view_restrictions_session_key] = list(model.objects.values_list("pk", flat=True))
    session.save()
    return Visitor(client=client)
