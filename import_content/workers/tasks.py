"""What workers do.  A task carries an id and nothing else; everything it needs is in the database."""

from __future__ import annotations

from django_tasks import TaskContext, task

from import_content.workers.run_batch import run_batch

QUEUE = "imports"
"""Apart from the default queue, so that an editor's purge does not wait behind an import."""


@task(queue_name=QUEUE, takes_context=True)
def import_batch(context: TaskContext, batch_id: int) -> None:
    workers = context.task_result.worker_ids
    run_batch(batch_id, worker=workers[-1] if workers else "")
