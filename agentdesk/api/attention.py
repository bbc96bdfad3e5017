"""Not now, mine, yours: a ticket put off, claimed, handed over by programs, as on its page."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from agentdesk.api.answers import show_time, show_time_or_none
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import ApiError, invalid
from agentdesk.api.fields import TicketId
from agentdesk.api.schemas import HandOver, Snooze
from agentdesk.api.shapes import ERRORS, Time
from tickets import attention
from tickets.models import Person, Ticket
from tickets.onlookers import NOBODY, attention_now

router = Router(tags=["attention"])


class AttentionShape(Schema):
    """Who attends to a ticket now. Advice to others, never a lock: everybody may go on deciding."""

    ticket_id: int
    looking: Annotated[list[str], Field(description="usernames of those who have it on screen")]
    claimed_by: Annotated[str | None, Field(description="username of whoever is at work on it")]
    claimed_until: Time | None
    snoozed_until: Annotated[Time | None, Field(description="until then it does not stand among what waits")]
    assignee: Annotated[str | None, Field(description="username of whose it is")]


ANSWER: dict[Any, Any] = {200: AttentionShape, **ERRORS}


@router.get("/tickets/{ticket_id}/attention", auth=allow("read"), response=ANSWER)
def get_attention(request: HttpRequest, ticket_id: TicketId) -> dict[str, Any]:
    """Who is at work on a ticket, who looks, and until when it was put off."""
    return show_attention(ticket_id)


@router.post("/tickets/{ticket_id}/snooze", auth=allow("tickets"), response=ANSWER)
def snooze(request: HttpRequest, ticket_id: TicketId, payload: Snooze) -> dict[str, Any]:
    """Puts a ticket off until a moment, or until the customer writes; its deadlines go on. One's own claim goes.

    422 where that moment is not to come or over 90 days away; 409 `ticket_closed`. Again: until the new moment.
    """
    Ticket.objects.only("pk").get(pk=ticket_id)
    try:
        attention.snooze_ticket(ticket_id, payload.until, by=caller_of(request).person, now=timezone.now())
    except attention.NotLater as refusal:
        raise invalid(until=str(refusal)) from refusal
    return show_attention(ticket_id)


@router.post("/tickets/{ticket_id}/wake", auth=allow("tickets"), response=ANSWER)
def wake(request: HttpRequest, ticket_id: TicketId) -> dict[str, Any]:
    """Brings a ticket back before its time; one that was not put off stays as it is."""
    Ticket.objects.only("pk").get(pk=ticket_id)
    attention.wake_ticket(ticket_id, by=caller_of(request).person, now=timezone.now())
    return show_attention(ticket_id)


@router.post("/tickets/{ticket_id}/claim", auth=allow("tickets"), response=ANSWER)
def claim(request: HttpRequest, ticket_id: TicketId) -> dict[str, Any]:
    """Says that one is at work on a ticket, for 15 minutes; again is longer. 409 `claimed` (`by`, `until`)."""
    Ticket.objects.only("pk").get(pk=ticket_id)
    try:
        attention.claim_ticket(ticket_id, by=caller_of(request).person, now=timezone.now())
    except attention.ClaimedByOther as other:
        raise claimed(other) from other
    return show_attention(ticket_id)


@router.post("/tickets/{ticket_id}/release", auth=allow("tickets"), response=ANSWER)
def release(request: HttpRequest, ticket_id: TicketId) -> dict[str, Any]:
    """Lets go of one's own claim; where there is none nothing happens."""
    Ticket.objects.only("pk").get(pk=ticket_id)
    attention.release_ticket(ticket_id, by=caller_of(request).person, now=timezone.now())
    return show_attention(ticket_id)


@router.post("/tickets/{ticket_id}/hand-over", auth=allow("tickets"), response=ANSWER)
def hand_over(request: HttpRequest, ticket_id: TicketId, payload: HandOver) -> dict[str, Any]:
    """Gives a ticket to a colleague with a note; the claim goes.

    422 `to` for nobody who works here and may decide, and for oneself; 409 `claimed` (`by`, `until`) while a third
    person is at work on it.
    """
    Ticket.objects.only("pk").get(pk=ticket_id)
    by, now = caller_of(request).person, timezone.now()
    if not payload.note.strip():
        raise invalid(note="must say what the colleague should know")
    try:
        attention.hand_over_ticket(ticket_id, payload.note, to=find_colleague(payload.to), by=by, now=now)
    except attention.CannotTakeIt as refusal:
        raise invalid(to=str(refusal)) from refusal
    except attention.ClaimedByOther as other:
        raise claimed(other) from other
    return show_attention(ticket_id)


def find_colleague(username: str) -> Person:
    """Raises: ApiError that names the field."""
    found = Person.objects.filter(username=username).first() if "\0" not in username else None
    if found is None:
        raise invalid(to="is nobody here")
    return found


def claimed(other: attention.ClaimedByOther) -> ApiError:
    """409: who is at work on it, and until when."""
    claim = other.claim
    return ApiError(409, str(other), code="claimed", by=claim.person.username, until=show_time(claim.until))


def show_attention(ticket_id: int) -> dict[str, Any]:
    """As the queue's socket tells it, and whose the ticket is. Raises: Ticket.DoesNotExist."""
    ticket = Ticket.objects.select_related("assignee").only("pk", "assignee__username").get(pk=ticket_id)
    state = attention_now([ticket_id]).get(ticket_id, NOBODY)
    return {
        "ticket_id": ticket_id,
        "looking": [username for username, _ in state.looking],
        "claimed_by": state.claimed_by[0] if state.claimed_by else None,
        "claimed_until": show_time_or_none(state.claimed_until),
        "snoozed_until": show_time_or_none(state.snoozed_until),
        "assignee": ticket.assignee.username if ticket.assignee else None,
    }
