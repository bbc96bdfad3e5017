"""Dry run reports: a dry run for each ticket of a selection, read together and submitted together.

The report's row says which tickets; their runs are made one by one, each in a transaction of its own, and a sweep
makes what a lost bell or a dead process left out. Made twice it is the same report, and a ticket has one run in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count

from agentdesk.agent.providers import UnknownModel
from agentdesk.agent.providers.naming import check_model, split_models
from agentdesk.runs.lifecycle import RunActive, TakenOver, start_run
from agentdesk.runs.models import DryRunReport, DryRunSchedule, Run, RunMode
from agentdesk.runs.selecting import Selection, select_tickets
from agentdesk.runs.submitting import MayNotApproveAll, NotADryRun, submit_run
from approvals import audit
from approvals.bells import ring_after_commit
from approvals.models import Action, ActionStatus, PolicyVersion
from tickets.models import Person
from tickets.queries import lock_customer_of_ticket

SWEPT = 100
"""How many of the newest reports a sweep looks through for runs that were never made."""


class UnknownPolicyVersion(Exception):
    """There is no such policy version."""


@dataclass(frozen=True)
class Order:
    """What a report is asked for: the same `report_id` again is the same report."""

    name: str
    selection: Selection
    policy_version: int | None = None
    model: str = ""
    report_id: UUID | None = None
    schedule: DryRunSchedule | None = None
    scheduled_for: datetime | None = None


@transaction.atomic
def make_report(order: Order, *, by: Person, now: datetime) -> DryRunReport:
    """Notes which tickets a report is about, and rings for their dry runs to be made.

    Raises: UnknownPolicyVersion, UnknownModel.
    """
    require_known(order.policy_version, order.model)
    report, is_new = DryRunReport.objects.get_or_create(
        pk=order.report_id or uuid4(),
        defaults={
            "name": order.name,
            "selection": order.selection.model_dump(mode="json", exclude_none=True),
            "tickets": select_tickets(order.selection, now),
            "schedule": order.schedule,
            "scheduled_for": order.scheduled_for,
            "policy_version": order.policy_version,
            "model": order.model,
            "person": by,
            "created_at": now,
        },
    )
    if is_new:
        note_made(report, by, now)
        ring_for_report(report.pk)
    return report


def require_known(policy_version: int | None, model: str) -> None:
    """The policy to judge by and the model to use exist. Raises: UnknownPolicyVersion, UnknownModel."""
    if policy_version is not None and not PolicyVersion.objects.filter(pk=policy_version).exists():
        raise UnknownPolicyVersion(UnknownPolicyVersion.__doc__)
    names = split_models(model)
    if model and not names:
        raise UnknownModel("This names no model.")
    for name in names:
        check_model(name, os.environ)


def note_made(report: DryRunReport, by: Person, now: datetime) -> None:
    """The audit entry of a new report."""
    data: dict[str, Any] = {"name": report.name, "selection": report.selection, "tickets": len(report.tickets)}
    if report.schedule_id is not None:
        data |= {"schedule": report.schedule_id, "scheduled_for": str(report.scheduled_for)}
    audit.record("report.made", actor=f"person:{by.username}", subject=f"report:{report.pk}", at=now, **data)


def ring_for_report(report_id: UUID) -> None:
    """After commit, wakes whoever makes a report's runs."""
    from agentdesk.runs.tasks import fill_report_task

    ring_after_commit(fill_report_task, str(report_id))


def fill_report(report_id: UUID, *, now: datetime) -> int:
    """Makes the dry runs that are missing in a report. Returns: how many; 0 where all were there."""
    report = DryRunReport.objects.select_related("person").get(pk=report_id)
    have = set(Run.objects.filter(report=report).values_list("ticket_id", flat=True))
    wanted = [ticket_id for ticket_id in tickets_to_run(report) if ticket_id not in have]
    return sum(add_to_report(report, ticket_id, now) for ticket_id in wanted)


def tickets_to_run(report: DryRunReport) -> list[int]:
    """The tickets of a report that were not skipped."""
    return [entry["ticket_id"] for entry in report.tickets if not entry["skipped"]]


