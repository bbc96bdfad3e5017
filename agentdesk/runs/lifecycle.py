"""The life of a run outside its steps: started, paused, resumed, cancelled, concluded, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from agentdesk.agent.triage import Triage, triage
from agentdesk.runs.agent_versions import agent_in_force
from agentdesk.runs.briefing import write_brief
from agentdesk.runs.instructing import pinned_columns
from agentdesk.runs.log import Fact, append_facts, to_words
from agentdesk.runs.models import ACTIVE, MOVES, DryRunReport, Event, EventKind, Run, RunMode, RunStatus
from approvals.bells import ring_after_commit
from approvals.models import Action, ActionStatus
from approvals.models.actions import UNSETTLED
from approvals.policies import policy_in_force
from approvals.settling import supersede_origin
from tickets.models import Customer, Direction, Person, Priority, Ticket
from tickets.operations import sort_ticket
from tickets.prepared import prepared
from tickets.queries import find_ticket, lock_customer_of_ticket, locked_owner, read_thread
from tickets.rows import insert_row

AGENT = "agent"


class RunActive(Exception):
    """The agent is at work on this ticket already."""


class TakenOver(Exception):
    """A person has taken this ticket over; hand it back before the agent works on it."""


class RunOver(Exception):
    """This run has ended."""


@transaction.atomic
def start_run(
    ticket_id: int,
    *,
    started_by: str,
    now: datetime,
    mode: str = RunMode.LIVE,
    model: str | None = None,
    policy_version: int | None = None,
    report: DryRunReport | None = None,
) -> Run:
    """Queues a run on a ticket and rings for a worker; one of a report waits until nobody else is in a hurry.

    The ticket is sorted by rules first, and the run is bound to what was published for tickets of its category.
    Raises: RunActive, TakenOver, Ticket.DoesNotExist.
    """
    lock_customer_of_ticket(ticket_id)
    ticket = find_ticket(ticket_id)
    if mode == RunMode.LIVE and ticket.taken_over_by_id is not None:
        raise TakenOver(TakenOver.__doc__)
    thread = read_thread(ticket_id)
    found = triage(ticket.subject, [one.body for one in thread if one.direction == Direction.INBOUND])
    run = add_run(
        ticket,
        **pinned_columns(agent_in_force(), found.category, found.wished),
        mode=mode,
        model=model or settings.AGENTDESK_MODEL,
        policy_version=policy_version or policy_in_force().version,
        pins_policy=policy_version is not None,
        started_by=started_by,
        report=report,
        created_at=now,
    )
    begun = Fact(EventKind.RUN_STARTED, run_facts(run), {"brief": write_brief(ticket, thread)}, actor=started_by)
    append_facts(run.pk, [begun, fact_of_triage(found)], at=now)
    sort_ticket(ticket, found.category, actor=AGENT, now=now)
    ring_worker(run.pk, Priority.LOW if report else ticket.priority)
    return run


def fact_of_triage(found: Triage, by: str = "rules") -> Fact:
    """The event of a ticket that was sorted, by rules or by a model."""
    data = {"category": found.category, "wished": list(found.wished), "urgency": found.urgency, "by": by}
    return Fact(EventKind.TICKET_TRIAGED, data, {"reasons": to_words(list(found.reasons))})


def add_run(ticket: Ticket, **columns: Any) -> Run:
    """The run's row, under the customer's lock; a second live one on a ticket is refused. Raises: RunActive."""
    if columns["mode"] == RunMode.LIVE and active_live_run(ticket.pk):
        raise RunActive(RunActive.__doc__)
    run = Run(ticket=ticket, **columns)
    insert_row(run)
    return run


@prepared
def active_live_run(ticket_id: int) -> QuerySet[Run, UUID]:
    """The id of a ticket's live run that may still do something."""
    return Run.objects.filter(ticket_id=ticket_id, mode=RunMode.LIVE, status__in=ACTIVE).values_list("pk", flat=True)


