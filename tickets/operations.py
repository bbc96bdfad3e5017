"""What is plainly done at the desk: tickets opened, messages received, tickets kept. Each appends its event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from tickets import signals
from tickets.models import (
    Customer,
    Direction,
    Message,
    Person,
    Priority,
    Ticket,
    TicketEvent,
    TicketStatus,
)
from tickets.models.desk import TicketEventKind
from tickets.queries import lock_customer


class TicketClosed(Exception):
    """This ticket is closed; the customer can open a new one."""


@dataclass(frozen=True)
class Letter:
    """A customer's first message of a ticket, as it came in."""

    customer_email: str
    subject: str
    body: str
    customer_name: str = ""
    identity: str = "claimed"
    external_id: str | None = None


def open_ticket(letter: Letter, *, now: datetime) -> tuple[Ticket, bool]:
    """A new ticket for a letter; the same `external_id` again gives the same ticket and changes nothing.

    Returns: the ticket, and whether it is new.
    """
    try:
        return find_or_open_ticket(letter, now=now)
    except IntegrityError:
        # Another process met the same stranger, or the same letter, at this moment; its rows are there now.
        return find_or_open_ticket(letter, now=now)


@transaction.atomic
def find_or_open_ticket(letter: Letter, *, now: datetime) -> tuple[Ticket, bool]:
    """One try at opening a ticket. Raises: IntegrityError where another process was quicker."""
    known = Ticket.objects.filter(external_id=letter.external_id).first() if letter.external_id else None
    if known is not None:
        return known, False
    customer = find_or_add_customer(letter)
    lock_customer(customer.customer_id)
    ticket = Ticket.objects.create(
        customer=customer,
        subject=letter.subject,
        identity=letter.identity,
        external_id=letter.external_id,
        created_at=now,
        updated_at=now,
    )
    append_event(
        ticket,
        TicketEventKind.OPENED,
        f"customer:{customer.pk}",
        now,
        identity=letter.identity,
    )
    add_inbound(ticket, letter.body, external_id=None, now=now)
    return ticket, True


def find_or_add_customer(letter: Letter) -> Customer:
    """The customer with this address, whatever its case; a stranger becomes a customer without orders."""
    known = Customer.objects.filter(email__iexact=letter.customer_email).first()
    if known is not None:
        return known
    first, _, last = letter.customer_name.strip().partition(" ")
    return Customer.objects.create(
        customer_id=f"customer_{uuid4().hex[:12]}",
        email=letter.customer_email,
        first_name=first[:100],
        last_name=last.strip()[:100],
    )


@transaction.atomic
def receive_message(
    ticket_id: int, body: str, *, now: datetime, external_id: str | None = None
) -> tuple[Message, bool]:
    """The customer's next message; the same `external_id` again changes nothing.

    Returns: the message, and whether it is new.
    Raises: TicketClosed.
    """
    ticket = lock_ticket(ticket_id)
    if external_id:
        known = Message.objects.filter(ticket=ticket, external_id=external_id).first()
        if known is not None:
            return known, False
    if ticket.status == TicketStatus.CLOSED:
        raise TicketClosed(TicketClosed.__doc__)
    if ticket.status != TicketStatus.OPEN:
        append_event(
            ticket,
            TicketEventKind.REOPENED,
            f"customer:{ticket.customer_id}",
            now,
            was=ticket.status,
        )
        ticket.status = TicketStatus.OPEN
    return add_inbound(ticket, body, external_id=external_id, now=now), True


def add_inbound(ticket: Ticket, body: str, *, external_id: str | None, now: datetime) -> Message:
    """Stores what the customer wrote, exactly as it came, and tells the house."""
    message = Message.objects.create(
        ticket=ticket,
        direction=Direction.INBOUND,
        author=f"customer:{ticket.customer_id}",
        body=body,
        external_id=external_id,
        at=now,
    )
    if ticket.snoozed_until is not None:
        wake(ticket, why="the customer wrote", actor=message.author, now=now)
    ticket.last_message_id = message.pk
    ticket.updated_at = now
    ticket.save(update_fields=["last_message_id", "updated_at", "status"])
    append_event(
        ticket,
        TicketEventKind.CUSTOMER_WROTE,
        message.author,
        now,
        message_id=message.pk,
    )
    signals.customer_wrote.send(sender=Ticket, ticket=ticket, message_id=message.pk, now=now)
    return message


def lock_ticket(ticket_id: int) -> Ticket:
    """The ticket, read under its customer's lock; inside a transaction only."""
    customer_id = Ticket.objects.values_list("customer_id", flat=True).get(pk=ticket_id)
    lock_customer(customer_id)
    return Ticket.objects.select_related("customer").get(pk=ticket_id)


@transaction.atomic
def assign_ticket(ticket_id: int, assignee: Person | None, *, by: Person, now: datetime) -> Ticket:
    """Gives the ticket to a person, or to nobody."""
    ticket = lock_ticket(ticket_id)
    ticket.assignee = assignee
    return keep_ticket(
        ticket,
        ["assignee"],
        TicketEventKind.ASSIGNED,
        by,
        now,
        to=assignee and assignee.username,
    )


@transaction.atomic
def tag_ticket(ticket_id: int, tags: Iterable[str], *, by: Person, now: datetime) -> Ticket:
    """Replaces the ticket's tags."""
    ticket = lock_ticket(ticket_id)
    ticket.tags = sorted({tag.strip() for tag in tags if tag.strip()})
    return keep_ticket(ticket, ["tags"], TicketEventKind.TAGGED, by, now, tags=ticket.tags)


