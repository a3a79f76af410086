"""Asks a service that is away only now and then, so that few requests wait for it."""

from __future__ import annotations

import logging
import time

logger = logging.getLogger("api")

RETRY_SECONDS = 5.0


class CircuitBreaker:
    """Opens when a call fails; lets one call through `RETRY_SECONDS` later."""

    def __init__(self, service: str, consequence: str) -> None:
        """`consequence` ends the sentence in the log: what is done without the service."""
        self.service = service
        self.consequence = consequence
        self.retry_at = 0.0

    def may_call(self) -> bool:
        """Whoever is told so tries; the others need not wait for what comes of it."""
        if not self.retry_at:
            return True
        now = time.monotonic()
        if now < self.retry_at:
            return False
        self.retry_at = now + RETRY_SECONDS
        return True

    def failed(self, error: Exception) -> None:
        if not self.retry_at:
            logger.warning("%s does not answer (%s): %s", self.service, error, self.consequence)
        self.retry_at = time.monotonic() + RETRY_SECONDS

    def succeeded(self) -> None:
        if self.retry_at:
            self.retry_at = 0.0
            logger.warning("%s answers again", self.service)
