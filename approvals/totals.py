"""The day's ceilings: what ran by itself is counted in the gate's transaction, last, by a conditional UPDATE."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import F
from django.db.models.functions import Round

from approvals.models import Action, DayTotal, Decision
from approvals.policy import Policy

ALL_KINDS = "*"


class CeilingReached(Exception):
    """The day's ceiling for what runs by itself is reached."""


def raise_day_total(action: Action, policy: Policy, now: datetime) -> None:
    """Adds an amount that ran by itself to its day. Raises CeilingReached; nothing a person approved is counted."""
    if action.amount == 0 or Decision.objects.filter(action=action, revision=action.revision).exists():
        return
    day = now.date()
    raise_total(action.kind, day, action.amount, policy.of(action.kind).daily_amount)
    raise_total(ALL_KINDS, day, action.amount, policy.settings.daily_amount)


def raise_total(kind: str, day: date, amount: Decimal, ceiling: Decimal | None) -> None:
    """One counter of one day, raised unless it would pass the ceiling."""
    DayTotal.objects.bulk_create([DayTotal(kind=kind, day=day)], ignore_conflicts=True)
    rows = DayTotal.objects.filter(kind=kind, day=day)
    if ceiling is not None:
        rows = rows.filter(amount__lte=ceiling - amount)
    if not rows.update(amount=Round(F("amount") + amount, precision=2)):
        raise CeilingReached(f"{CeilingReached.__doc__} ({ceiling:.2f})")


def totals_on(day: date) -> dict[str, Decimal]:
    """What each kind moved by itself on a day (UTC), and all together under `ALL_KINDS`."""
    return dict(DayTotal.objects.filter(day=day).values_list("kind", "amount"))