def run_facts(run: Run) -> dict[str, Any]:
    """What a run is pinned to, for its first event."""
    return {
        "mode": run.mode,
        "model": run.model,
        "policy_version": run.policy_version,
        "versions": run.versions,
        "last_message_id": run.ticket.last_message_id,
    }


def ring_worker(run_id: UUID, priority: str = Priority.NORMAL) -> None:
    """After commit, wakes a worker for a ticket of this priority; the sweep finds what a lost bell forgot."""
    from agentdesk.runs.tasks import advance_run_task, turn_of

    ring_after_commit(advance_run_task, str(run_id), priority=turn_of(priority))


def lock_run(run_id: UUID) -> Run:
    """The run's row, locked after its customer's, as the order of locks has it. Raises: Run.DoesNotExist."""
    if locked_owner_of_run(run_id):
        for run in locked_run(run_id):
            return run
    raise Run.DoesNotExist(f"There is no run {run_id}.")


@prepared
def locked_owner_of_run(run_id: UUID) -> QuerySet[Customer, str]:
    """The row of the customer a run works for, locked."""
    return locked_owner(Run.objects.filter(pk=run_id).values("ticket__customer_id"))


@prepared
def locked_run(run_id: UUID) -> QuerySet[Run]:
    """A run's row, locked."""
    return Run.objects.select_for_update().filter(pk=run_id)


def end_run(
    run: Run, status: RunStatus, *, now: datetime, reason: str = "", actor: str = "agent", result: str = ""
) -> None:
    """Ends an active run; one that ends other than done overtakes what it left undecided.

    Inside the caller's transaction, which has locked the run.
    """
    if status not in MOVES[RunStatus(run.status)]:
        raise RunOver(RunOver.__doc__)
    columns: dict[str, Any] = {"status": status, "reason": reason, "ended_at": now, "leased_until": None}
    if result:
        columns["result"] = result
    leaves_open = run.mode == RunMode.LIVE and status not in (RunStatus.DONE, RunStatus.AWAITING_CUSTOMER)
    overtaken = leave_nothing_open(run, status, now) if leaves_open else []
    data = {"status": status, "superseded": [str(action.pk) for action in overtaken]}
    append_facts(run.pk, [Fact(EventKind.RUN_ENDED, data, words_for(reason), actor=actor)], at=now, **columns)
    for name, value in columns.items():
        setattr(run, name, value)


def words_for(reason: str) -> dict[str, str]:
    """A reason as words of an event: a model or a person may have put it."""
    return {"reason": reason} if reason else {}


def leave_nothing_open(run: Run, status: RunStatus, now: datetime) -> list[Action]:
    """Overtakes undecided actions of a run that did not end well; it is over before they are, so none revives it."""
    Run.objects.filter(pk=run.pk).update(status=status)
    reason = f"its run was {RunStatus(status).label.lower()}"
    return supersede_origin(run.pk, reason=reason, actor="agent", now=now)


@transaction.atomic
def cancel_run(run_id: UUID, *, actor: str, reason: str, now: datetime) -> Run:
    """Ends a run for good; what it proposed and nobody decided is overtaken. Raises: RunOver."""
    run = lock_run(run_id)
    end_run(run, RunStatus.CANCELLED, now=now, reason=reason, actor=actor)
    return run


def end_live_run(ticket_id: int, status: RunStatus, *, reason: str, actor: str, now: datetime) -> None:
    """Ends the ticket's active live run, if there is one; in the caller's transaction, under the customer's lock."""
    active = Run.objects.select_for_update().filter(ticket_id=ticket_id, mode=RunMode.LIVE, status__in=ACTIVE)
    for run in active:
        end_run(run, status, now=now, reason=reason, actor=actor)


