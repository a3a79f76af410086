"""Where tasks run: in place (`TASKS_BACKEND` ``immediate``), or in workers that share a Redis (``rq``)."""

from __future__ import annotations

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

QUEUES = ["default", "imports"]
"""In the order that a worker should look at them."""
LONGEST_TASK = 30 * 60
"""Seconds after which a task is taken for stuck."""

_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "rq": "cms.task_queue.QueueBackend",
}

_chosen = os.environ.get("TASKS_BACKEND") or "immediate"
if _chosen not in _BACKENDS:
    raise ImproperlyConfigured(f"TASKS_BACKEND must be one of {', '.join(_BACKENDS)}; it is {_chosen!r}")

TASKS: dict[str, dict[str, Any]] = {"default": {"BACKEND": _BACKENDS[_chosen], "QUEUES": QUEUES}}
TASKS_APPS = ["django_tasks"]

if _chosen == "rq":
    TASKS_APPS += ["django_rq"]  # brings the command rqworker
    _url = os.environ.get("REDIS_URL")
    if not _url:
        raise ImproperlyConfigured("TASKS_BACKEND=rq needs REDIS_URL, such as redis://127.0.0.1:6379/0")
    RQ_QUEUES = {name: {"URL": _url, "DEFAULT_TIMEOUT": LONGEST_TASK} for name in QUEUES}
    RQ = {
        "QUEUE_CLASS": "cms.task_queue.CommittedQueue",
        "JOB_CLASS": "django_tasks_rq.Job",
        "WORKER_CLASS": "cms.task_queue.QueueWorker",
    }
