"""Tickets: opened, listed, written to, and worked on."""

from __future__ import annotations

import os
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from agentdesk.agent.providers import check_model, split_models
from agentdesk.api.answers import message_to_json, show_run, ticket_to_json, tickets_to_show
from agentdesk.api.auth import allow, caller_of
from agentdesk.api.errors import invalid
from agentdesk.api.fields import LARGEST_ID, TicketId
from agentdesk.api.paging import Cursor, Limit, bad_cursor, read_cursor, split_page, write_cursor
from agentdesk.api.schemas import NewMessage, NewRun, NewTicket
from agentdesk.api.shapes import ERRORS, MessageShape, Page, RunShape, TicketShape
from agentdesk.runs.lifecycle import start_run
from approvals.models import PolicyVersion
from approvals.policies import policy_in_force
from tickets.operations import Letter, open_ticket, receive_message

router = Router(tags=["tickets"])
AS_USUAL = NewRun()


@router.post("/tickets", auth=allow("tickets"), response={201: TicketShape, 200: TicketShape, **ERRORS})
def open_a_ticket(request: HttpRequest, payload: NewTicket) -> Status[dict[str, Any]]:
    """Opens a ticket with a customer's first message; the agent starts on it. 200: this `external_id` is known."""
    ticket, is_new = open_ticket(Letter(**payload.dict()), now=timezone.now())
    return Status(201 if is_new else 200, ticket_to_json(tickets_to_show().get(pk=ticket.pk)))


@router.get("/tickets", auth=allow("read"), response={200: Page[TicketShape], **ERRORS})
def list_tickets(
    request: HttpRequest,
    limit: Limit,
    cursor: Cursor,
    status: Literal["open", "pending", "solved", "closed"] | None = None,
) -> dict[str, Any]:
    """Tickets, newest first, with their messages and runs."""
    tickets = tickets_to_show().order_by("-pk")
    if status is not None:
        tickets = tickets.filter(status=status)
    if cursor is not None:
        tickets = tickets.filter(pk__lt=read_ticket_cursor(cursor))
    page, more = split_page(list(tickets[: limit + 1]), limit)
    return {
        "items": [ticket_to_json(ticket) for ticket in page],
        "next": write_cursor([page[-1].pk]) if more else None,
    }


def read_ticket_cursor(cursor: str) -> int:
    """The id a page of tickets ended with."""
    match read_cursor(cursor):
        case [int(ticket_id)] if 0 < ticket_id <= LARGEST_ID:
            return ticket_id
    raise bad_cursor()


@router.get("/tickets/{ticket_id}", auth=allow("read"), response={200: TicketShape, **ERRORS})
def get_ticket(request: HttpRequest, ticket_id: TicketId) -> dict[str, Any]:
    """One ticket with its messages and runs."""
    return ticket_to_json(tickets_to_show().get(pk=ticket_id))


@router.post(
    "/tickets/{ticket_id}/messages",
    auth=allow("tickets"),
    response={201: MessageShape, 200: MessageShape, **ERRORS},
)
def add_message(request: HttpRequest, ticket_id: TicketId, payload: NewMessage) -> Status[dict[str, Any]]:
    """The customer's next message. What waits on the ticket is overtaken, and a new run sees everything."""
    message, is_new = receive_message(ticket_id, payload.body, now=timezone.now(), external_id=payload.external_id)
    return Status(201 if is_new else 200, message_to_json(message))


@router.post("/tickets/{ticket_id}/runs", auth=allow("tickets"), response={202: RunShape, **ERRORS})
def start_a_run(request: HttpRequest, ticket_id: TicketId, payload: NewRun = AS_USUAL) -> Status[dict[str, Any]]:
    """Has the agent work on the ticket. A dry run plans only; of live runs a ticket has one at a time."""
    if payload.model is not None:
        require_models(payload.model)
    now = timezone.now()
    run = start_run(
        ticket_id,
        started_by=caller_of(request).actor,
        now=now,
        mode=payload.mode,
        model=payload.model,
        policy_version=choose_policy(payload),
    )
    return Status(202, show_run(run.pk, now))


def require_models(names: str) -> None:
    """Whether every model of a list could be asked here. Raises: UnknownModel, ApiError for a list of none."""
    models = split_models(names)
    if not models:
        raise invalid(model="names no model")
    for name in models:
        check_model(name, os.environ)


def choose_policy(payload: NewRun) -> int | None:
    """The version a dry run is judged by; a live run is always judged by the one in force."""
    version = payload.policy_version
    if version is None or (payload.mode == "live" and version == policy_in_force().version):
        return None
    if payload.mode == "live":
        raise invalid(policy_version="a live run is judged by the policy in force; use a dry run")
    if not PolicyVersion.objects.filter(pk=version).exists():
        raise invalid(policy_version="there is no such version")
    return version
