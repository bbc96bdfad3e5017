"""The inbox's questions: which tickets a saved view holds, how many each holds, and how their runs stand."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet, TextChoices, Value
from django.db.models.functions import Concat

from agentdesk.pages.attending import attend
from agentdesk.pages.keyset import LARGEST_ID, Page, page_by_time
from agentdesk.runs.models import Run, RunMode
from approvals.models import Action, ActionStatus, Escalation
from tickets.models import Order, Person, Ticket, TicketStatus

PAGE = 50
LONGEST_SEARCH = 200
MOST_WORDS = 6
ORDER = re.compile(r"(?i)\s*#?(w\d{3,30})\s*")
NUMBER = re.compile(r"(?i)\s*(?:t-|#)?(\d{1,18})\s*")


class SavedView(TextChoices):
    """The views everyone has."""

    WAITING = "waiting", "Waiting for decision"
    ESCALATED = "escalated", "Escalated"
    OPEN = "open", "Open"
    PENDING = "pending", "Pending"
    SOLVED = "solved", "Solved"
    ALL = "all", "All"
    MINE = "mine", "Mine"
    CALLED = "called", "Called for you"
    NOT_NOW = "not_now", "Not now"


def is_waiting() -> Q:
    """A ticket with an action that waits for a person."""
    return Q(pk__in=Action.objects.filter(status=ActionStatus.WAITING).values("ticket_id"))


def is_called(person: Person) -> Q:
    """A ticket that waits for somebody of this person's role, its deadline still to come."""
    waiting = Escalation.objects.filter(closed_at=None, lapsed_at=None, role=person.role)
    return Q(pk__in=waiting.values("ticket_id"))


def is_up(now: datetime, path: str = "") -> Q:
    """A ticket that is not put off; one whose time has come is back, swept or not."""
    return Q(**{f"{path}snoozed_until": None}) | Q(**{f"{path}snoozed_until__lte": now})


def condition_of(view: str, person: Person, now: datetime) -> Q:
    """What a saved view holds, for this person. What was put off waits for nobody, but people called stay called."""
    conditions: dict[str, Q] = {
        SavedView.WAITING: is_waiting() & is_up(now),
        SavedView.ESCALATED: Q(escalation__isnull=False),
        SavedView.OPEN: Q(status=TicketStatus.OPEN) & is_up(now),
        SavedView.PENDING: Q(status=TicketStatus.PENDING) & is_up(now),
        SavedView.SOLVED: Q(status=TicketStatus.SOLVED),
        SavedView.MINE: Q(assignee=person) & is_up(now),
        SavedView.CALLED: is_called(person),
        SavedView.NOT_NOW: Q(snoozed_until__gt=now),
    }
    return conditions.get(view, Q(pk__isnull=False))


def count_views(person: Person, now: datetime) -> list[tuple[str, str, int]]:
    """Each saved view's value, words and number of tickets, in two requests."""
    in_one = [view for view in SavedView if view != SavedView.WAITING]
    counts = Ticket.objects.aggregate(
        **{f"of_{view}": Count("pk", filter=condition_of(view, person, now)) for view in in_one}
    )
    waiting = Action.objects.filter(is_up(now, "ticket__"), status=ActionStatus.WAITING)
    counts["of_waiting"] = waiting.aggregate(many=Count("ticket", distinct=True))["many"]
    return [(view.value, str(view.label), counts[f"of_{view}"]) for view in SavedView]


def find_tickets(view: str, search: str, person: Person, now: datetime) -> QuerySet[Ticket]:
    """The tickets of a view, narrowed to a search by number, subject, customer or an order of the customer's."""
    tickets = Ticket.objects.filter(condition_of(view, person, now)).select_related("customer", "assignee")
    number = NUMBER.fullmatch(search)
    if number and int(number[1]) <= LARGEST_ID:
        return tickets.filter(Q(pk=int(number[1])) | Q(subject__icontains=search.strip()))
    order = ORDER.fullmatch(search)
    if order:
        owner = Order.objects.filter(pk__iexact=f"#{order[1]}").values("customer")
        return tickets.filter(Q(customer__in=owner) | Q(subject__icontains=order[1]))
    if search.strip():
        tickets = tickets.annotate(
            customer_name=Concat(F("customer__first_name"), Value(" "), F("customer__last_name"))
        )
    for word in search.split()[:MOST_WORDS]:
        tickets = tickets.filter(
            Q(subject__icontains=word) | Q(customer_name__icontains=word) | Q(customer__email__icontains=word)
        )
    return tickets


def page_tickets(tickets: QuerySet[Ticket], cursor: str, viewer: Person) -> Page[Ticket]:
    """One page, what was touched last first; each ticket has `live_run`, its newest, or None, and its attention."""
    page = page_by_time(tickets, "updated_at", cursor, PAGE)
    newest: dict[int, Run] = {}
    runs = Run.objects.filter(ticket_id__in=[ticket.pk for ticket in page.rows], mode=RunMode.LIVE)
    for run in runs.order_by("created_at").only("pk", "ticket_id", "status", "mode"):
        newest[run.ticket_id] = run
    for ticket in page.rows:
        setattr(ticket, "live_run", newest.get(ticket.pk))  # noqa: B010
    attend(page.rows, viewer)
    return page
