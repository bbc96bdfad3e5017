"""The actions of a group as they are compared: what is known of their customers, and what was rejected lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from approvals.batches.grouping import CENT, Exposure, GroupId, largest_first, members_of
from approvals.batches.outliers import Item, Reasons, Rejected, find_outliers
from approvals.kinds import CATALOGUE
from approvals.models import Action, ActionStatus
from tickets.models import Ticket

LATELY = timedelta(days=30)
"""How long a rejection speaks against what is like the rejected."""
MOST_REJECTED = 1000
NAMING_ITEMS = frozenset(
    name for name, kind in CATALOGUE.items() if {"item_ids", "changes"} & kind.arguments.model_fields.keys()
)
"""Kinds whose arguments say which items of an order they are about."""


@dataclass(frozen=True)
class Members:
    """A group's actions in order, and those of them that stand out."""

    items: tuple[Item, ...]
    outliers: Reasons

    @property
    def selected(self) -> tuple[Item, ...]:
        """What the group's selection takes: all but the outliers."""
        return tuple(item for item in self.items if item.action_id not in self.outliers)

    @property
    def left_out(self) -> tuple[Item, ...]:
        """The outliers, in order."""
        return tuple(item for item in self.items if item.action_id in self.outliers)


def look_into(rows: QuerySet[Action], group: GroupId, now: datetime) -> Members:
    """Reads a group of these actions, in two requests, and finds what stands out in it."""
    items = tuple(read_items(members_of(rows, group), group.kind, now))
    return Members(items, find_outliers(items))


def read_items(rows: QuerySet[Action], kind: str, now: datetime) -> Iterable[Item]:
    """The actions as values, in the order of the rows."""
    done = Action.objects.filter(customer=OuterRef("customer"), status=ActionStatus.EXECUTED)
    earlier = Ticket.objects.filter(customer=OuterRef("customer"), pk__lt=OuterRef("ticket"))
    names = ("pk", "digest", "amount", "currency", "confidence", "ticket__identity", "proposed_at", "approver")
    more = ("arguments",) if kind in NAMING_ITEMS else ()
    found = rows.annotate(is_known=Exists(done) | Exists(earlier)).values_list(*names, "is_known", "customer_id", *more)
    rejections = Rejections.read(kind, now)
    for pk, digest, amount, currency, confidence, identity, at, approver, is_known, customer_id, *arguments in found:
        rejected = rejections.like(customer_id, arguments[0] if arguments else {})
        yield Item(pk, digest, amount, currency, confidence, identity, at, approver, not is_known, rejected)


@dataclass(frozen=True)
class Rejections:
    """What people rejected of a kind lately: when last, by customer and by item."""

    customers: Mapping[str, date]
    items: Mapping[str, date]

    @classmethod
    def read(cls, kind: str, now: datetime) -> Rejections:
        """Those of the last 30 days."""
        rejected = Action.objects.filter(kind=kind, status=ActionStatus.REJECTED, settled_at__gte=now - LATELY)
        names = ("settled_at", "customer_id", "arguments") if kind in NAMING_ITEMS else ("settled_at", "customer_id")
        customers: dict[str, date] = {}
        items: dict[str, date] = {}
        for at, customer_id, *arguments in rejected.order_by("-settled_at").values_list(*names)[:MOST_REJECTED]:
            customers.setdefault(customer_id, at.date())
            for item_id in items_named(arguments[0] if arguments else {}):
                items.setdefault(item_id, at.date())
        return cls(customers, items)

    def like(self, customer_id: str, arguments: Mapping[str, Any]) -> Rejected | None:
        """The newest rejection of what has the same customer, else of what has the same item."""
        if customer_id in self.customers:
            return Rejected(self.customers[customer_id], "customer")
        named = [item_id for item_id in items_named(arguments) if item_id in self.items]
        return Rejected(self.items[named[0]], f"item {named[0]}") if named else None


def items_named(arguments: Mapping[str, Any]) -> list[str]:
    """The items of an order that arguments name."""
    changed = (change["item_id"] for change in arguments.get("changes", ()))
    return list(chain(arguments.get("item_ids", ()), changed))


def exposures_of(items: Iterable[Item]) -> tuple[Exposure, ...]:
    """What is at stake in some of a group, per currency."""
    amounts: dict[str, list[Decimal]] = {}
    for item in items:
        amounts.setdefault(item.currency, []).append(item.amount)
    return largest_first(
        Exposure(currency, sum(these, Decimal(0)).quantize(CENT), max(these)) for currency, these in amounts.items()
    )