@transaction.atomic
def pause_run(run_id: UUID, *, by: Person, now: datetime) -> Run:
    """From its commit the run takes no step; what people approved still executes. Twice is once. Raises: RunOver."""
    run = lock_run(run_id)
    if run.status == RunStatus.PAUSED:
        return run
    if run.status not in ACTIVE:
        raise RunOver(RunOver.__doc__)
    actor = f"person:{by.username}"
    append_facts(run.pk, [Fact(EventKind.RUN_PAUSED, actor=actor)], at=now, status=RunStatus.PAUSED, leased_until=None)
    run.status = RunStatus.PAUSED
    return run


@transaction.atomic
def resume_run(run_id: UUID, *, by: Person, now: datetime) -> Run:
    """Lets a paused run go on from where it stood; one that is not paused is left as it is. Raises: RunOver."""
    run = lock_run(run_id)
    if run.status not in ACTIVE:
        raise RunOver(RunOver.__doc__)
    if run.status == RunStatus.PAUSED:
        actor = f"person:{by.username}"
        append_facts(run.pk, [Fact(EventKind.RUN_RESUMED, actor=actor)], at=now, status=RunStatus.QUEUED)
        run.status = RunStatus.QUEUED
        ring_worker(run.pk)
    return run


def conclude(run: Run, *, now: datetime) -> None:
    """Once all a waiting run proposed is settled: done if it all happened, else the model hears what did not.

    Inside the caller's transaction, which has locked the run.
    """
    actions = outcomes_of(run.pk) if run.status == RunStatus.WAITING else []
    if run.status != RunStatus.WAITING or any(action.status in UNSETTLED for action in actions):
        return
    news = [] if all(came_as_proposed(action) for action in actions) else unreported(run, actions)
    if all(came_as_proposed(action) for action in news):
        end_run(run, ending_of(actions), now=now)
        return
    words = to_words([decision_to_json(action) for action in news])
    resumed = Fact(
        EventKind.RUN_RESUMED,
        {"actions": [str(action.pk) for action in news]},
        {"decisions": f"Decisions:\n{words}"},
        actor="gate",
    )
    append_facts(run.pk, [resumed], at=now, status=RunStatus.QUEUED)
    ring_worker(run.pk)


@prepared
def outcomes_of(run_id: UUID) -> QuerySet[Action]:
    """What a run proposed, in order, with what it came to."""
    actions = Action.objects.filter(origin=run_id).order_by("place")
    return actions.only("kind", "status", "status_reason", "arguments")


def came_as_proposed(action: Action) -> bool:
    """Whether the model need hear no more of an action: it happened, or in shadow it was only ever to be planned."""
    return action.is_executed or action.status == ActionStatus.PLANNED


def unreported(run: Run, actions: Iterable[Action]) -> list[Action]:
    """The actions the model was told of as proposed, and has not heard of since."""
    told: set[str] = set()
    for event in Event.objects.filter(run=run, kind__in=(EventKind.RUN_RESUMED, EventKind.TOOL_ANSWERED)):
        told.update(event.data.get("actions", []))
        if event.data.get("outcome") in ("done", "refused"):
            told.add(event.data.get("action_id", ""))
    return [action for action in actions if str(action.pk) not in told]


def decision_to_json(action: Action) -> dict[str, str]:
    """What became of one action, for the model."""
    return {
        "action_id": str(action.pk),
        "kind": action.kind,
        "outcome": action.status,
        "reason": action.status_reason,
    }


def ending_of(actions: Iterable[Action]) -> RunStatus:
    """How a run whose agenda is complete ends: by whether its last word on the ticket was to ask the customer back."""
    executed = [action for action in actions if action.status == ActionStatus.EXECUTED]
    if any(action.kind == "escalate" for action in executed):
        return RunStatus.ESCALATED
    statuses = [action.arguments["status"] for action in executed if "status" in action.arguments]
    return RunStatus.AWAITING_CUSTOMER if statuses and statuses[-1] == "pending" else RunStatus.DONE
