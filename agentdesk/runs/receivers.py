"""What runs do at the desk's and the gate's news. All of it happens in the transaction of the news itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver

from agentdesk.doorbell import carry, ring
from agentdesk.runs.lifecycle import RunActive, TakenOver, conclude, end_live_run, ring_worker, start_run, words_for
from agentdesk.runs.log import Fact, LeaseLost, append_facts
from agentdesk.runs.models import EventKind, Run, RunStatus
from approvals.bells import ring_after_commit
from approvals.bulk import Progress
from approvals.models import Action, ActionStatus, Decision
from approvals.signals import (
    action_changed,
    action_decided,
    action_settled,
    bulk_progressed,
    person_replied,
    policy_published,
)
from tickets.models import Person, Ticket
from tickets.prepared import prepared
from tickets.signals import attention_changed, customer_wrote, handed_back, person_took_over


@receiver(customer_wrote)
def start_anew(ticket: Ticket, now: datetime, **rest: Any) -> None:
    """One new run sees everything; where a person has the ticket, none starts."""
    actor = f"customer:{ticket.customer_id}"
    end_live_run(ticket.pk, RunStatus.CANCELLED, reason="the customer wrote again", actor=actor, now=now)
    if ticket.taken_over_by_id is None:
        start_run(ticket.pk, started_by=actor, now=now)


@receiver(person_took_over)
def stop_for_person(ticket: Ticket, person: Person, now: datetime, **rest: Any) -> None:
    """The agent keeps off what a person has taken over."""
    actor = f"person:{person.username}"
    end_live_run(ticket.pk, RunStatus.CANCELLED, reason=f"{person} took over", actor=actor, now=now)


@receiver(person_replied)
def stop_for_reply(ticket_id: int, person: Person, now: datetime, **rest: Any) -> None:
    """A person answers the customer; what the agent had begun is over."""
    actor = f"person:{person.username}"
    end_live_run(ticket_id, RunStatus.CANCELLED, reason=f"{person} replied", actor=actor, now=now)


@receiver(handed_back)
def start_for_person(ticket: Ticket, now: datetime, **rest: Any) -> None:
    """The agent takes up what a person handed back."""
    try:
        start_run(ticket.pk, started_by="system", now=now)
    except (RunActive, TakenOver):
        return


@receiver(action_decided)
def note_decision(action: Action, decision: Decision, now: datetime, **rest: Any) -> None:
    """What a person decided is a fact of the run that asked."""
    data = {"action_id": str(action.pk), "verdict": decision.verdict, "digest": decision.digest}
    note(action.origin, Fact(EventKind.ACTION_DECIDED, data, actor=f"person:{decision.person.username}"), now)


@receiver(action_settled)
def note_settled(action: Action, now: datetime, **rest: Any) -> None:
    """What an action came to is a fact of its run, which goes on or ends with the last of them."""
    data = {"action_id": str(action.pk), "kind": action.kind, "status": action.status}
    words = words_for(action.status_reason)
    status = note(action.origin, Fact(EventKind.ACTION_SETTLED, data, words, actor="gate"), now)
    if status == RunStatus.WAITING:
        go_on(action, now)
    if status is None and action.kind == "escalate" and action.is_executed:
        leave_to_people(action, now)


def go_on(action: Action, now: datetime) -> None:
    """Concludes at once, except where more of the same news is still to come in this transaction."""
    if action.status == ActionStatus.SUPERSEDED:
        ring_worker(action.origin)
    elif action.status != ActionStatus.EXPIRED:
        for run in run_numbered(action.origin):
            conclude(run, now=now)


@prepared
def run_numbered(run_id: UUID) -> QuerySet[Run]:
    """A run's row."""
    return Run.objects.filter(pk=run_id)


def leave_to_people(action: Action, now: datetime) -> None:
    """An escalation from outside a run ends the ticket's run; a run's own is ended by its worker."""
    reason = action.arguments["reason"]
    end_live_run(action.ticket_id, RunStatus.ESCALATED, reason=reason, actor=action.proposer, now=now)


def note(origin: UUID, fact: Fact, now: datetime) -> str | None:
    """Appends to the log of the run an action comes from; None where it comes from none.

    The append locks the run's row, so what is read of it afterwards holds until the commit.
    """
    try:
        return append_facts(origin, [fact], at=now).status
    except LeaseLost:
        return None


@receiver(action_changed)
def ring_queue(action: Action, **rest: Any) -> None:
    """Wakes those who watch the queue, after the commit."""
    transaction.on_commit(lambda: ring("queue", {"action_id": str(action.pk)}))


@receiver(bulk_progressed)
def tell_queue(progress: Progress, **rest: Any) -> None:
    """Those who watch the queue see how far a bulk is; who misses it asks for its rows."""
    carry("queue", {"type": "bulk.moved", "bulk": progress.to_json()})


@receiver(attention_changed)
def ring_attention(ticket_id: int, **rest: Any) -> None:
    """Wakes the same watchers where somebody looks, claims or puts off."""
    transaction.on_commit(lambda: ring("queue", {"ticket_id": ticket_id}))


@receiver(policy_published)
def wake_runs(**rest: Any) -> None:
    """A policy may have lifted a pause."""
    from agentdesk.runs.tasks import sweep_runs

    ring_after_commit(sweep_runs)
