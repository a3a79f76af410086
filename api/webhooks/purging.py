"""Purges shared caches by the names that answers carry, before anybody is told of the changes.

`API_PURGERS` lists them: ``{"BACKEND": "api.webhooks.purging.varnish", "OPTIONS": {"url": "http://127.0.0.1:6081/"}}``.
A purger is a function that takes a list of names and the options, and raises where it could not purge.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT_SECONDS = 10
TAGS_AT_ONCE = 100
CLOUDFLARE = "https://api.cloudflare.com/client/v4"


def purge(tags: Sequence[str]) -> None:
    """All caches, in the order of the setting.  Raises what a purger raises: then nobody is told yet."""
    unique = list(dict.fromkeys(tags))
    for entry in settings.API_PURGERS:
        purger: Callable[..., None] = import_string(entry["BACKEND"])
        for start in range(0, len(unique), TAGS_AT_ONCE):
            purger(unique[start : start + TAGS_AT_ONCE], **entry.get("OPTIONS", {}))


def varnish(tags: Sequence[str], *, url: str, header: str = "xkey", method: str = "PURGE") -> None:
    """Varnish with vmod_xkey; nginx or any other that takes names in a header of a request."""
    _request(url, method, {header: " ".join(tags)})


def fastly(tags: Sequence[str], *, service: str, token: str, url: str = "https://api.fastly.com") -> None:
    headers = {"Fastly-Key": token, "Surrogate-Key": " ".join(tags), "Accept": "application/json"}
    _request(f"{url}/service/{service}/purge", "POST", headers)


def cloudflare(tags: Sequence[str], *, zone: str, token: str, url: str = CLOUDFLARE) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    _request(f"{url}/zones/{zone}/purge_cache", "POST", headers, json.dumps({"tags": list(tags)}).encode())


def _request(url: str, method: str, headers: dict[str, Any], body: bytes | None = None) -> None:
    request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 -- from settings
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 -- from settings
        pass
