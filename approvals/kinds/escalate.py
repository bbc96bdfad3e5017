"""Give the ticket to people, with a summary; the run ends there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from approvals.kinds.catalogue_entry import ActionKind, Arguments
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView

PRIORITY_ORDER = ("low", "normal", "high", "urgent")


class Escalate(Arguments):
    """Why people are needed, what is known so far, and how soon."""

    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    summary: Annotated[str, Field(min_length=1, max_length=10_000)]
    urgency: Literal["low", "normal", "high", "urgent"] = "normal"


def plan(arguments: Escalate, view: DeskView) -> list[Effect]:
    """Puts the ticket on people's list, open, at least as urgent as asked."""
    ticket = view.ticket
    record = f"ticket:{ticket.ticket_id}"
    before = None if ticket.escalation is None else dict(ticket.escalation)
    effects: list[Effect] = [ChangeField(record, "escalation", before, arguments.model_dump())]
    if ticket.status != "open":
        effects.append(ChangeField(record, "status", ticket.status, "open"))
    if PRIORITY_ORDER.index(arguments.urgency) > PRIORITY_ORDER.index(ticket.priority):
        effects.append(ChangeField(record, "priority", ticket.priority, arguments.urgency))
    return effects


def summary(arguments: Escalate, view: DeskView) -> str:
    """One sentence for the queue."""
    return f"Give the ticket to people: {arguments.reason}"


KIND = ActionKind(
    name="escalate",
    title="Escalate",
    description=(
        "Give the ticket to people: when unsure, when law or safety is touched, or when the customer wants a person. "
        "Your work on the ticket ends with it."
    ),
    arguments=Escalate,
    plan=plan,
    summary=summary,
    cannot_undo="People have been called; take the ticket back on its page instead.",
    takes_closed_tickets=True,
)
