"""Which tickets a dry run report is about: a selection in a few fields, and what it holds at one moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.db.models import Exists, OuterRef, QuerySet
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from agentdesk.agent.categories import Category
from tickets.models import Direction, Message, Ticket

MOST_TICKETS = 200
"""How many tickets one report takes."""
Tag = Annotated[str, StringConstraints(min_length=1, max_length=50, strip_whitespace=True, pattern=r"^[^\x00]*$")]
"""A tag as both databases keep it."""
FIRST_DAY, LAST_DAY = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Between them a moment can be counted with in any time zone."""
Several = Field(max_length=20)


class Selection(BaseModel):
    """Which tickets; what is left empty does not narrow. `updated_within` is in hours before the report is made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Annotated[tuple[Literal["open", "pending", "solved", "closed"], ...], Several] = ("open",)
    category: Annotated[tuple[Category, ...], Several] = ()
    priority: Annotated[tuple[Literal["low", "normal", "high", "urgent"], ...], Several] = ()
    tags: Annotated[tuple[Tag, ...], Several] = ()
    updated_since: Annotated[AwareDatetime | None, Field(ge=FIRST_DAY, le=LAST_DAY)] = None
    updated_within: Annotated[int | None, Field(ge=1, le=24 * 366)] = None
    limit: Annotated[int, Field(ge=1, le=MOST_TICKETS)] = 50


def select_tickets(selection: Selection, now: datetime) -> list[dict[str, Any]]:
    """The tickets of a selection, what was touched last first, each with why it is skipped, or nothing."""
    written = Message.objects.filter(ticket=OuterRef("pk"), direction=Direction.INBOUND, withdrawn=False)
    tickets = narrow(Ticket.objects.annotate(has_letter=Exists(written)), selection, now)
    found = [ticket for ticket in tickets.order_by("-updated_at", "-pk") if has_tags(ticket, selection.tags)]
    return [{"ticket_id": ticket.pk, "skipped": why_skipped(ticket)} for ticket in found[: selection.limit]]


def narrow(tickets: QuerySet[Ticket], selection: Selection, now: datetime) -> QuerySet[Ticket]:
    """Those that fit all columns of a selection."""
    lists = {"status": selection.status, "category": selection.category, "priority": selection.priority}
    wanted: dict[str, Any] = {f"{name}__in": values for name, values in lists.items() if values}
    since = [selection.updated_since] if selection.updated_since else []
    if selection.updated_within is not None:
        since.append(now - timedelta(hours=selection.updated_within))
    if since:
        wanted["updated_at__gte"] = max(since)
    return tickets.filter(**wanted)


def has_tags(ticket: Ticket, tags: tuple[str, ...]) -> bool:
    """Whether a ticket has all of these tags; both databases keep them as JSON and search them differently."""
    return set(tags) <= set(ticket.tags)


def why_skipped(ticket: Ticket) -> str:
    """Why the agent has nothing to do on a ticket; empty where it has."""
    if ticket.status == "closed":
        return "It is closed."
    return "" if getattr(ticket, "has_letter", True) else "The customer has not written in it."
