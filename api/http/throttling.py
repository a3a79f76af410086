"""How many requests one address may make, and the headers that tell.

Counted in a token bucket (`api.http.token_bucket`): in Redis where `API_THROTTLE_REDIS_URL` names one, else in each
process for itself.  DRF says who asks: `NUM_PROXIES` proxies are trusted to have told the truth in X-Forwarded-For, and
nobody else.  What costs the server nothing costs no token: a 304, and the contract.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from api.http.token_bucket import Buckets, Grant, LocalBuckets, Rate

MAX_ADDRESS_CHARACTERS = 64
POLICY = "requests"
"""The name of the one limit in the headers (draft-ietf-httpapi-ratelimit-headers)."""


@cache
def rate_of(text: str) -> Rate | None:
    """From ``600/min``; None where there is no limit (``""``)."""
    if not text:
        return None
    requests, seconds = SimpleRateThrottle.parse_rate(_RateParser(), text)
    return Rate(int(requests), int(seconds)) if requests and seconds else None


class _RateParser(SimpleRateThrottle):
    """DRF's reading of a rate, without its scopes."""

    def __init__(self) -> None:
        """Needs no rate of its own."""


@cache
def buckets_at(url: str) -> Buckets:
    """Those that the address of a Redis names; without one, those of this process."""
    if not url:
        return LocalBuckets()
    from api.http.shared_buckets import SharedBuckets  # the driver takes long to import

    return SharedBuckets(url)


@dataclass(frozen=True, slots=True)
class Admission:
    """What the throttle said about one request."""

    address: str
    rate: Rate
    grant: Grant

    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Policy": f'"{POLICY}";q={self.rate.requests};w={self.rate.seconds}',
            "RateLimit": f'"{POLICY}";r={self.grant.remaining};t={math.ceil(self.grant.full_in)}',
        }
        return told if self.grant.allowed else {**told, "Retry-After": str(self.wait)}

    @property
    def wait(self) -> int:
        """Seconds until the next request is answered."""
        return max(1, math.ceil(self.grant.retry_in))

    def refund(self) -> Admission:
        """The request cost nothing after all."""
        buckets_at(settings.API_THROTTLE_REDIS_URL).give_back(self.address, self.rate)
        full_in = self.grant.full_in - self.rate.interval
        return Admission(self.address, self.rate, Grant.of(self.rate, full_in, allowed=True))


_IDENTITY: Any = BaseThrottle()
"""Reads headers and META only; a plain Django request will do."""


def admit(request: HttpRequest) -> Admission | None:
    """Takes a token for the request; None where there is no limit."""
    rate = rate_of(settings.API_THROTTLE)
    if rate is None:
        return None
    address = str(_IDENTITY.get_ident(request))[:MAX_ADDRESS_CHARACTERS].replace(" ", "")
    return Admission(address, rate, buckets_at(settings.API_THROTTLE_REDIS_URL).take(address, rate))


class AddressThrottle(BaseThrottle):
    """The limit as DRF's views ask for it (`throttle_classes`).  Leaves what it said in ``request.admission``."""

    admission: Admission | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        plain: Any = request._request
        self.admission = plain.admission = admit(plain)
        return self.admission is None or self.admission.grant.allowed

    def wait(self) -> float | None:
        return None if self.admission is None else float(self.admission.wait)


def describe_admission(admission: Admission | None, response: HttpResponseBase) -> None:
    """Puts the headers on an answer; one that says that nothing has changed costs nothing."""
    if admission is None:
        return
    if response.status_code == 304:
        admission = admission.refund()
    for name, value in admission.headers().items():
        response.headers[name] = value
