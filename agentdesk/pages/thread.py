"""What a ticket's page shows: the thread, the actions, the runs, and who the customer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from agentdesk.pages.attending import attention_context
from agentdesk.pages.opened import OpenCard, open_cards
from agentdesk.pages.presenting import Tone, make_cards
from agentdesk.pages.queue_rows import with_rows
from agentdesk.pages.verdicts import REASONS
from agentdesk.runs.models import ACTIVE, Run, RunMode, RunStatus
from approvals.kinds import PROPOSABLE
from approvals.models import Action, ActionStatus
from tickets.models import Order, Person, Priority, Ticket
from tickets.queries import earlier_tickets, spoken_messages

RUN_TONES = {
    RunStatus.QUEUED: Tone("Queued", "clock", "info"),
    RunStatus.RUNNING: Tone("Running", "cpu", "info"),
    RunStatus.WAITING: Tone("Waits for decisions", "hourglass", "wait"),
    RunStatus.AWAITING_CUSTOMER: Tone("Asked the customer back", "mail", "info"),
    RunStatus.PAUSED: Tone("Paused", "pause", "wait"),
    RunStatus.DONE: Tone("Done", "check", "ok"),
    RunStatus.ESCALATED: Tone("Given to people", "flag", "wait"),
    RunStatus.FAILED: Tone("Failed", "alert", "bad"),
    RunStatus.CANCELLED: Tone("Cancelled", "stop", "mute"),
}
TICKET_TONES = {
    "open": Tone("Open", "inbox", "info"),
    "pending": Tone("Pending", "clock", "wait"),
    "solved": Tone("Solved", "check", "ok"),
    "closed": Tone("Closed", "cross", "mute"),
}


@dataclass(frozen=True)
class RunRow:
    """A run as a line."""

    run: Run
    tone: Tone


@dataclass(frozen=True)
class OrderBox:
    """An order of the customer with what it costs."""

    order: Order
    total: Decimal


def ticket_context(ticket: Ticket, viewer: Person, now: datetime) -> dict[str, Any]:
    """Everything the page of one ticket shows to this viewer."""
    actions = list(with_rows(Action.objects.filter(ticket=ticket)).order_by("-proposed_at", "place"))
    live = [action for action in actions if action.status in LIVE_STATUSES]
    runs = list(Run.objects.filter(ticket=ticket).order_by("-created_at")[:20])
    active = next((run for run in runs if run.status in ACTIVE and run.mode == RunMode.LIVE), None)
    opened = open_ones(live, viewer, now)
    decidable = [one.card.token for one in opened if one.card.can_decide]
    shown = {
        "ticket": ticket,
        "decidable": len(decidable),
        "all_tokens": ",".join(decidable) if len(decidable) > 1 else "",
        "status": TICKET_TONES[ticket.status],
        "thread": spoken_messages(ticket.pk),
        "open_cards": opened,
        "past_cards": open_cards_closed([one for one in actions if one.status not in LIVE_STATUSES], viewer, now),
        "runs": [RunRow(run, RUN_TONES[RunStatus(run.status)]) for run in runs],
        "active_run": active,
        "priorities": Priority.choices,
        "staff": Person.objects.filter(is_active=True).exclude(role="auditor").order_by("username"),
        "kinds": [kind for kind in PROPOSABLE.values() if kind.name != "send_reply"],
        "reasons": REASONS,
    }
    return shown | customer_context(ticket) | attention_context(ticket, viewer)


LIVE_STATUSES = frozenset({ActionStatus.WAITING, ActionStatus.APPROVED, ActionStatus.EXECUTING, ActionStatus.UNKNOWN})


def open_ones(actions: Sequence[Action], viewer: Person, now: datetime) -> list[OpenCard]:
    """What waits, in the order it would happen, with low and medium risk open at once."""
    return open_cards(sorted(actions, key=lambda action: (action.proposed_at, action.place)), viewer, now)


def open_cards_closed(actions: Sequence[Action], viewer: Person, now: datetime) -> list[Any]:
    """What is settled, as rows."""
    return make_cards([action for action in actions if action.status != ActionStatus.PLANNED], viewer, now)


def customer_context(ticket: Ticket) -> dict[str, Any]:
    """The customer's orders, ways to pay and earlier tickets."""
    orders = ticket.customer.orders.order_by("place", "order_id").prefetch_related("lines", "ledger")
    return {
        "customer": ticket.customer,
        "orders": [OrderBox(o, sum((line.price for line in o.lines.all()), Decimal("0.00"))) for o in orders],
        "methods": ticket.customer.payment_methods.order_by("payment_method_id"),
        "earlier": earlier_tickets(ticket),
    }
