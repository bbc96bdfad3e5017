"""Set a ticket's status, priority or tags."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from approvals.kinds.catalogue_entry import ActionKind, Arguments, Refusal
from tickets.effects import ChangeField, Effect
from tickets.records import DeskView, field_value


class SetTicket(Arguments):
    """At least one of the three; what is not named stays."""

    status: Literal["open", "pending", "solved", "closed"] | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    tags: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=50)], ...], Field(max_length=30)] | None = None

    @model_validator(mode="after")
    def names_something(self) -> SetTicket:
        """An action that sets nothing is a mistake."""
        if self.status is None and self.priority is None and self.tags is None:
            raise ValueError("name a status, a priority or tags")
        return self


def wanted(arguments: SetTicket) -> dict[str, Any]:
    """The fields to set, in a fixed order."""
    tags = None if arguments.tags is None else sorted(set(arguments.tags))
    fields = {"status": arguments.status, "priority": arguments.priority, "tags": tags}
    return {name: value for name, value in fields.items() if value is not None}


def plan(arguments: SetTicket, view: DeskView) -> list[Effect]:
    """Changes the fields that are not so already."""
    record = f"ticket:{view.ticket.ticket_id}"
    effects: list[Effect] = []
    for name, after in wanted(arguments).items():
        before = field_value(view, record, name)
        if before != after:
            effects.append(ChangeField(record, name, before, after))
    if not effects:
        raise Refusal("The ticket is already so.")
    return effects


def summary(arguments: SetTicket, view: DeskView) -> str:
    """One sentence for the queue."""
    parts = [f"{name} to {', '.join(value) if name == 'tags' else value}" for name, value in wanted(arguments).items()]
    return f"Set the ticket's {' and '.join(parts)}"


KIND = ActionKind(
    name="set_ticket",
    title="Set ticket",
    description=(
        "Set the ticket's status (open, pending = waits for the customer, solved, closed), priority or tags. Solving a "
        "ticket after a reply is a call of its own, after the reply."
    ),
    arguments=SetTicket,
    plan=plan,
    summary=summary,
    reads=lambda arguments: frozenset({"thread"}),
    takes_closed_tickets=True,
    undo_while="the ticket is still as it was set",
    reversed_by="set_ticket",
)
