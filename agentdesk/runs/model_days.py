"""What each provider's model did and cost in a day, raised with the turn it counts; and the day's budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from agentdesk.agent.bounds import Reached
from agentdesk.agent.failures import MALFORMED, Failure
from agentdesk.runs.models import EventKind, ModelDay
from tickets.rows import Raised, update_row

if TYPE_CHECKING:
    from agentdesk.runs.log import Fact

TOKENS = ("input_tokens", "cached_tokens", "output_tokens")
MODEL_CALLS = frozenset({EventKind.MODEL_ANSWERED, EventKind.RECOVERY_CHOSEN})
"""The events that can tell of a model's call, well or ill."""


def costs(model: str) -> bool:
    """Whether a model is a provider's; the house's own cost nothing and are not counted."""
    return ":" in model


def is_malformed(facts: Sequence[Fact]) -> bool:
    """Whether the turn these facts tell of was malformed: by itself, or by one of its calls."""
    return any(
        (fact.kind == EventKind.TOOL_ANSWERED and fact.data.get("malformed"))
        # The answers of an invalid turn have told of it before its recovery does.
        or (fact.kind == EventKind.RECOVERY_CHOSEN and fact.data.get("failure") in MALFORMED - {Failure.TURN_INVALID})
        for fact in facts
    )


def raise_days(facts: Sequence[Fact], at: datetime) -> None:
    """Raises the day of each provider's model these facts tell of, in the caller's transaction."""
    for fact in facts:
        if fact.kind in MODEL_CALLS and costs(fact.data.get("model", "")):
            raise_day(fact.data["model"], at.astimezone(UTC).date(), counts_of(fact, facts))


def counts_of(fact: Fact, facts: Sequence[Fact]) -> dict[str, Any]:
    """What one call adds to its model's day."""
    data, malformed = fact.data, is_malformed(facts)
    return {
        "calls": 1,
        "malformed": int(malformed),
        "failed": int(fact.kind == EventKind.RECOVERY_CHOSEN and not malformed),
        "seconds": data.get("latency_ms", 0) / 1000,
        "cost": Decimal(data.get("cost", "0")),
        **{name: data.get(name, 0) for name in TOKENS},
    }


def raise_day(model: str, day: date, counts: dict[str, Any]) -> None:
    """Adds to one model's day."""
    row = {"model": model, "day": day}
    raised = {name: Raised(value) for name, value in counts.items() if value}
    if update_row(ModelDay, row, raised, ("calls",)) is None:
        ModelDay.objects.bulk_create([ModelDay(**row)], ignore_conflicts=True)
        update_row(ModelDay, row, raised, ("calls",))


def daily_money_reached(limit: Decimal | None, now: datetime) -> Reached | None:
    """The day's budget, where today's calls have used it up; None is no limit."""
    if limit is None:
        return None
    today = ModelDay.objects.filter(day=now.astimezone(UTC).date())
    used = today.aggregate(cost=Sum("cost"))["cost"] or Decimal(0)
    return Reached("daily_money", str(limit)) if used >= limit else None
