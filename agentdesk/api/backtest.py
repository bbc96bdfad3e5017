"""A draft policy tried on the past: what it would have done, what people had made of it, and what nobody can know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from agentdesk.api.answers import show_time
from agentdesk.api.auth import allow
from agentdesk.api.fields import Body, JsonObject
from agentdesk.api.policy import read_policy
from agentdesk.api.schemas import NewPolicy
from agentdesk.api.shapes import ERRORS, Money, Time
from agentdesk.runs.queries import dry_run_origins
from approvals.backtest.figures import Backtest, Claim, Expected, Figures, Newly, ReviewTime
from approvals.backtest.past import Past, Window
from approvals.backtest.trying import try_policy
from approvals.models import Action
from approvals.policies import kinds_to_json, policy_in_force, require_fit

router = Router(tags=["policy"])


class NewBacktest(Body):
    """A draft, and how far back to try it. What it does not name is as in force."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"days": 30, "kinds": {"send_reply": {"mode": "auto", "min_confidence": "0.9"}}}]
        }
    )

    days: Literal[7, 30, 90]
    kinds: Annotated[JsonObject, Field(description="kinds with all their rules, as in PUT policy")] = {}
    settings: Annotated[JsonObject | None, Field(description="for all kinds, as in PUT policy")] = None


class IntervalShape(Schema):
    """Something expected in a week: its estimate and a 95 % interval. Not `is_known`: no label stands behind it."""

    low: float
    estimate: float
    high: float
    is_known: bool


class AmountIntervalShape(Schema):
    """An amount expected in a week, with its interval."""

    low: Money
    estimate: Money
    high: Money
    is_known: bool


class ReviewShape(Schema):
    """Reviewers' hours: `measured` actions by their time on screen, `estimated` by the kind's median or assumed."""

    hours: float
    measured: int
    estimated: int
    seconds_each: float
    source: Literal["measured", "median", "assumed", "none"]


class NewlyShape(Schema):
    """What would newly run by itself, by what people had made of it. Of `without_outcome` nobody knows what would have
    come: they did not happen."""

    count: int
    approved: int
    edited: int
    rejected: int
    undone: int
    undecided: int
    without_outcome: int
    amount: Money
    wrong_amount: Money


class ClaimShape(Schema):
    """How far the labels carry "at most `max_wrong` wrong": `more` clean ones are missing of the `needed`."""

    max_wrong: float
    labels: int
    wrong: int
    needed: int
    more: int


class FiguresShape(Schema):
    """One kind under the draft, or all of them. `over_ceiling` of those that wait do so because of a day's ceiling."""

    counted: int
    by_itself: int
    waits: int
    refused: int
    shadow: int
    over_ceiling: int
    amount: Money
    newly: NewlyShape
    no_longer: int
    review: ReviewShape
    expected_wrong: IntervalShape
    at_stake: AmountIntervalShape
    claim: ClaimShape


class WorstShape(Schema):
    """One action that would newly run by itself, and what people had made of it."""

    action_id: UUID
    kind: str
    summary: str
    fate: Literal["approved", "edited", "rejected", "undone", "undecided"]
    amount: Money
    confidence: float | None
    proposed_at: Time


class BacktestShape(Schema):
    """The whole answer; `days_with_actions` is how many of the days the desk has been at work."""

    days: int
    days_with_actions: float
    all: FiguresShape
    kinds: dict[str, FiguresShape]
    worst: list[WorstShape]


@router.post("/policy/backtest", auth=allow("read"), response={200: BacktestShape, **ERRORS})
def backtest_policy(request: HttpRequest, payload: NewBacktest) -> dict[str, Any]:
    """Tries a policy on what agents wanted in the last days, with the facts as judged then; publishes nothing."""
    in_force = policy_in_force()
    settings = in_force.settings.model_dump(mode="json") if payload.settings is None else payload.settings
    kinds = {**kinds_to_json(in_force), **payload.kinds}
    policy = read_policy(NewPolicy(base_version=in_force.version, kinds=kinds, settings=settings))
    require_fit(policy)
    return backtest_to_json(try_policy(policy, Window(payload.days, timezone.now(), dry_run_origins())))


def backtest_to_json(backtest: Backtest) -> dict[str, Any]:
    """A backtest's answer."""
    return {
        "days": backtest.window_days,
        "days_with_actions": round(backtest.days, 3),
        "all": figures_to_json(backtest.all_kinds),
        "kinds": {figures.kind: figures_to_json(figures) for figures in backtest.kinds},
        "worst": worst_to_json(backtest.worst),
    }


def figures_to_json(figures: Figures) -> dict[str, Any]:
    """One kind's figures."""
    counts = ("counted", "by_itself", "waits", "refused", "shadow", "over_ceiling", "no_longer")
    return {
        **{name: getattr(figures, name) for name in counts},
        "amount": f"{figures.amount:.2f}",
        "newly": newly_to_json(figures.newly),
        "review": review_to_json(figures.review),
        "expected_wrong": {name: round(value, 4) for name, value in bounds_of(figures.wrong).items()}
        | {"is_known": figures.wrong.is_known},
        "at_stake": {name: f"{value:.2f}" for name, value in bounds_of(figures.at_stake).items()}
        | {"is_known": figures.at_stake.is_known},
        "claim": claim_to_json(figures.claim),
    }


def bounds_of(expected: Expected) -> dict[str, float]:
    """An estimate with its bounds."""
    return {"low": expected.low, "estimate": expected.estimate, "high": expected.high}


def newly_to_json(newly: Newly) -> dict[str, Any]:
    """What would newly run by itself."""
    names = ("count", "approved", "edited", "rejected", "undone", "undecided", "without_outcome")
    amounts = {"amount": f"{newly.amount:.2f}", "wrong_amount": f"{newly.wrong_amount:.2f}"}
    return {**{name: getattr(newly, name) for name in names}, **amounts}


def review_to_json(review: ReviewTime) -> dict[str, Any]:
    """Reviewers' hours."""
    return {
        "hours": round(review.hours, 3),
        "measured": review.measured,
        "estimated": review.estimated,
        "seconds_each": round(review.seconds_each, 2),
        "source": review.source,
    }


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """How far the labels carry a claim."""
    return {
        "max_wrong": claim.share,
        "labels": claim.labels,
        "wrong": claim.wrong,
        "needed": claim.needed,
        "more": claim.more,
    }


def worst_to_json(worst: Sequence[Past]) -> list[dict[str, Any]]:
    """The worst of what would newly run by itself, in order."""
    rows = Action.objects.filter(pk__in=[past.action_id for past in worst])
    known = {pk: (summary, at) for pk, summary, at in rows.values_list("pk", "summary", "proposed_at")}
    return [
        {
            "action_id": UUID(past.action_id),
            "kind": past.facts.kind,
            "summary": known[UUID(past.action_id)][0],
            "fate": past.lesson.fate.word,
            "amount": f"{past.facts.amount:.2f}",
            "confidence": None if past.facts.confidence is None else float(past.facts.confidence),
            "proposed_at": show_time(known[UUID(past.action_id)][1]),
        }
        for past in worst
    ]
