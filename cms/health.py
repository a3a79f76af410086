"""Whether this process answers (`/healthz`), and whether all that it needs is there (`/readyz`).

Answered before any other middleware: a probe has no session, and calls the machine by whatever name it has.  Answers
name what is wrong by its kind alone, since anybody may ask.
"""

from __future__ import annotations

import logging
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

logger = logging.getLogger("cms.health")

ALIVE, READY = "/healthz", "/readyz"
MIN_FREE_BYTES = 200 * 1024 * 1024
SLOW_SECONDS = 2.0
"""A part that takes longer counts as not there: whoever asks would rather send readers elsewhere."""


class NotReadyError(Exception):
    """A part is there, but not as it should be; the message is for operators."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    name: str
    seconds: float
    problem: str = ""
    """For operators; empty: none."""
    kind: str = ""
    """The same for anybody: the name of the error."""


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == ALIVE:
            return _never_stored(HttpResponse("ok\n", content_type="text/plain"))
        if request.path_info == READY:
            return _never_stored(ready())
        return self._get_response(request)


def ready() -> JsonResponse:
    """200 where every check passes, else 503; each check with its time in milliseconds."""
    findings = list(examine())
    failed = any(finding.problem for finding in findings)
    checks = {
        finding.name: {
            "status": "failed" if finding.problem else "ok",
            "milliseconds": round(finding.seconds * 1000, 1),
            **({"error": finding.kind} if finding.problem else {}),
        }
        for finding in findings
    }
    return JsonResponse({"status": "unavailable" if failed else "ok", "checks": checks}, status=503 if failed else 200)


def _never_stored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def examine() -> Iterator[Finding]:
    """Run every check, one after the other; none of them raises."""
    for name, check in CHECKS.items():
        started = time.monotonic()
        problem = kind = ""
        try:
            check()
        except Exception as error:
            problem, kind = str(error) or type(error).__name__, type(error).__name__
            logger.warning("not ready: %s: %s", name, problem)
        seconds = time.monotonic() - started
        if not problem and seconds > SLOW_SECONDS:
            problem, kind = f"it took {seconds:.1f} seconds", "Slow"
        yield Finding(name, seconds, problem, kind)


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise NotReadyError(f"{len(waiting)} migrations are not applied: run manage.py migrate")


def check_cache() -> None:
    key, value = f"readyz:{uuid.uuid4()}", "here"
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise NotReadyError("the cache does not keep what it is given: look at REDIS_URL and its server")
    cache.delete(key)


def check_queue() -> None:
    """Where tasks run in workers, whether these can be handed anything."""
    if not hasattr(settings, "RQ_QUEUES"):
        return
    import django_rq  # installed with TASKS_BACKEND=rq only

    for name in settings.RQ_QUEUES:
        django_rq.get_connection(name).ping()


def check_disk() -> None:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < MIN_FREE_BYTES:
        raise NotReadyError(f"only {free // 1024 // 1024} MB are free at {settings.DATA_DIR}")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "cache": check_cache,
    "queue": check_queue,
    "disk": check_disk,
}
