"""Not now, not me, mine: tickets put off, claimed, handed over, and who has one on screen.

A claim is a lease by the database's clock: advice that others see, not a lock that keeps them from deciding.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from tickets import signals
from tickets.models import Claim, Direction, Message, Person, Presence, Ticket, TicketStatus
from tickets.models.attention import SILENCE
from tickets.models.desk import TicketEventKind
from tickets.operations import TicketClosed, append_event, keep_ticket, lock_ticket, wake

LEASE = timedelta(minutes=15)
"""How long a claim holds after its ticket was last on screen."""
RENEWED_BELOW = timedelta(minutes=13)
"""A claim with more time left than this is not renewed: others need not hear of every heartbeat."""
FORGOTTEN = timedelta(days=1)
LONGEST_SNOOZE = timedelta(days=90)

logger = logging.getLogger(__name__)


class NotLater(Exception):
    """A ticket is put off to a moment that is still to come, at most 90 days away."""


class ClaimedByOther(Exception):
    """Somebody else is at work on this ticket."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(f"{claim.person} is at work on this ticket until {claim.until:%H:%M} UTC.")
        self.claim = claim


class CannotTakeIt(Exception):
    """This person cannot take the ticket: hand it to a colleague who works here and may decide."""


@transaction.atomic
def snooze_ticket(ticket_id: int, until: datetime, *, by: Person, now: datetime) -> Ticket:
    """Puts a ticket off: until then, or until the customer writes, it does not stand among what waits.

    Deadlines go on meanwhile. Raises: NotLater, TicketClosed.
    """
    if not now < until <= now + LONGEST_SNOOZE:
        raise NotLater(NotLater.__doc__)
    ticket = lock_ticket(ticket_id)
    if ticket.status == TicketStatus.CLOSED:
        raise TicketClosed(TicketClosed.__doc__)
    ticket.snoozed_until = until
    Claim.objects.filter(ticket=ticket, person=by).delete()
    keep_ticket(ticket, ["snoozed_until"], TicketEventKind.SNOOZED, by, now, until=until.isoformat())
    signals.attention_changed.send(sender=Ticket, ticket_id=ticket.pk)
    return ticket


@transaction.atomic
def wake_ticket(ticket_id: int, *, by: Person, now: datetime) -> Ticket:
    """Brings back what was put off; what was not stays as it is."""
    ticket = lock_ticket(ticket_id)
    if ticket.snoozed_until is not None:
        wake(ticket, why="brought back", actor=f"person:{by.username}", now=now)
    return ticket


def wake_due(*, now: datetime, limit: int = 200) -> int:
    """Brings back every ticket whose time has come; safe to run twice at once. Returns: how many."""
    due = Ticket.objects.filter(snoozed_until__isnull=False, snoozed_until__lte=now).order_by("snoozed_until")
    return sum(try_to_wake(ticket_id, now) for ticket_id in due.values_list("pk", flat=True)[:limit])


def try_to_wake(ticket_id: int, now: datetime) -> bool:
    """One ticket; an unexpected error is logged and leaves the others their turn."""
    try:
        return wake_one(ticket_id, now)
    except Exception:
        logger.exception("ticket %s could not be brought back", ticket_id)
        return False


@transaction.atomic
def wake_one(ticket_id: int, now: datetime) -> bool:
    """One ticket, unless somebody put it off again or brought it back first."""
    ticket = lock_ticket(ticket_id)
    if ticket.snoozed_until is None or ticket.snoozed_until > now:
        return False
    wake(ticket, why="its time came", actor="system", now=now)
    return True


@transaction.atomic
def claim_ticket(ticket_id: int, *, by: Person, now: datetime) -> Claim:
    """Says that this person is at work on the ticket; again is longer. Raises: ClaimedByOther while that one holds."""
    ticket = lock_ticket(ticket_id)
    held = live_claim(ticket_id)
    if held is not None and held.person_id != by.pk:
        raise ClaimedByOther(held)
    if held is None:
        fields = {"person": by, "claimed_at": now, "until": Now() + LEASE}
        Claim.objects.filter(ticket=ticket).delete()
        Claim.objects.create(ticket=ticket, **fields)
        append_event(ticket, TicketEventKind.CLAIMED, f"person:{by.username}", now)
    else:
        Claim.objects.filter(ticket=ticket).update(until=Now() + LEASE)
    signals.attention_changed.send(sender=Ticket, ticket_id=ticket.pk)
    return Claim.objects.select_related("person").get(ticket=ticket)


