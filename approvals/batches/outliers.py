"""Which actions of a group stand out, and why in words: a pure function over small values.

An outlier is no verdict. It is left out of the selection of its group, so that somebody looks at it by itself. A trait
that more than a third of the group has tells nothing odd of any of them; one of two that differ does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import log1p
from statistics import fmean, median
from uuid import UUID

FAR = 3.5
"""Robust standard deviations from the middle that are far (Iglewicz and Hoaglin 1993)."""
MAD_TO_SIGMA = 1.4826
MEAN_TO_SIGMA = 1.2533
"""What makes a standard deviation of the median and of the mean absolute deviation, where values are normal."""
LEAST_SPREAD = 0.2
"""Of log amounts: however alike a group's are, what is less than twice or more than half the middle one is near it."""
LEAST_SPREAD_OF_CONFIDENCE = 0.03
FEW = 5
"""Below so many a spread means little: only what is FEW_TIMES the middle of the others is far."""
FEW_TIMES = 10
LOW_CONFIDENCE = Decimal("0.5")


@dataclass(frozen=True)
class Rejected:
    """That a similar action was rejected lately: when, and what it shares with this one."""

    on: date
    shares: str


@dataclass(frozen=True)
class Item:
    """What is compared of one action.

    `is_new_customer`: nothing was ever executed for them, and this is their first ticket.
    """

    action_id: UUID
    digest: str
    amount: Decimal
    currency: str
    confidence: Decimal | None
    identity: str
    proposed_at: datetime
    approver: str
    is_new_customer: bool = False
    rejected: Rejected | None = None


Reasons = Mapping[UUID, tuple[str, ...]]


def find_outliers(items: Sequence[Item]) -> Reasons:
    """The outliers of a group with their reasons in words; whatever is not named belongs to the selection."""
    found: dict[UUID, list[str]] = {}
    for finder in (far_amounts, new_customers, unsure, claimed, rejected_lately):
        for action_id, reason in finder(items):
            found.setdefault(action_id, []).append(reason)
    return {action_id: tuple(reasons) for action_id, reasons in found.items()}


Found = Iterable[tuple[UUID, str]]


def far_amounts(items: Sequence[Item]) -> Found:
    """Amounts far from the middle of those in the same currency, compared as logarithms: twice is as far as half."""
    for currency in sorted({item.currency for item in items}):
        same = [item for item in items if item.currency == currency]
        is_far = far_among([float(item.amount) for item in same])
        middle = f"{median(item.amount for item in same):.2f}"
        yield from (
            (item.action_id, f"amount {item.amount:.2f} is far from the group's; the middle one is {middle}")
            for item in same
            if is_far(float(item.amount))
        )


def far_among(amounts: Sequence[float]) -> Callable[[float], bool]:
    """What tells whether an amount is far from these."""
    if len(amounts) < FEW:
        return lambda amount: is_far_from_few(amount, amounts)
    logs = [log1p(amount) for amount in amounts]
    middle, spread = median(logs), max(spread_of(logs), LEAST_SPREAD)
    return lambda amount: abs(log1p(amount) - middle) > FAR * spread


def is_far_from_few(amount: float, amounts: Sequence[float]) -> bool:
    """Whether an amount is many times the middle of the others."""
    others = sorted(amounts)
    others.remove(amount)
    return bool(others) and amount > FEW_TIMES * max(median(others), 1.0)


def spread_of(values: Sequence[float]) -> float:
    """The standard deviation as the median absolute deviation tells it, or the mean one where most values are equal."""
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    return MAD_TO_SIGMA * median(distances) or MEAN_TO_SIGMA * fmean(distances)


def new_customers(items: Sequence[Item]) -> Found:
    """Customers of whom nothing is known yet, where most are known."""
    return odd(items, lambda item: item.is_new_customer, "new customer: first ticket, nothing done for them before")


def unsure(items: Sequence[Item]) -> Found:
    """Actions far less sure than the group, unsure at all, or without a word of it, where most are surer."""
    stated = [item.confidence for item in items if item.confidence is not None]
    if not stated:
        return
    yield from odd(items, lambda item: item.confidence is None, "no confidence was stated")
    middle = median(stated)
    spread = max(spread_of([float(one) for one in stated]), LEAST_SPREAD_OF_CONFIDENCE)
    floor = max(LOW_CONFIDENCE, middle - Decimal(FAR * spread))
    low = [item for item in items if item.confidence is not None and item.confidence < floor]
    if are_few(len(low), len(items)):
        yield from ((one.action_id, f"confidence {one.confidence:.2f}; the middle one has {middle:.2f}") for one in low)


def claimed(items: Sequence[Item]) -> Found:
    """Customers whose identity is only claimed, where most are verified."""
    return odd(items, lambda item: item.identity == "claimed", "identity only claimed; the others' are verified")


def rejected_lately(items: Sequence[Item]) -> Found:
    """Those that are like one a person rejected lately; for the same customer also where that is many of them."""
    words = "a similar one was rejected on {on}: same {shares}"
    alike = [(item, item.rejected) for item in items if item.rejected is not None]
    by_product = sum(rejected.shares != "customer" for _, rejected in alike)
    for item, rejected in alike:
        if rejected.shares == "customer" or are_few(by_product, len(items)):
            yield item.action_id, words.format(on=rejected.on.isoformat(), shares=rejected.shares)


def odd(items: Sequence[Item], has_trait: Callable[[Item], bool], reason: str) -> Found:
    """Those with a trait that few of the group have."""
    those = [item for item in items if has_trait(item)]
    return ((item.action_id, reason) for item in those) if are_few(len(those), len(items)) else ()


def are_few(some: int, of_all: int) -> bool:
    """Whether so many are odd among all: up to a third of them, or one of two."""
    return 0 < some <= max(of_all // 3, 1) and of_all > 1
