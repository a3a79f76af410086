"""A mirror follows random histories, and is equal to what the API's routes answer whenever it says so."""

from __future__ import annotations

import io
import os
import random
import time
import urllib.error
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.clients.histories import History
from tests.clients.mirror_client import Mirror

HISTORIES = int(os.environ.get("JOURNAL_HISTORIES", "3"))
STEPS = 14


class MirrorHere(Mirror):
    """Asks the application without a network in between."""

    asked: list[str]

    def get(self, route: str, **query: Any) -> Any:
        given = {name: value for name, value in (self.filters | query).items() if value is not None}
        self.asked = [*getattr(self, "asked", []), f"{route}?{given.get('prefix', '')}&{given.get('content', '')}"]
        response = Client().get(f"/api/v1/{route}", given)
        if response.status_code != 200:
            raise urllib.error.HTTPError(route, response.status_code, "refused", Message(), io.BytesIO())
        return response.json()


ROUTES = {
    "article": "articles",
    "school": "schools",
    "index": "indexes",
    "image": "images",
    "topic": "topics",
    "redirect": "redirects",
}


def everything() -> dict[tuple[str, int], Any]:
    """All that the lists and detail routes show, as a reader without a mirror collects it."""
    found = {}
    for kind, route in ROUTES.items():
        cursor = None
        while True:
            answer = Client().get(f"/api/v1/{route}/", {"limit": 100, **({"cursor": cursor} if cursor else {})}).json()
            for item in answer["items"]:
                whole = Client().get(f"/api/v1/{route}/{item['id']}/").json() if kind == "article" else item
                found[kind, item["id"]] = whole
            cursor = answer["page"]["next"]
            if not cursor:
                break
    return found


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_mirror_is_equal_after_every_history(seed: int, tmp_path: Path) -> None:
    cache.clear()
    history, chance = History(seed, tmp_path / "sources"), random.Random(seed)  # noqa: S311 -- repeatable, not secret
    path = str(tmp_path / "mirror.json")
    mirror = MirrorHere("", path)
    done = []
    for _ in range(STEPS):
        done.append(history.step())
        if history.past_the_models:
            call_command("journal", "reconcile", "--fix", stdout=io.StringIO())
            history.past_the_models = False
        if chance.random() < 0.5:
            state = mirror.sync()
            assert mirror.root() == state["root"], done
        if chance.random() < 0.3:
            mirror = MirrorHere("", path)  # killed, and started again
    time.sleep(0.05)  # what was about to expire has expired
    state = mirror.sync()
    shown = everything()
    held = {(one["type"], one["id"]): one["object"] for one in mirror.objects.values() if one["type"] != "site"}
    assert held == shown, done
    assert (mirror.root(), len(mirror.objects)) == (state["root"], state["count"])
    assert not any("changes/tree/" in asked for asked in getattr(mirror, "asked", [])), "it never had to be repaired"
    corrupt_and_repair(mirror, chance)


def corrupt_and_repair(mirror: MirrorHere, chance: random.Random) -> None:
    right = dict(mirror.objects)
    keys = chance.sample(sorted(right), min(3, len(right)))
    for number, key in enumerate(keys):
        spoilt = dict(right[key])
        if number == 0:
            del mirror.objects[key]
            continue
        spoilt["object" if number == 1 else "rev"] = "spoilt"
        mirror.objects[key] = spoilt
    mirror.asked = []
    mirror.sync()
    fetched = [
        asked.partition("?")[2].partition("&")[0]
        for asked in mirror.asked
        if asked.endswith("&full") and "tree" in asked
    ]
    assert sorted(fetched) == sorted(keys)
    assert mirror.objects == right