@transaction.atomic
def prioritise_ticket(ticket_id: int, priority: str, *, by: Person, now: datetime) -> Ticket:
    """Sets how soon the ticket is wanted."""
    ticket = lock_ticket(ticket_id)
    ticket.priority = priority
    return keep_ticket(ticket, ["priority"], TicketEventKind.PRIORITISED, by, now, priority=priority)


@transaction.atomic
def add_staff_note(ticket_id: int, body: str, *, by: Person, now: datetime) -> Message:
    """An internal note by a signed-in person."""
    ticket = lock_ticket(ticket_id)
    note = Message.objects.create(
        ticket=ticket,
        direction=Direction.NOTE,
        author=f"person:{by.username}",
        body=body,
        at=now,
    )
    keep_ticket(ticket, [], TicketEventKind.NOTED, by, now, message_id=note.pk)
    return note


@transaction.atomic
def take_over_ticket(ticket_id: int, *, by: Person, now: datetime) -> Ticket:
    """From here on a person works on the ticket and the agent keeps off; taken twice by the same person is once."""
    ticket = lock_ticket(ticket_id)
    if ticket.taken_over_by_id == by.pk:
        return ticket
    ticket.taken_over_by = by
    ticket.assignee = by
    keep_ticket(ticket, ["taken_over_by", "assignee"], TicketEventKind.TAKEN_OVER, by, now)
    signals.person_took_over.send(sender=Ticket, ticket=ticket, person=by, now=now)
    return ticket


@transaction.atomic
def hand_back_ticket(ticket_id: int, *, by: Person, now: datetime) -> Ticket:
    """Lets the agent work on the ticket again; the escalation, if any, counts as taken care of."""
    ticket = lock_ticket(ticket_id)
    ticket.taken_over_by = None
    ticket.escalation = None
    keep_ticket(ticket, ["taken_over_by", "escalation"], TicketEventKind.HANDED_BACK, by, now)
    signals.handed_back.send(sender=Ticket, ticket=ticket, person=by, now=now)
    return ticket


@transaction.atomic
def close_escalation(ticket_id: int, *, by: Person, now: datetime) -> Ticket:
    """Marks an escalation as taken care of by a person."""
    ticket = lock_ticket(ticket_id)
    drop_escalation(ticket, actor=f"person:{by.username}", now=now)
    signals.escalation_closed.send(sender=Ticket, ticket=ticket, person=by, now=now)
    return ticket


def drop_escalation(ticket: Ticket, *, actor: str, now: datetime) -> None:
    """The ticket is no longer given to people; in the caller's transaction, under the customer's lock."""
    ticket.escalation = None
    ticket.updated_at = now
    ticket.save(update_fields=["escalation", "updated_at"])
    append_event(ticket, TicketEventKind.ESCALATION_CLOSED, actor, now)


def make_urgent(ticket: Ticket, *, why: str, actor: str, now: datetime) -> None:
    """Raises the priority to the highest; in the caller's transaction, under the customer's lock. Same is same."""
    if ticket.priority == Priority.URGENT:
        return
    ticket.priority = Priority.URGENT
    ticket.updated_at = now
    ticket.save(update_fields=["priority", "updated_at"])
    append_event(ticket, TicketEventKind.PRIORITISED, actor, now, priority=ticket.priority, why=why)


def wake(ticket: Ticket, *, why: str, actor: str, now: datetime) -> None:
    """A ticket that was put off is back; in the caller's transaction, under the customer's lock."""
    ticket.snoozed_until = None
    ticket.updated_at = now
    ticket.save(update_fields=["snoozed_until", "updated_at"])
    append_event(ticket, TicketEventKind.WOKEN, actor, now, why=why)
    signals.attention_changed.send(sender=Ticket, ticket_id=ticket.pk)


def sort_ticket(ticket: Ticket, category: str, *, actor: str, now: datetime) -> None:
    """Notes what triage made of the ticket; in the caller's transaction, under the customer's lock. Same is same."""
    if ticket.category == category:
        return
    ticket.category = category
    ticket.last_event_seq += 1
    ticket.updated_at = now
    ticket.save(update_fields=["category", "last_event_seq", "updated_at"])
    TicketEvent.objects.create(
        ticket=ticket,
        seq=ticket.last_event_seq,
        kind=TicketEventKind.SORTED,
        actor=actor,
        at=now,
        data={"category": category},
    )


def keep_ticket(
    ticket: Ticket,
    fields: list[str],
    kind: TicketEventKind,
    by: Person,
    now: datetime,
    **data: Any,
) -> Ticket:
    """Saves the named fields and the event that tells of it."""
    ticket.updated_at = now
    ticket.save(update_fields=[*fields, "updated_at"])
    append_event(ticket, kind, f"person:{by.username}", now, **data)
    return ticket


def append_event(ticket: Ticket, kind: TicketEventKind, actor: str, at: datetime, **data: Any) -> TicketEvent:
    """One event at the end of the ticket's log; the customer's lock makes its number gapless."""
    ticket.last_event_seq += 1
    ticket.save(update_fields=["last_event_seq"])
    return TicketEvent.objects.create(
        ticket=ticket,
        seq=ticket.last_event_seq,
        kind=kind,
        actor=actor,
        at=at,
        data=data,
    )
