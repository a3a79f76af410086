"""Token buckets: how many requests an address may make, refilled all the time.

A bucket holds `Rate.requests` tokens and gets them back evenly over `Rate.seconds`: nobody gains by waiting for the
edge of a window, and a burst that empties the bucket is answered again request by request.  A bucket is one number, the
moment at which it will be full (the generic cell rate algorithm), so that one that is full needs no memory at all.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

MAX_LOCAL_BUCKETS = 50_000
SLACK_SECONDS = 1e-6
"""For sums of fractions."""


@dataclass(frozen=True, slots=True)
class Rate:
    requests: int
    seconds: int

    @property
    def interval(self) -> float:
        """Seconds in which one token comes back."""
        return self.seconds / self.requests


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bucket said."""

    allowed: bool
    remaining: int
    """Tokens left."""
    full_in: float
    """Seconds until all tokens are back."""
    retry_in: float = 0.0
    """Seconds until there is a token, where there was none."""

    @classmethod
    def of(cls, rate: Rate, full_in: float, *, allowed: bool) -> Grant:
        """`full_in`: after a token was taken, if there was one."""
        free = max(0.0, rate.seconds - full_in + SLACK_SECONDS)
        retry_in = 0.0 if allowed else max(0.0, full_in + rate.interval - rate.seconds)
        return cls(allowed, math.floor(free / rate.interval), max(0.0, full_in), retry_in)


class Buckets(Protocol):
    def take(self, address: str, rate: Rate) -> Grant:
        """Takes a token from the address's bucket, if there is one."""

    def give_back(self, address: str, rate: Rate) -> None:
        """Returns a token that bought nothing."""


class LocalBuckets:
    """Those of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.full_at: dict[str, float] = {}
        self._lock = threading.Lock()  # held for a few additions, never while anything is waited for

    def take(self, address: str, rate: Rate) -> Grant:
        now = self.clock()
        with self._lock:
            full_at = max(self.full_at.get(address, now), now)
            following = full_at + rate.interval
            allowed = following - now <= rate.seconds + SLACK_SECONDS
            if allowed:
                if len(self.full_at) >= MAX_LOCAL_BUCKETS and address not in self.full_at:
                    self._forget(now)
                self.full_at[address] = full_at = following
        return Grant.of(rate, full_at - now, allowed=allowed)

    def give_back(self, address: str, rate: Rate) -> None:
        with self._lock:
            if address in self.full_at:
                self.full_at[address] -= rate.interval

    def _forget(self, now: float) -> None:
        """Full buckets; where none is, those that are full soonest."""
        kept = {address: full_at for address, full_at in self.full_at.items() if full_at > now}
        if len(kept) >= MAX_LOCAL_BUCKETS:
            kept = dict(sorted(kept.items(), key=lambda item: item[1])[len(kept) // 2 :])
        self.full_at = kept
