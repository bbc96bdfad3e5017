"""The house's own periodic task: a sign of life from whoever works off the queue."""

from celery import shared_task

from agentdesk.health import note_worker_seen


@shared_task(name="agentdesk.tasks.note_worker")
def note_worker() -> None:
    """Tells `/readyz` that a worker is here."""
    note_worker_seen()
