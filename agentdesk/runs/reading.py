"""Reading a dry run report: what each ticket's plan comes to, what all of them come to, the riskiest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agentdesk.runs.models import DryRunReport, Run, RunStatus
from approvals.models import Action, ActionStatus, Verdict
from tickets.models import Ticket

BY_ITSELF, WAITS, REFUSED, SHADOW = "by_itself", "waits", "refused", "shadow"
WORKING, NO_PLAN, SKIPPED, NOTHING = "working", "no_plan", "skipped", "nothing"
TIER_RANKS = {"low": 0, "medium": 1, "high": 2}
SHADOW_KEY = "shadow"


def outcome_of(action: Action) -> str:
    """What the policy it was judged by would do with a planned action."""
    if action.status == ActionStatus.REFUSED:
        return REFUSED
    if action.reason_key == SHADOW_KEY:
        return SHADOW
    return BY_ITSELF if action.verdict == Verdict.ALLOW else WAITS


@dataclass(frozen=True)
class TicketPlan:
    """What the agent would do on one ticket of a report, or why there is no plan."""

    ticket: Ticket
    run: Run | None
    actions: Sequence[Action]
    skipped: str = ""
    live: Run | None = None
    live_actions: Sequence[Action] = ()

    @property
    def outcome(self) -> str:
        """The worst that would become of the plan."""
        if self.run is None:
            return SKIPPED if self.skipped else WORKING
        if self.run.is_active:
            return WORKING
        if self.run.status != RunStatus.DONE:
            return NO_PLAN
        found = {outcome_of(action) for action in self.actions}
        return next((worst for worst in (REFUSED, WAITS, SHADOW, BY_ITSELF) if worst in found), NOTHING)

    @property
    def can_be_submitted(self) -> bool:
        """Whether there is a plan nobody submitted yet."""
        is_done = self.run is not None and self.run.status == RunStatus.DONE
        return is_done and self.live is None and any(one.status == ActionStatus.PLANNED for one in self.actions)

    @property
    def risk(self) -> tuple[Any, ...]:
        """What sorts the riskiest first: no plan, refused, risk tier, findings, money, least sure."""
        planned = [action for action in self.actions if action.status == ActionStatus.PLANNED]
        asked = [action for action in planned if outcome_of(action) == WAITS]
        order = (NO_PLAN, REFUSED, WAITS, SHADOW, BY_ITSELF, NOTHING, WORKING, SKIPPED)
        tier = max((TIER_RANKS[action.tier] for action in asked), default=0)
        found = sum(len(action.findings) for action in planned)
        sure = min((action.confidence or Decimal(0) for action in asked), default=Decimal(1))
        return (order.index(self.outcome), -tier, -found, -self.amount, sure, self.ticket.pk)

    @property
    def amount(self) -> Decimal:
        """The money at stake in the plan."""
        return sum((one.amount for one in self.actions if one.status == ActionStatus.PLANNED), Decimal("0.00"))


@dataclass
class Totals:
    """What a report comes to: tickets and actions by what would become of them, money by kind and currency, cost."""

    tickets: int = 0
    done: int = 0
    by_outcome: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    actions: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stakes: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    cost: Decimal = Decimal(0)

    @property
    def is_finished(self) -> bool:
        """Whether no dry run of the report is still under way."""
        return self.done == self.tickets


def read_report(report: DryRunReport) -> list[TicketPlan]:
    """Every ticket of a report with its plan, the riskiest first; a fixed number of queries."""
    runs = {run.ticket_id: run for run in Run.objects.filter(report=report).select_related("live_copy")}
    live = {run.pk: getattr(run, "live_copy", None) for run in runs.values()}
    actions = actions_by_origin([*live, *(copy.pk for copy in live.values() if copy)])
    tickets = Ticket.objects.select_related("customer").in_bulk([entry["ticket_id"] for entry in report.tickets])
    plans = []
    for entry in report.tickets:
        run = runs.get(entry["ticket_id"])
        copy = live[run.pk] if run else None
        plans.append(
            TicketPlan(
                ticket=tickets[entry["ticket_id"]],
                run=run,
                actions=actions[run.pk] if run else (),
                skipped=entry["skipped"],
                live=copy,
                live_actions=actions[copy.pk] if copy else (),
            )
        )
    return sorted(plans, key=lambda plan: plan.risk)


def actions_by_origin(origins: Iterable[UUID]) -> Mapping[UUID, list[Action]]:
    """The actions of these runs, each in their order."""
    rows: QuerySet[Action] = Action.objects.filter(origin__in=list(origins)).select_related("customer")
    found: dict[UUID, list[Action]] = defaultdict(list)
    for action in rows.order_by("origin", "place"):
        found[action.origin].append(action)
    return found


def add_up(plans: Iterable[TicketPlan]) -> Totals:
    """What these plans come to."""
    totals = Totals()
    for plan in plans:
        totals.tickets += 1
        totals.done += plan.outcome != WORKING
        totals.by_outcome[plan.outcome] += 1
        totals.cost += plan.run.cost if plan.run else 0
        for action in plan.actions:
            totals.actions[outcome_of(action)] += 1
            if action.amount and action.status == ActionStatus.PLANNED:
                totals.stakes[action.kind, action.currency] += action.amount
    return totals
