"""The RQ backend of `django-tasks` as this site needs it: tasks that rows depend on, and workers that may die."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_rq.queues import DjangoRQ
from django_tasks import TaskResult
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task
from django_tasks_rq import RQBackend
from rq import Retry, Worker
from rq.job import Job

IN_PLACE = {
    "wagtail.tasks.update_reference_index_task",
    "modelsearch.tasks.insert_or_update_object_task",
}
"""Index entries are rows that belong to the transaction that saves the object.  Wagtail enqueues their tasks inside of
it: a worker would look for an object that is not there yet, and an import would leave pages without entries until
workers have caught up."""

RETRIES = 2
"""How often a task is run again whose worker died or that failed.  Every task here is safe to repeat."""


class QueueBackend(RQBackend):
    """Index updates at once, everything else in a worker."""

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        self._in_place = ImmediateBackend(alias, params)

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        if task.module_path in IN_PLACE:
            return self._in_place.enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)


class CommittedQueue(DjangoRQ):
    """Sends a task when the transaction that enqueued it has committed, and runs it again when its worker dies."""

    def create_job(self, *args: Any, **kwargs: Any) -> Job:
        kwargs.setdefault("retry", Retry(max=RETRIES))
        return super().create_job(*args, **kwargs)

    def enqueue_job(self, job: Job, pipeline: Any = None, at_front: bool = False, unique: bool = False) -> Job:
        send = super().enqueue_job
        if pipeline is not None:
            return send(job, pipeline=pipeline, at_front=at_front, unique=unique)
        transaction.on_commit(lambda: send(job, at_front=at_front, unique=unique))
        return job


class QueueWorker(Worker):
    """Notices within two minutes that another worker died in the middle of a task (RQ's own: up to a quarter hour)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"maintenance_interval": 30, "job_monitoring_interval": 10, **kwargs})

    @property
    def dequeue_timeout(self) -> int:
        """Seconds that an idle worker waits for a task before it looks around."""
        return 30
