"""Questions about runs: their events on the wire, what models did and cost, and what changed in the queue."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from agentdesk.runs.models import Event, ModelDay, Run, RunMode, Text
from approvals.models import Action, ActionStatus, AuditEntry

PAGE = 500
LOOK_BACK = 200
"""Audit ids may commit out of order; so many before the newest are looked at again."""


def events_after(run_id: UUID, seq: int, limit: int = PAGE) -> list[Event]:
    """A run's events after a seq, in order; each seq follows the one before."""
    return list(Event.objects.filter(run_id=run_id, seq__gt=seq).order_by("seq")[:limit])


def event_to_json(event: Event) -> dict[str, Any]:
    """An event on the wire."""
    return {"seq": event.seq, "kind": event.kind, "at": event.at.isoformat(), "actor": event.actor, "data": event.data}


def words_of(run_id: UUID, names: list[str]) -> dict[str, str]:
    """The words that events name, by hash; erased ones are empty, unknown ones missing."""
    return dict(Text.objects.filter(run_id=run_id, sha256__in=names).values_list("sha256", "body"))


@dataclass(frozen=True)
class ModelFigures:
    """What one model did over some days. Shares are 0 to 1; costs US dollars."""

    calls: int
    malformed: int
    failed: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    seconds: float
    cost: Decimal

    @property
    def malformed_share(self) -> float:
        """Of all calls."""
        return self.malformed / self.calls if self.calls else 0.0

    @property
    def failed_share(self) -> float:
        """Of all calls."""
        return self.failed / self.calls if self.calls else 0.0

    @property
    def cached_share(self) -> float:
        """Of the tokens it was sent."""
        return self.cached_tokens / self.input_tokens if self.input_tokens else 0.0

    @property
    def mean_seconds(self) -> float:
        """Seconds of a call."""
        return self.seconds / self.calls if self.calls else 0.0


def models_over(today: date, days: int) -> dict[str, ModelFigures]:
    """What each provider's model did in the days up to `today` (UTC), that day included; by name."""
    rows = ModelDay.objects.filter(day__gt=today - timedelta(days=days), day__lte=today).order_by("model")
    names = [field.name for field in fields(ModelFigures)]
    sums = rows.values("model").annotate(**{name: Sum(name) for name in names}).values_list("model", *names)
    return {model: ModelFigures(*figures) for model, *figures in sums}


def spent_on(day: date) -> Decimal:
    """What all models cost on a day (UTC), in US dollars."""
    return ModelDay.objects.filter(day=day).aggregate(cost=Sum("cost"))["cost"] or Decimal(0)


@dataclass(frozen=True)
class QueueCursor:
    """How far a viewer of the queue has been told: the newest audit ids it has seen, and the count."""

    newest: int
    seen: frozenset[int]
    waiting: int


@dataclass(frozen=True)
class QueueNews:
    """How many actions wait, and which changed since the cursor."""

    waiting: int
    changed: list[str]
    cursor: QueueCursor
    is_new: bool


def queue_news(cursor: QueueCursor | None) -> QueueNews:
    """What a viewer of the queue has not been told; at first only the count."""
    waiting = Action.objects.filter(status=ActionStatus.WAITING).count()
    if cursor is None:
        recent = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:LOOK_BACK]
        seen = frozenset(recent)
        return QueueNews(waiting, [], QueueCursor(max(seen, default=0), seen, waiting), True)
    floor = cursor.newest - LOOK_BACK
    entries = AuditEntry.objects.filter(pk__gt=floor, subject__startswith="action:").order_by("pk")
    fresh = {pk: subject for pk, subject in entries.values_list("pk", "subject") if pk not in cursor.seen}
    changed = list(dict.fromkeys(subject.removeprefix("action:") for subject in fresh.values()))
    newest = max(fresh, default=cursor.newest)
    seen = frozenset(pk for pk in cursor.seen | fresh.keys() if pk > newest - LOOK_BACK)
    now = QueueCursor(max(newest, cursor.newest), seen, waiting)
    return QueueNews(waiting, changed, now, bool(changed) or waiting != cursor.waiting)


def dry_run_origins() -> QuerySet[Run, Any]:
    """The origins of what was only tried: a column of ids, to be left out of statistics."""
    return Run.objects.filter(mode=RunMode.DRY_RUN).values("pk")
