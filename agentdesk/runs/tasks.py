"""The runs' tasks: each carries an id at most and is safe to run twice. The sweep finds what a lost bell forgot."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from celery import shared_task
from django.core.cache import cache
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Run, RunStatus
from agentdesk.runs.reports import fill_report, fill_reports
from agentdesk.runs.schedules import make_due_reports
from agentdesk.runs.submissions import open_submissions, work_submission
from approvals.bells import ring
from approvals.models import Action
from approvals.models.actions import UNSETTLED
from tickets.models import Priority

SWEEP_LIMIT = 200
LATER = 9
"""The broker's priority of what nobody is in a hurry for."""
SUBMISSION_SECONDS = 30
"""How long a worker that says nothing more is taken to be at a submission; two at one cost time and harm nothing."""
BY_URGENCY = Case(
    When(report__isnull=False, then=Value(4)),
    When(ticket__priority=Priority.URGENT, then=Value(0)),
    When(ticket__priority=Priority.HIGH, then=Value(1)),
    When(ticket__priority=Priority.LOW, then=Value(3)),
    default=Value(2),
    output_field=IntegerField(),
)


@shared_task(name="agentdesk.runs.tasks.advance_run_task")
def advance_run_task(run_id: str) -> None:
    """Takes one run as far as it goes."""
    advance_run(UUID(run_id))


def turn_of(priority: str) -> int:
    """When a run of a ticket of this priority gets a worker: the broker's priority, 0 is first."""
    return LATER if priority == Priority.LOW else 0


@shared_task(name="agentdesk.runs.tasks.sweep_runs")
def sweep_runs() -> None:
    """Puts runs that nobody works on back in the queue, urgent tickets first, those of reports last.

    Those are queued ones, lapsed leases, waiting ones with nothing open.
    """
    undecided = Action.objects.filter(origin=OuterRef("pk"), status__in=UNSETTLED)
    lapsed = Q(status=RunStatus.RUNNING, leased_until__lt=Now()) | Q(status=RunStatus.QUEUED)
    settled = Q(status=RunStatus.WAITING) & ~Exists(undecided)
    ready = Run.objects.filter(lapsed | settled).order_by(BY_URGENCY, "created_at")
    found = ready.values_list("pk", "ticket__priority", "report_id")[:SWEEP_LIMIT]
    rows: Iterable[tuple[UUID, str, UUID | None]] = found
    for run_id, priority, report in rows:
        ring(advance_run_task, str(run_id), priority=turn_of(priority) if report is None else LATER)


@shared_task(name="agentdesk.runs.tasks.fill_report_task")
def fill_report_task(report_id: str) -> None:
    """Makes the dry runs of one report."""
    fill_report(UUID(report_id), now=timezone.now())


@shared_task(name="agentdesk.runs.tasks.sweep_reports")
def sweep_reports() -> None:
    """Makes the reports that schedules are due for, the runs that are missing in any, and goes on submitting."""
    now = timezone.now()
    make_due_reports(now=now)
    fill_reports(now=now)
    for submission_id in open_submissions():
        ring(work_submission_task, str(submission_id))


@shared_task(name="agentdesk.runs.tasks.work_submission_task")
def work_submission_task(submission_id: str) -> None:
    """Submits the plans of a report, unless another worker is at it."""
    name = f"submission-{submission_id}"
    if not cache.add(name, 1, SUBMISSION_SECONDS):
        return
    try:
        while work_submission(UUID(submission_id), now=timezone.now()).finished_at is None:
            cache.touch(name, SUBMISSION_SECONDS)
    finally:
        cache.delete(name)
