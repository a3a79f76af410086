"""Django's cache in Redis, for a site that goes on without it.

Whatever is in a cache can be computed anew, so that a Redis that hangs or is gone must cost no request its answer: for
as long as it is away nothing is found there, and nothing is kept.  What could not be deleted or replaced meanwhile is
deleted when Redis is back, before anything is read.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.http.circuit_breaker import CircuitBreaker

TIMEOUT_SECONDS = 0.25
MAX_STALE_KEYS = 10_000

_BREAKER = CircuitBreaker("Redis", "nothing is cached")
_stale: set[str] = set()
"""Keys, as Redis has them, whose value there may be an old one.  Of the process: a cache object is one thread's."""


class SharedCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        waiting = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        options = {**waiting, "retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})

    def _ask(self, call: Callable[[], Any], otherwise: Any, *written: str) -> Any:
        """The call's result; `otherwise` while Redis is away.  `written`: keys whose values the call replaces."""
        if _BREAKER.may_call():
            try:
                if _stale:
                    self._cache.delete_many(list(_stale))
                    _stale.clear()
                result = call()
            except (redis.ConnectionError, redis.TimeoutError, OSError) as error:
                _BREAKER.failed(error)
            else:
                _BREAKER.succeeded()
                return result
        if len(_stale) < MAX_STALE_KEYS:
            _stale.update(written)
        return otherwise

    def _key(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(functools.partial(super().get, key, default, version), default)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        call = functools.partial(super().add, key, value, timeout, version)
        return bool(self._ask(call, True))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        call = functools.partial(super().set, key, value, timeout, version)
        self._ask(call, None, self._key(key, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask(functools.partial(super().touch, key, timeout, version), False))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(functools.partial(super().delete, key, version), False, self._key(key, version)))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(functools.partial(super().has_key, key, version), False))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = self._ask(functools.partial(super().get_many, list(keys), version), {})
        return found

    def set_many(self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        call = functools.partial(super().set_many, data, timeout, version)
        failed: list[Any] = self._ask(call, list(data), *(self._key(key, version) for key in data))
        return failed

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        named = list(keys)
        call = functools.partial(super().delete_many, named, version)
        self._ask(call, None, *(self._key(key, version) for key in named))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        count = self._ask(functools.partial(super().incr, key, delta, version), None)
        if count is None:
            raise ValueError(f"{key!r} is not in the cache")
        return int(count)

    def clear(self) -> None:
        self._ask(super().clear, None)
