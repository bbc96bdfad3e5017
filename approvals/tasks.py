"""The gate's tasks: each carries ids at most and is safe to run twice. The sweep finds what a lost bell forgot."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from approvals import audit
from approvals.autonomy.promoting import suggest_promotions
from approvals.autonomy.sampling import draw_missed
from approvals.autonomy.sweeping import sweep_breakers
from approvals.bells import ring
from approvals.bulk import tell_progress, unfinished_bulks, work_bulk
from approvals.escalations import lapse_due
from approvals.expiring import expire_waiting
from approvals.gate import execute_action
from approvals.outbox import deliver_due, find_lost
from approvals.queries import ready_to_execute
from approvals.rejudging import rejudge_waiting
from tickets.attention import forget_lookers, wake_due

BULK_SECONDS = 30
"""How long a worker that says nothing more is taken to be at a bulk; two at one cost time and harm nothing."""
TELL_SECONDS = 0.2


@shared_task(name="approvals.tasks.execute_action_task")
def execute_action_task(action_id: str) -> None:
    """Carries out one approved action."""
    execute_action(UUID(action_id), now=timezone.now())


@shared_task(name="approvals.tasks.execute_actions_task")
def execute_actions_task(*action_ids: str) -> None:
    """Carries out what a bulk approved, one after the other, each in a transaction of its own."""
    for action_id in action_ids:
        execute_action(UUID(action_id), now=timezone.now())


@shared_task(name="approvals.tasks.work_bulk_task")
def work_bulk_task(bulk_id: str) -> None:
    """Works a bulk off, unless another worker is at it; those who watch are told at most five times a second."""
    if not cache.add(f"bulk-{bulk_id}", 1, BULK_SECONDS):
        return
    told_at = 0.0
    try:
        while not (progress := work_bulk(UUID(bulk_id), now=timezone.now())).is_finished:
            cache.touch(f"bulk-{bulk_id}", BULK_SECONDS)
            if time.monotonic() - told_at >= TELL_SECONDS:
                tell_progress(progress, now=timezone.now())
                told_at = time.monotonic()
        tell_progress(progress, now=timezone.now())
    finally:
        cache.delete(f"bulk-{bulk_id}")


@shared_task(name="approvals.tasks.sweep_bulks")
def sweep_bulks() -> None:
    """Takes up the bulks that nobody is at."""
    for bulk_id in unfinished_bulks():
        ring(work_bulk_task, str(bulk_id))


@shared_task(name="approvals.tasks.deliver_messages_task")
def deliver_messages_task() -> None:
    """Sends what is due."""
    deliver_due(now=timezone.now())


@shared_task(name="approvals.tasks.rejudge_waiting_task")
def rejudge_waiting_task() -> None:
    """Judges by the policy in force what waits under an earlier one."""
    rejudge_waiting(now=timezone.now())


@shared_task(name="approvals.tasks.sweep_approvals")
def sweep_approvals() -> None:
    """Expires, judges anew, executes and delivers whatever is due, as if every bell had been lost."""
    now = timezone.now()
    expire_waiting(now=now)
    rejudge_waiting(now=now)
    execute_ready(now)
    find_lost(now=now)
    deliver_due(now=now)


def execute_ready(now: datetime) -> None:
    """Carries out what the gate can do something with, and what that makes ready; each once."""
    tried: set[UUID] = set()
    while ready := [action_id for action_id in ready_to_execute(now) if action_id not in tried]:
        for action_id in ready:
            execute_action(action_id, now=now)
        tried.update(ready)


@shared_task(name="approvals.tasks.seal_audit")
def seal_audit() -> None:
    """Seals the newest audit entries."""
    audit.seal_entries()


@shared_task(name="approvals.tasks.log_audit_head")
def log_audit_head() -> None:
    """Writes the head of the audit chain to the process log."""
    audit.log_chain_head()


@shared_task(name="approvals.tasks.sweep_tickets")
def sweep_tickets() -> None:
    """Brings back what was put off, ends escalations that nobody came to, forgets who looked a day ago."""
    now = timezone.now()
    wake_due(now=now)
    lapse_due(now=now)
    forget_lookers()


@shared_task(name="approvals.tasks.sweep_autonomy")
def sweep_autonomy() -> None:
    """Sends back to review what errs too often by itself."""
    sweep_breakers(now=timezone.now())


@shared_task(name="approvals.tasks.sweep_evidence")
def sweep_evidence() -> None:
    """Draws what escaped its lot, and suggests what has earned another rung."""
    now = timezone.now()
    draw_missed(now=now)
    suggest_promotions(now=now)
