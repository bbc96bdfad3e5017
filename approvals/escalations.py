"""Escalations: tickets given to people of a role, with a deadline; and what the policy does when nobody came.

All instants are UTC and are compared as such, so neither a clock that jumps nor daylight saving moves a deadline: what
was done is kept in the row, and is done by a conditional UPDATE, once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from approvals import audit
from approvals.models import Action, Escalation
from approvals.policies import policy_in_force
from approvals.policy import RANKS, EscalationRule, RoleName
from tickets.models import Person, Ticket, TicketStatus
from tickets.operations import drop_escalation, lock_ticket, make_urgent, wake
from tickets.queries import lock_customer_of_ticket

OVER = (TicketStatus.SOLVED, TicketStatus.CLOSED)

logger = logging.getLogger(__name__)


def open_escalation(action: Action, *, now: datetime) -> Escalation:
    """The ticket of an executed `escalate` waits for somebody of the policy's role; one that waits already goes on.

    In the gate's transaction, under the customer's lock. A ticket that was put off comes back.
    """
    waiting = waiting_escalation(action.ticket_id)
    ticket = Ticket.objects.get(pk=action.ticket_id)
    if ticket.snoozed_until is not None:
        wake(ticket, why="people were called", actor="gate", now=now)
    if waiting is not None:
        return waiting
    rule = policy_in_force().settings.escalation
    return call_role(action.ticket_id, action, rule.role, rule, now=now)


def call_role(ticket_id: int, cause: Action | None, role: str, rule: EscalationRule, *, now: datetime) -> Escalation:
    """Gives people of a role as long as the policy has it, with a reminder at half time."""
    time_given = timedelta(seconds=rule.deadline)
    row = Escalation.objects.create(
        ticket_id=ticket_id,
        action=cause,
        role=role,
        opened_at=now,
        remind_at=now + time_given / 2,
        due_at=now + time_given,
    )
    note("escalation.opened", row, "gate" if cause else "system", now, role=role, due_at=row.due_at.isoformat())
    return row


def waiting_escalation(ticket_id: int) -> Escalation | None:
    """The escalation of a ticket whose time still runs, if there is one."""
    return Escalation.objects.filter(ticket_id=ticket_id, closed_at=None, lapsed_at=None).first()


def last_open_escalation(ticket_id: int) -> Escalation | None:
    """The newest escalation of a ticket that nobody has taken care of, lapsed or not."""
    return Escalation.objects.filter(ticket_id=ticket_id, closed_at=None).order_by("-pk").first()


def close_escalations(ticket_id: int, *, actor: str, now: datetime) -> int:
    """Somebody takes care of the ticket: nobody is called any more. Returns: how many were open.

    In the caller's transaction, under the customer's lock.
    """
    rows = list(Escalation.objects.filter(ticket_id=ticket_id, closed_at=None))
    for row in rows:
        Escalation.objects.filter(pk=row.pk).update(closed_at=now, closed_by=actor)
        note("escalation.closed", row, actor, now, role=row.role)
    return len(rows)


def close_where_called(ticket_id: int, *, by: Person, now: datetime) -> int:
    """Somebody takes over or replies: that is the help asked for if he has the role called, or one above it."""
    row = last_open_escalation(ticket_id)
    if row is None or not by.ranks_at_least(row.role):
        return 0
    return close_escalations(ticket_id, actor=f"person:{by.username}", now=now)


def lapse_due(*, now: datetime, limit: int = 200) -> int:
    """Does what the policy says with every escalation whose time is over. Returns: how many lapsed."""
    due = Escalation.objects.filter(closed_at=None, lapsed_at=None, due_at__lte=now).order_by("due_at")
    return sum(try_to_lapse(row, now) for row in due[:limit])


def try_to_lapse(row: Escalation, now: datetime) -> bool:
    """One of them; an unexpected error is logged and leaves the others their turn."""
    try:
        return lapse(row, now)
    except Exception:
        logger.exception("escalation %s could not be brought to its end", row.pk)
        return False


@transaction.atomic
def lapse(row: Escalation, now: datetime) -> bool:
    """Nobody of the role came in time, unless somebody did meanwhile or another sweep was here first."""
    ticket = lock_ticket(row.ticket_id)
    if ticket.status in OVER:
        close_escalations(ticket.pk, actor="system", now=now)
        return False
    waiting = Escalation.objects.filter(pk=row.pk, closed_at=None, lapsed_at=None, due_at__lte=now)
    if not waiting.update(lapsed_at=now):
        return False
    rule = policy_in_force().settings.escalation
    note("escalation.lapsed", row, "system", now, role=row.role, then=what_follows(row.role, rule))
    follow_up(ticket, row, rule, now)
    return True


def what_follows(role: str, rule: EscalationRule) -> str:
    """What comes at a role's deadline: `raise`, `urgent` or `close`; above admins there is nobody to raise to."""
    return "urgent" if rule.on_deadline == "raise" and role_above(role) is None else rule.on_deadline


def role_above(role: str) -> RoleName | None:
    """The next role up; none above admins."""
    above = [name for name, rank in RANKS.items() if rank == RANKS[role] + 1]
    return cast(RoleName, above[0]) if above else None


def follow_up(ticket: Ticket, row: Escalation, rule: EscalationRule, now: datetime) -> None:
    """The next role up is called, the ticket becomes urgent, or people are no longer called."""
    how, above = what_follows(row.role, rule), role_above(row.role)
    if how == "raise" and above is not None:
        call_role(ticket.pk, None, above, rule, now=now)
    elif how == "urgent":
        make_urgent(ticket, why="nobody came in time", actor="system", now=now)
    else:
        drop_escalation(ticket, actor="system", now=now)
        close_escalations(ticket.pk, actor="system", now=now)


def due_reminders(*, now: datetime, limit: int = 200) -> list[Escalation]:
    """Escalations half of whose time is over, of which nobody was reminded; not those whose time is over whole."""
    waiting = Escalation.objects.filter(closed_at=None, lapsed_at=None, reminded_at=None)
    due = waiting.filter(remind_at__lte=now, due_at__gt=now).select_related("ticket")
    return list(due.order_by("remind_at")[:limit])


def people_called(role: str) -> list[Person]:
    """Who of a role can be written to, or of the next role up that has anybody."""
    while role:
        active = Person.objects.filter(is_active=True, role=role).exclude(email="")
        if people := list(active.order_by("username")):
            return people
        role = role_above(role) or ""
    return []


def claim_reminder(row: Escalation, people: Sequence[Person], *, now: datetime) -> bool:
    """Takes the reminder for sending, in the caller's transaction; of several that try, one gets it."""
    lock_customer_of_ticket(row.ticket_id)
    mine = Escalation.objects.filter(pk=row.pk, closed_at=None, lapsed_at=None, reminded_at=None, due_at__gt=now)
    if not mine.update(reminded_at=now):
        return False
    note("escalation.reminded", row, "system", now, role=row.role, people=[person.username for person in people])
    return True


@transaction.atomic
def give_reminder_back(row: Escalation, why: str, *, now: datetime) -> None:
    """No mail of it certainly left: the next sweep tries again."""
    if Escalation.objects.filter(pk=row.pk, closed_at=None, lapsed_at=None).update(reminded_at=None):
        note("escalation.reminder_failed", row, "system", now, why=why)


def note(kind: str, row: Escalation, actor: str, now: datetime, **data: object) -> None:
    """The audit entry of something that became of an escalation."""
    audit.record(kind, actor=actor, subject=f"ticket:{row.ticket_id}", at=now, escalation=row.pk, **data)
