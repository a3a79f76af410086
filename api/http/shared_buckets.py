"""Token buckets that all processes share, in Redis."""

from __future__ import annotations

from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.http.circuit_breaker import CircuitBreaker
from api.http.token_bucket import Grant, LocalBuckets, Rate

TIMEOUT_SECONDS = 0.1
KEY_PREFIX = "api-throttle:"

_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local interval, seconds = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local following = full_at + interval
if following - now > seconds + 0.000001 then
  return {0, string.format('%.6f', full_at - now)}
end
redis.call('SET', KEYS[1], string.format('%.6f', following), 'PX', math.ceil((following - now) * 1000))
return {1, string.format('%.6f', following - now)}
"""
_GIVE_BACK = """
local full_at = redis.call('GET', KEYS[1])
if full_at then
  redis.call('SET', KEYS[1], string.format('%.6f', full_at - ARGV[1]), 'KEEPTTL')
end
"""


class RedisBuckets:
    """Those of all processes, by the clock of Redis.  One round trip each; raises `redis.RedisError`."""

    def __init__(self, url: str) -> None:
        client: Any = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._take = client.register_script(_TAKE)
        self._give_back = client.register_script(_GIVE_BACK)

    def take(self, address: str, rate: Rate) -> Grant:
        allowed, full_in = self._take(keys=[KEY_PREFIX + address], args=[repr(rate.interval), rate.seconds])
        return Grant.of(rate, float(full_in), allowed=bool(allowed))

    def give_back(self, address: str, rate: Rate) -> None:
        self._give_back(keys=[KEY_PREFIX + address], args=[repr(rate.interval)])


class SharedBuckets:
    """Those in Redis; while it is away, those of this process: no request waits long for it, none fails."""

    def __init__(self, url: str) -> None:
        self.shared = RedisBuckets(url)
        self.local = LocalBuckets()
        self.breaker = CircuitBreaker("Redis", "each process counts requests for itself")

    def take(self, address: str, rate: Rate) -> Grant:
        if self.breaker.may_call():
            try:
                grant = self.shared.take(address, rate)
            except (redis.RedisError, OSError) as error:
                self.breaker.failed(error)
            else:
                self.breaker.succeeded()
                return grant
        return self.local.take(address, rate)

    def give_back(self, address: str, rate: Rate) -> None:
        if self.breaker.may_call():
            try:
                self.shared.give_back(address, rate)
            except (redis.RedisError, OSError) as error:
                self.breaker.failed(error)
        else:
            self.local.give_back(address, rate)
