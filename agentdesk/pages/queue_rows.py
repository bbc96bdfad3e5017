"""What stands in the queue: waiting actions by age, fifty to a page, each batch whole on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q, QuerySet

from agentdesk.pages.attending import Attended, attend
from agentdesk.pages.presenting import ActionCard, Surroundings, make_card, surroundings_of
from approvals.batches.grouping import waiting_now
from approvals.models import Action, ActionStatus
from approvals.policy import RANKS, suffices
from tickets.models import Person, Ticket

PAGE = 50
ROW_FIELDS = (
    "origin", "kind", "status", "status_reason", "summary", "digest", "revision", "previous_effects", "tier", "amount",
    "currency", "reasons", "findings", "approver", "approvals_needed", "confidence", "rationale", "depends_on",
    "proposed_at", "expires_at", "execute_after", "ticket__subject", "customer__first_name", "customer__last_name",
    "customer__email",
)  # fmt: skip
"""What a row shows; the plan itself is read when its preview is opened."""


@dataclass(frozen=True)
class Filters:
    """Which of the waiting actions are wanted; empty means all."""

    kind: str = ""
    tier: str = ""
    mine: bool = False
    snoozed: bool = False

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """From a query string."""
        kind, tier = (asked.get(name, "").replace("\0", "") for name in ("kind", "tier"))
        return cls(kind, tier, asked.get("mine") == "1", asked.get("snoozed") == "1")

    @property
    def address(self) -> str:
        """As a query string, after others."""
        asked = {"kind": self.kind, "tier": self.tier, "mine": self.mine and 1, "snoozed": self.snoozed and 1}
        return "".join(f"&{name}={quote(str(value))}" for name, value in asked.items() if value)

    def waiting(self, viewer: Person, now: datetime) -> QuerySet[Action]:
        """All that waits and fits; of tickets that were put off only where it is asked for."""
        return self.apply(waiting_now(now, with_snoozed=self.snoozed), viewer)

    def apply(self, rows: QuerySet[Action], viewer: Person) -> QuerySet[Action]:
        """The rows that fit."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.tier:
            rows = rows.filter(tier=self.tier)
        if self.mine:
            rows = rows.filter(approver__in=[role for role in RANKS if suffices(viewer.role, role)])
        return rows


@dataclass(frozen=True)
class Batch:
    """The waiting actions of one run, or one proposal from elsewhere."""

    origin: UUID
    ticket: Ticket
    why: str
    cards: list[ActionCard] = field(default_factory=list)

    @property
    def key(self) -> tuple[object, ...]:
        """All that the batch shows while its rows are closed."""
        first = self.cards[0].action
        return (self.origin, str(first.customer), attended_as_told(first), *(card.key for card in self.cards))

    @property
    def total(self) -> Decimal:
        """What is at stake in all of it."""
        return sum((card.action.amount for card in self.cards), Decimal("0.00"))

    @property
    def decidable(self) -> list[ActionCard]:
        """Those that this viewer could decide."""
        return [card for card in self.cards if card.can_decide]

    @property
    def tokens(self) -> str:
        """What *Approve all* names: every action of the batch with the digest on screen."""
        return ",".join(card.token for card in self.decidable)


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue and the key of the next."""

    batches: list[Batch]
    next_key: str


def as_rows(rows: QuerySet[Action]) -> QuerySet[Action]:
    """Actions, oldest first, with what a row says of them and no more."""
    return with_rows(rows.order_by("proposed_at", "id")).only(*ROW_FIELDS)


def with_rows(rows: QuerySet[Action]) -> QuerySet[Action]:
    """The actions with ticket and customer."""
    return rows.select_related("ticket", "customer")


def queue_page(filters: Filters, after: str, viewer: Person, now: datetime) -> QueuePage:
    """The page behind a key; a batch stands whole where its first action does."""
    wanted = as_rows(filters.waiting(viewer, now))
    start = read_key(after)
    rows = list(wanted.filter(past(start))[: PAGE + 1] if start else wanted[: PAGE + 1])
    next_key = write_key(rows[PAGE - 1].proposed_at, rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    page = rows[:PAGE]
    if start or next_key:
        page = whole_batches(page, start, keys_beside(page, filters, viewer, now))
    tell_put_off(page, filters, viewer)
    return QueuePage(group(page, surroundings_of(page, viewer, now)), next_key)


def tell_put_off(actions: Iterable[Action], filters: Filters, viewer: Person) -> None:
    """Where tickets that were put off are shown, they say so; who looks or is at work is told by the socket alone."""
    if filters.snoozed:
        attend([action.ticket for action in actions], viewer)


def attended_as_told(action: Action) -> Attended | None:
    """What the row says of people's attention to its ticket when it is rendered."""
    told: Attended | None = vars(action.ticket).get("attended")
    return told


Key = tuple[datetime, UUID]


def past(key: Key) -> Q:
    """What comes after a key, in order of proposal; the first condition alone is what an index can use."""
    at, pk = key
    return Q(proposed_at__gte=at) & (Q(proposed_at__gt=at) | Q(pk__gt=pk))


def write_key(at: datetime, pk: UUID) -> str:
    """A key as it stands in an address."""
    return f"{at.isoformat()}~{pk}"


def read_key(text: str) -> Key | None:
    """The key in an address; none for anything else."""
    at, _, pk = text.partition("~")
    try:
        key = datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        return None
    return key if key[0].tzinfo is not None else None


def keys_beside(page: list[Action], filters: Filters, viewer: Person, now: datetime) -> list[tuple[UUID, Key]]:
    """Origin and key of all that waits and fits of the same origins as a page's rows.

    They are found by their origin alone, which is an index; whether they wait, and are shown, is looked at here.
    """
    same = filters.apply(Action.objects.filter(origin__in={action.origin for action in page}), viewer)
    found = same.order_by().values_list("origin", "status", "proposed_at", "pk", "ticket__snoozed_until")
    return [
        (origin, (at, pk))
        for origin, status, at, pk, until in found
        if status == ActionStatus.WAITING and (filters.snoozed or until is None or until <= now)
    ]


def whole_batches(page: list[Action], start: Key | None, keys: list[tuple[UUID, Key]]) -> list[Action]:
    """Adds what the page's end would cut off its batches, and leaves out batches that an earlier page has shown.

    `keys` are the origins and keys of all that waits beside the page's rows.
    """
    begun = {origin for origin, key in keys if start is not None and key <= start}
    shown = {action.pk for action in page}
    missing = [pk for origin, (_, pk) in keys if origin not in begun and pk not in shown]
    whole = [*page, *as_rows(Action.objects.filter(pk__in=missing))] if missing else page
    return [action for action in whole if action.origin not in begun]


def group(page: Iterable[Action], around: Surroundings) -> list[Batch]:
    """The actions by what proposed them, batches in order of their first."""
    batches: dict[UUID, Batch] = {}
    for action in page:
        batch = batches.get(action.origin)
        if batch is None:
            batch = batches[action.origin] = Batch(action.origin, action.ticket, action.rationale)
        batch.cards.append(make_card(action, around))
    return list(batches.values())
