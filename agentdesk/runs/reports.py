"""Dry run reports: a dry run for each ticket of a selection, to be read together.

The report's row says which tickets; their runs are made one by one, each in a transaction of its own, and a sweep
makes what a lost bell or a dead process left out. Made twice it is the same report, and a ticket has one run in it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count

from agentdesk.agent.providers import UnknownModel
from agentdesk.agent.providers.naming import check_model, split_models
from agentdesk.runs.lifecycle import start_run
from agentdesk.runs.models import DryRunReport, DryRunSchedule, Run, RunMode
from agentdesk.runs.selecting import Selection, select_tickets
from approvals import audit
from approvals.bells import ring_after_commit
from approvals.models import PolicyVersion
from tickets.models import Person
from tickets.queries import lock_customer_of_ticket

SWEPT = 100
"""How many of the newest reports a sweep looks through for runs that were never made."""


class UnknownPolicyVersion(Exception):
    """There is no such policy version."""


class ReportIdTaken(Exception):
    """Another report has this id."""


@dataclass(frozen=True)
class Order:
    """What a report is asked for; the same `report_id` asked for the same again is the same report."""

    name: str
    selection: Selection
    policy_version: int | None = None
    model: str = ""
    report_id: UUID | None = None
    schedule: DryRunSchedule | None = None
    scheduled_for: datetime | None = None


@transaction.atomic
def make_report(order: Order, *, by: Person, now: datetime) -> tuple[DryRunReport, bool]:
    """Notes which tickets a report is about, and rings for their dry runs to be made.

    Returns: the report, and whether it is new. Raises: UnknownPolicyVersion, UnknownModel, ReportIdTaken.
    """
    require_known(order.policy_version, order.model)
    asked = {
        "name": order.name,
        "selection": order.selection.model_dump(mode="json", exclude_none=True),
        "schedule": order.schedule,
        "scheduled_for": order.scheduled_for,
        "policy_version": order.policy_version,
        "model": order.model,
        "person": by,
    }
    report, is_new = DryRunReport.objects.get_or_create(
        pk=order.report_id or uuid4(),
        defaults={**asked, "tickets": select_tickets(order.selection, now), "created_at": now},
    )
    if any(getattr(report, name) != value for name, value in asked.items()):
        raise ReportIdTaken(ReportIdTaken.__doc__)
    if is_new:
        note_made(report, by, now)
        ring_for_report(report.pk)
    return report, is_new


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
