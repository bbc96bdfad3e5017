"""A desk whose agent asks a provider on loopback: a letter comes in, the run goes to its end, what it left is read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock

from django.core import mail
from django.test import override_settings
from django.utils import timezone

from agentdesk.agent.bounds import Bounds
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Event, Run, RunStatus, Text
from approvals.models import Action, ActionStatus
from tests.wire.replies import FORMATS, Script
from tests.wire.server import WireServer
from tickets.models import Customer, LedgerLine, Order, Ticket
from tickets.operations import Letter, open_ticket

WIRES = FORMATS
AT_REST = {RunStatus.DONE, RunStatus.WAITING, RunStatus.AWAITING_CUSTOMER, RunStatus.ESCALATED}
HARMLESS = {"escalate", "add_note", "set_ticket"}
"""Kinds the policy lets a run carry out by itself: none touches a customer, an order or money."""


@contextmanager
def provider(wire: str, script: Script) -> Iterator[WireServer]:
    """A provider on loopback, and a desk that is set to it."""
    with WireServer(script) as server:
        variables = server.environment(wire)
        with mock.patch.dict(os.environ, variables), override_settings(AGENTDESK_MODEL=variables["AGENTDESK_MODEL"]):
            yield server


def write_in(customer: Customer, body: str, subject: str = "My order", **columns: Any) -> Run:
    """A letter; the run it queued, its columns set where a day needs them other."""
    ticket, _ = open_ticket(Letter(customer.email, subject, body, identity="verified"), now=timezone.now())
    run = Run.objects.get(ticket=ticket)
    if columns:
        Run.objects.filter(pk=run.pk).update(**columns)
    return run


def work_on(run: Run) -> Run:
    """Advances a run as a worker does, and as often as the sweep would; the run as it then is."""
    for _ in range(3):
        advance_run(run.pk)
        run.refresh_from_db()
        if run.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
            break
    return run


def recoveries(run: Run) -> list[tuple[str, str]]:
    """What failed, and what was chosen, in order."""
    chosen = Event.objects.filter(run=run, kind="recovery.chosen").order_by("seq")
    return [(event.data["failure"], event.data["recovery"]) for event in chosen]


def answers_of(run: Run) -> list[dict[str, Any]]:
    """What the model was answered, in order."""
    bodies = dict(Text.objects.filter(run=run).values_list("sha256", "body"))
    told = Event.objects.filter(run=run, kind="tool.answered").order_by("seq")
    return [json.loads(bodies[event.data["answer"]]) for event in told]


def require_good_end(run: Run) -> None:
    """At rest, with a reason where people take over, a gapless log, within its bounds."""
    assert run.status in AT_REST, (run.status, run.reason)
    if run.status == RunStatus.ESCALATED:
        assert run.reason, "people are told why"
        assert Ticket.objects.get(pk=run.ticket_id).escalation is not None
    seqs = list(Event.objects.filter(run=run).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, run.last_seq + 1))
    require_within_bounds(run)


def require_within_bounds(run: Run) -> None:
    """What was used stands below what was allowed; the clock has the length of one call's last moment on top."""
    bounds = Bounds.model_validate(run.bounds)
    assert run.steps <= run.step_limit
    assert run.input_tokens <= bounds.input_tokens
    assert run.output_tokens <= bounds.output_tokens
    assert Decimal(run.cost) <= bounds.money
    assert run.working_seconds <= run.wall_clock_seconds + 5


def require_nothing_unapproved() -> None:
    """No order, no money, no customer was touched, and nobody was written to."""
    executed = Action.objects.filter(status__in=(ActionStatus.EXECUTED, ActionStatus.EXECUTING))
    assert {action.kind for action in executed} <= HARMLESS
    assert set(Order.objects.values_list("status", flat=True)) == {"pending"}
    assert set(LedgerLine.objects.values_list("direction", flat=True)) == {"payment"}
    assert mail.outbox == []
