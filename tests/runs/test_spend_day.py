"""What models cost in a day is raised with the turns it counts; at the day's budget runs are handed over."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from agentdesk.agent.agent_settings import AgentSettings
from agentdesk.agent.language_model import Request, Turn, Usage
from agentdesk.agent.scripted import ScriptedModel
from agentdesk.runs.agent_versions import publish_agent
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Event, ModelDay, Run
from tests.runs.script import call

pytestmark = pytest.mark.django_db

USED = Usage(1000, 50, "0.40", cached_tokens=800)
LOOK = Turn(tool_calls=call(1, "list_orders").tool_calls, usage=USED)
END = Turn("All of it is done.", usage=USED)


def limit_day(money: str) -> None:
    settings = AgentSettings(daily_money=Decimal(money))
    publish_agent(settings, base_version=0, note="", by=None, now=timezone.now())


def advance(run: Run, *turns: Turn, name: str = "prov:a") -> Run:
    advance_run(run.pk, model=ScriptedModel(turns, name))
    run.refresh_from_db()
    return run


def test_a_turn_raises_its_models_day(run: Run) -> None:
    advance(run, LOOK, END)
    day = ModelDay.objects.get()
    assert (day.model, day.day) == ("prov:a", timezone.now().astimezone(UTC).date())
    assert (day.calls, day.input_tokens, day.cached_tokens, day.output_tokens) == (2, 2000, 1600, 100)
    assert (day.cost, day.malformed, day.failed) == (Decimal("0.80"), 0, 0)
    assert (run.input_tokens, run.cached_tokens, run.cost) == (2000, 1600, Decimal("0.80"))


def test_a_day_is_a_day_of_utc(run: Run) -> None:
    moment = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    advance_run(run.pk, model=ScriptedModel([END], "prov:a"), clock=lambda: moment)
    assert ModelDay.objects.get().day.isoformat() == "2026-03-01"


def test_the_houses_own_models_are_not_counted(run: Run) -> None:
    advance(run, LOOK, END, name="offline")
    assert not ModelDay.objects.exists()


def test_a_turn_that_is_not_kept_is_not_counted(run: Run) -> None:
    def stolen(request: Request) -> Turn:
        Run.objects.filter(pk=run.pk).update(fence=99)
        return LOOK

    advance_run(run.pk, model=ScriptedModel([stolen], "prov:a"))
    assert not ModelDay.objects.exists()


def test_the_days_budget_is_a_bound(run: Run) -> None:
    limit_day("0.80")
    advance(run, LOOK, LOOK, END)
    assert (run.status, run.steps) == ("escalated", 2)
    assert run.reason == "The agent reached a bound: daily money 0.80."
    assert Event.objects.get(run=run, kind="bound.reached").data == {"bound": "daily_money", "limit": "0.80"}


def test_the_budget_counts_every_model_and_only_today(run: Run) -> None:
    limit_day("1.00")
    today = timezone.now().astimezone(UTC).date()
    ModelDay.objects.create(model="prov:b", day=today.replace(year=2020, day=1), cost=Decimal(50))
    assert advance(run, LOOK, END).status == "done"


def test_another_models_cost_counts(run: Run) -> None:
    limit_day("1.00")
    ModelDay.objects.create(model="prov:b", day=timezone.now().astimezone(UTC).date(), cost=Decimal(1))
    assert (advance(run, LOOK, END).status, run.steps) == ("escalated", 0)


def test_what_costs_nothing_goes_on(run: Run) -> None:
    limit_day("1.00")
    ModelDay.objects.create(model="prov:b", day=timezone.now().astimezone(UTC).date(), cost=Decimal(1))
    assert advance(run, END, name="offline").status == "done"
