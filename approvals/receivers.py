"""What the gate does at the desk's news: what waits is overtaken when the customer writes or a person takes over."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from approvals.bells import ring_after_commit
from approvals.drafts import overtake_drafts
from approvals.escalations import OVER, close_escalations, close_where_called, open_escalation
from approvals.models import Action, ActionStatus
from approvals.settling import supersede_open_actions
from approvals.signals import action_settled, person_replied, policy_published
from approvals.undoing import draft_correction
from tickets.models import Person, Ticket
from tickets.signals import customer_wrote, escalation_closed, handed_back, person_took_over


@receiver(customer_wrote)
def overtake_when_customer_writes(ticket: Ticket, now: datetime, **rest: Any) -> None:
    """Nothing planned before the customer's newest message may happen after it."""
    actor = f"customer:{ticket.customer_id}"
    supersede_open_actions(ticket.pk, reason="the customer wrote again", actor=actor, now=now)


@receiver(person_took_over)
def overtake_when_person_takes_over(ticket: Ticket, person: Person, now: datetime, **rest: Any) -> None:
    """A person who takes over decides anew."""
    supersede_open_actions(ticket.pk, reason=f"{person} took over", actor=f"person:{person.username}", now=now)


@receiver(action_settled)
def correct_when_undone(action: Action, now: datetime, **rest: Any) -> None:
    """Whoever carries an undo out, a click or the sweep: the customer is not left with what no longer holds."""
    if action.status == ActionStatus.UNDONE:
        draft_correction(action, now=now)


@receiver(person_replied)
def overtake_when_person_replies(ticket_id: int, person: Person, origin: UUID, now: datetime, **rest: Any) -> None:
    """A person who answers the customer overtakes what the agent had prepared."""
    actor = f"person:{person.username}"
    supersede_open_actions(ticket_id, reason=f"{person} replied", actor=actor, now=now, spare_origin=origin)


@receiver(policy_published)
def judge_anew_what_waits(version: int, now: datetime, **rest: Any) -> None:
    """What waits is asked for by the policy in force; drafts made from the one before are over."""
    from approvals.tasks import rejudge_waiting_task

    overtake_drafts(version, now=now)
    ring_after_commit(rejudge_waiting_task)


@receiver(action_settled)
def call_people(action: Action, now: datetime, **rest: Any) -> None:
    """A ticket that is given to people waits for somebody of the policy's role, until its deadline."""
    if action.kind == "escalate" and action.is_executed:
        open_escalation(action, now=now)


@receiver(action_settled)
def stop_calling_when_solved(action: Action, now: datetime, **rest: Any) -> None:
    """What is solved or closed needs nobody any more."""
    changes_status = action.kind == "set_ticket" and action.is_executed
    if changes_status and Ticket.objects.filter(pk=action.ticket_id, status__in=OVER).exists():
        close_escalations(action.ticket_id, actor=action.proposer, now=now)


@receiver(escalation_closed)
def stop_calling_when_closed(ticket: Ticket, person: Person, now: datetime, **rest: Any) -> None:
    """A person says that it is taken care of."""
    close_escalations(ticket.pk, actor=f"person:{person.username}", now=now)


@receiver(handed_back)
def stop_calling_when_handed_back(ticket: Ticket, now: datetime, person: Person, **rest: Any) -> None:
    """The agent may work on it again, so people are no longer called."""
    close_escalations(ticket.pk, actor=f"person:{person.username}", now=now)


@receiver(person_took_over)
def stop_calling_when_taken_over(ticket: Ticket, person: Person, now: datetime, **rest: Any) -> None:
    """Somebody of the role that was called has the ticket now; its reason stays on the page until it is done."""
    close_where_called(ticket.pk, by=person, now=now)


@receiver(person_replied)
def stop_calling_when_replied(ticket_id: int, person: Person, now: datetime, **rest: Any) -> None:
    """Somebody of the role that was called answers the customer."""
    close_where_called(ticket_id, by=person, now=now)
