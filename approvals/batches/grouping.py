"""Batches as queries: waiting actions that share kind, reason and tier, or what proposed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from approvals.models import Action, ActionStatus, Tier

REASON_WORDS: Mapping[str, str] = {
    "person": "a person proposed it",
    "kind_reviewed": "always reviewed",
    "drafted": "only drafted",
    "never_by_itself": "never by itself",
    "no_confidence": "no confidence stated",
    "outside_share": "outside the share that runs by itself",
    "amount": "amount over the limit",
    "identity": "identity only claimed",
    "paused": "paused by an admin",
    "looser": "asked before the policy became looser",
    "": "waits",
}
"""What actions of a group wait for; other reasons read as they are keyed."""
CENT = Decimal("0.01")


@dataclass(frozen=True)
class GroupId:
    """What the actions of a group share: the values are the id, `kind~reason_key~tier` in addresses."""

    kind: str
    reason_key: str
    tier: str

    def __str__(self) -> str:
        return f"{self.kind}~{self.reason_key}~{self.tier}"

    @property
    def reason(self) -> str:
        """What they wait for, in words."""
        return REASON_WORDS.get(self.reason_key, self.reason_key.replace("_", " "))


BatchId = GroupId | UUID


def read_batch_id(text: str) -> BatchId | None:
    """A group's values or an origin; none for anything else."""
    parts = text.split("~")
    if len(parts) == 3:
        kind, reason_key, tier = parts
        return GroupId(kind, reason_key, tier) if tier in Tier.values and "\0" not in text else None
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Exposure:
    """What is at stake in one currency."""

    currency: str
    total: Decimal
    largest: Decimal


@dataclass(frozen=True)
class Batch:
    """A batch in figures: how many wait, since when, and what is at stake, the largest sum first."""

    id: BatchId
    count: int
    oldest: datetime
    exposures: tuple[Exposure, ...]


def waiting_now(now: datetime, *, with_snoozed: bool = False) -> QuerySet[Action]:
    """What waits for a person; a ticket that was put off takes its actions along until it comes back."""
    rows = Action.objects.filter(status=ActionStatus.WAITING)
    return rows if with_snoozed else rows.exclude(ticket__snoozed_until__gt=now)


def members_of(rows: QuerySet[Action], batch: BatchId) -> QuerySet[Action]:
    """The waiting actions of a batch, oldest first; those of an origin in the order they were proposed."""
    if isinstance(batch, UUID):
        return rows.filter(origin=batch).order_by("place")
    wanted = rows.filter(kind=batch.kind, reason_key=batch.reason_key, tier=batch.tier)
    return wanted.order_by("proposed_at", "id")


def group_actions(rows: QuerySet[Action]) -> list[Batch]:
    """The groups of these actions in one request, what has waited longest first."""
    found = figures_of(rows, "kind", "reason_key", "tier")
    batches = merge((GroupId(row["kind"], row["reason_key"], row["tier"]), row) for row in found)
    return sorted(batches, key=lambda batch: (batch.oldest, str(batch.id)))


OriginKey = tuple[datetime, UUID]


def group_by_origin(rows: QuerySet[Action], *, after: OriginKey | None, limit: int) -> list[Batch]:
    """Some origins with what waits of them, what has waited longest first, from behind a key on."""
    heads = rows.order_by().values("origin").annotate(oldest=Min("proposed_at")).order_by("oldest", "origin")
    if after is not None:
        heads = heads.filter(Q(oldest__gt=after[0]) | Q(oldest=after[0], origin__gt=after[1]))
    heads = heads[:limit]
    places: dict[BatchId, int] = {head["origin"]: place for place, head in enumerate(heads)}
    found = figures_of(rows.filter(origin__in=[head["origin"] for head in heads]), "origin")
    return sorted(merge((row["origin"], row) for row in found), key=lambda batch: places[batch.id])


def figure_batch(rows: QuerySet[Action], batch: BatchId) -> Batch | None:
    """One batch in figures; none where nothing waits in it."""
    found = figures_of(members_of(rows, batch), "status")
    return next(iter(merge((batch, row) for row in found)), None)


def figures_of(rows: QuerySet[Action], *shared: str) -> Iterable[dict[str, Any]]:
    """Figures of the actions that share these values and a currency."""
    figures = {"many": Count("pk"), "total": Sum("amount"), "largest": Max("amount"), "oldest": Min("proposed_at")}
    found: Iterable[dict[str, Any]] = rows.order_by().values(*shared, "currency").annotate(**figures)
    return found


def merge(found: Iterable[tuple[Any, Mapping[str, Any]]]) -> list[Batch]:
    """The batches of rows that are one per currency."""
    rows: dict[BatchId, list[Mapping[str, Any]]] = {}
    for batch, row in found:
        rows.setdefault(batch, []).append(row)
    return [
        Batch(
            batch,
            sum(part["many"] for part in parts),
            min(part["oldest"] for part in parts),
            largest_first(Exposure(p["currency"], cents(p["total"]), cents(p["largest"])) for p in parts),
        )
        for batch, parts in rows.items()
    ]


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents: SQLite adds decimals up as floating point."""
    return Decimal(amount).quantize(CENT)


def largest_first(exposures: Iterable[Exposure]) -> tuple[Exposure, ...]:
    """What is at stake, without the currencies in which nothing is, the largest sum first."""
    at_stake = [one for one in exposures if one.total]
    return tuple(sorted(at_stake, key=lambda one: (-one.total, one.currency)))
