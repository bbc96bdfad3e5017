"""What a page says of people's attention to a ticket: who was called until when, who is at work, who is looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentdesk.people.roles import PLURALS
from approvals.escalations import last_open_escalation, role_above, what_follows
from approvals.models import Escalation
from approvals.policies import policy_in_force
from approvals.policy import EscalationRule
from tickets.models import Person, Role, Ticket
from tickets.onlookers import NOBODY, Attention, attention_now


@dataclass(frozen=True)
class Calling:
    """Who is called to a ticket, until when and what then; or who did not come."""

    called: str
    due_at: datetime
    then: str
    is_over: bool

    @classmethod
    def of(cls, row: Escalation, rule: EscalationRule) -> Calling:
        """An escalation nobody has taken care of, and what follows under the rule in force."""
        how, above = what_follows(row.role, rule), role_above(row.role)
        then = {"urgent": "then it is urgent", "close": "then nobody is called any more"}.get(how, "")
        then = then or f"then {PLURALS[Role(above or row.role)]}"
        return cls(PLURALS[Role(row.role)], row.due_at, then, row.lapsed_at is not None)


@dataclass(frozen=True)
class Attended:
    """A ticket's attention as one viewer is told of it."""

    others: tuple[str, ...] = ()
    claimed_by: str = ""
    is_mine: bool = False
    claimed_until: datetime | None = None
    snoozed_until: datetime | None = None

    @classmethod
    def seen_by(cls, viewer: Person, state: Attention) -> Attended:
        """Nobody is told that he himself is looking."""
        others = tuple(name for username, name in state.looking if username != viewer.username)
        holder = state.claimed_by or ("", "")
        return cls(others, holder[1], holder[0] == viewer.username, state.claimed_until, state.snoozed_until)


def attention_context(ticket: Ticket, viewer: Person) -> dict[str, Any]:
    """The part of a ticket's page that tells of attention."""
    row = last_open_escalation(ticket.pk)
    return {
        "calling": Calling.of(row, policy_in_force().settings.escalation) if row else None,
        "attended": Attended.seen_by(viewer, attention_now([ticket.pk]).get(ticket.pk, NOBODY)),
    }


def attend(tickets: Sequence[Ticket], viewer: Person) -> None:
    """Gives each ticket of a list `attended` and `calling`, in a handful of requests."""
    ids = [ticket.pk for ticket in tickets]
    states = attention_now(ids)
    rows = list(Escalation.objects.filter(ticket__in=ids, closed_at=None).order_by("pk"))
    rule = policy_in_force().settings.escalation if rows else EscalationRule()
    called = {row.ticket_id: Calling.of(row, rule) for row in rows}
    for ticket in tickets:
        told = Attended.seen_by(viewer, states.get(ticket.pk, NOBODY)), called.get(ticket.pk)
        vars(ticket).update(zip(("attended", "calling"), told, strict=True))