@transaction.atomic
def add_to_report(report: DryRunReport, ticket_id: int, now: datetime) -> bool:
    """One ticket's dry run, queued under its customer's lock; whether it is new."""
    lock_customer_of_ticket(ticket_id)
    if Run.objects.filter(report=report, ticket_id=ticket_id).exists():
        return False
    start_run(
        ticket_id,
        started_by=f"person:{report.person.username}",
        now=now,
        mode=RunMode.DRY_RUN,
        model=report.model or None,
        policy_version=report.policy_version,
        report=report,
    )
    return True


def fill_reports(*, now: datetime) -> None:
    """Makes what is missing in the newest reports, as if every bell had been lost."""
    newest = DryRunReport.objects.annotate(made=Count("runs")).order_by("-created_at")
    for report in newest[:SWEPT]:
        if report.made < len(tickets_to_run(report)):
            fill_report(report.pk, now=now)


# --- Submitted together ---


@dataclass(frozen=True)
class Submitted:
    """What came of one ticket's plan: the live run made of it, or why there is none."""

    run_id: UUID
    ticket_id: int | None
    live_run_id: UUID | None
    code: str
    words: str

    @property
    def is_ok(self) -> bool:
        """Whether all of the plan is on its way as it was shown."""
        return self.code in ("approved", "submitted")


def submit_report(
    report_id: UUID, run_ids: Iterable[UUID], *, execute: bool, by: Person, now: datetime
) -> list[Submitted]:
    """Submits the plans of these runs of a report, each by itself; one that fails never hides another.

    Again: the same live runs. Raises: DryRunReport.DoesNotExist.
    """
    report = DryRunReport.objects.get(pk=report_id)
    runs = {run.pk: run for run in Run.objects.filter(report=report).only("pk", "ticket_id")}
    done = [submit_one(runs.get(run_id), run_id, execute=execute, by=by, now=now) for run_id in dict.fromkeys(run_ids)]
    counts = {"asked": len(done), "submitted": sum(one.live_run_id is not None for one in done), "execute": execute}
    if done:
        subject = f"report:{report.pk}"
        audit.record("report.submitted", actor=f"person:{by.username}", subject=subject, at=now, **counts)
    return done


def submit_one(run: Run | None, run_id: UUID, *, execute: bool, by: Person, now: datetime) -> Submitted:
    """One plan of a report; what stands in its way is an answer, not an error."""
    if run is None:
        return Submitted(run_id, None, None, "not_found", "There is no such run in this report.")
    try:
        live, is_new = submit_run(run.pk, execute=execute, by=by, now=now)
    except MayNotApproveAll as refusal:
        return Submitted(run.pk, run.ticket_id, None, "not_allowed", str(refusal))
    except NotADryRun:
        return Submitted(run.pk, run.ticket_id, None, "not_done", "It has no plan that could be submitted.")
    except (RunActive, TakenOver) as refusal:
        return Submitted(run.pk, run.ticket_id, None, "conflict", str(refusal))
    code, words = came_to(live, is_new=is_new, execute=execute)
    return Submitted(run.pk, run.ticket_id, live.pk, code, words)


def came_to(live: Run, *, is_new: bool, execute: bool) -> tuple[str, str]:
    """Where a submitted plan stands: approved as shown, waiting, or changed since the dry run."""
    if not is_new:
        return "submitted_before", "It was submitted before; this is its live run."
    actions = list(Action.objects.filter(origin=live.pk).only("status", "previous_effects", "status_reason"))
    changed = sum(action.previous_effects is not None for action in actions)
    refused = sum(action.status == ActionStatus.REFUSED for action in actions)
    waiting = sum(action.status == ActionStatus.WAITING for action in actions)
    if changed or refused:
        parts = [f"{changed} changed since the dry run"] if changed else []
        return "changed", " and ".join([*parts, *([f"{refused} refused now"] if refused else [])]) + "; look at it."
    if execute and waiting:
        return "waiting", f"{waiting} not approved: open the preview of what is high risk first."
    return ("approved", "Approved as shown.") if execute else ("submitted", f"{waiting} wait for a decision.")