def live_claim(ticket_id: int) -> Claim | None:
    """Who is at work on the ticket; a lapsed claim is nobody's."""
    return Claim.objects.select_related("person").filter(ticket_id=ticket_id, until__gt=Now()).first()


@transaction.atomic
def release_ticket(ticket_id: int, *, by: Person, now: datetime) -> None:
    """Lets go of one's own claim; where there is none nothing happens."""
    ticket = lock_ticket(ticket_id)
    if Claim.objects.filter(ticket=ticket, person=by).delete()[0]:
        append_event(ticket, TicketEventKind.RELEASED, f"person:{by.username}", now)
        signals.attention_changed.send(sender=Ticket, ticket_id=ticket.pk)


@transaction.atomic
def hand_over_ticket(ticket_id: int, note: str, *, to: Person, by: Person, now: datetime) -> Ticket:
    """Gives a ticket to a colleague with a note; a claim goes, and who had taken it over from the agent changes too.

    Raises: CannotTakeIt, ClaimedByOther while somebody else is at work on it; ValueError for an empty note.
    """
    if not note.strip():
        raise ValueError("A hand-over says what the colleague should know.")
    ticket = lock_ticket(ticket_id)
    heir = Person.objects.get(pk=to.pk)
    if heir.pk == by.pk or not heir.is_active or not heir.may_decide:
        raise CannotTakeIt(CannotTakeIt.__doc__)
    held = live_claim(ticket_id)
    if held is not None and held.person_id not in (by.pk, heir.pk):
        raise ClaimedByOther(held)
    Claim.objects.filter(ticket=ticket).exclude(person=heir).delete()
    author = f"person:{by.username}"
    words = Message.objects.create(ticket=ticket, direction=Direction.NOTE, author=author, body=note.strip(), at=now)
    ticket.assignee = heir
    ticket.taken_over_by = ticket.taken_over_by and heir
    told = {"to": heir.username, "message_id": words.pk}
    keep_ticket(ticket, ["assignee", "taken_over_by"], TicketEventKind.HANDED_OVER, by, now, **told)
    signals.attention_changed.send(sender=Ticket, ticket_id=ticket.pk)
    return ticket


@transaction.atomic
def note_looking(ticket_id: int, *, by: Person) -> None:
    """A heartbeat: this person has the ticket on screen; a claim of theirs holds on. No lock of the customer's."""
    mine = Presence.objects.filter(ticket_id=ticket_id, person=by)
    is_news = not mine.filter(at__gt=Now() - SILENCE).exists()
    if not mine.update(at=Now()):
        Presence.objects.bulk_create([Presence(ticket_id=ticket_id, person=by, at=Now())], ignore_conflicts=True)
    claim = Claim.objects.filter(ticket_id=ticket_id, person=by, until__gt=Now(), until__lt=Now() + RENEWED_BELOW)
    if claim.update(until=Now() + LEASE) or is_news:
        signals.attention_changed.send(sender=Ticket, ticket_id=ticket_id)


@transaction.atomic
def note_gone(ticket_id: int, *, by: Person) -> None:
    """This person has left the ticket's page."""
    if Presence.objects.filter(ticket_id=ticket_id, person=by).delete()[0]:
        signals.attention_changed.send(sender=Ticket, ticket_id=ticket_id)


def forget_lookers() -> int:
    """Drops who has not been heard of for a day, and claims that lapsed as long ago. Returns: how many."""
    looked = Presence.objects.filter(at__lt=Now() - FORGOTTEN).delete()[0]
    return looked + Claim.objects.filter(until__lt=Now() - FORGOTTEN).delete()[0]
