"""A provider that fails is followed by the next model; where none is left, people get what there is."""

from __future__ import annotations

import pytest

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import UNHURRIED, CallLimits, ModelFailed, Request, Turn, Usage
from agentdesk.agent.scripted import ScriptedModel, ScriptedTurn
from agentdesk.runs.engine import advance_run
from agentdesk.runs.models import Event, ModelDay, Run, Text
from approvals.models import Action
from tests.runs.script import CANCEL, DONE, call, kinds_of
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

NOTHING = Usage()
LOOK = call(1, "list_orders")


def breaking(failure: Failure = Failure.PROVIDER_DOWN, usage: Usage = NOTHING) -> ScriptedTurn:
    def fail(request: Request) -> Turn:
        raise ModelFailed("503: come back later", failure, usage=usage, request_id="req_1")

    return fail


def advance(run: Run, *models: ScriptedModel) -> Run:
    advance_run(run.pk, model=models)
    run.refresh_from_db()
    return run


def recoveries(run: Run) -> list[dict[str, object]]:
    return [event.data for event in Event.objects.filter(run=run, kind="recovery.chosen")]


def test_the_next_model_is_asked(run: Run) -> None:
    first, second = ScriptedModel([breaking()] * 9, "prov:a"), ScriptedModel([LOOK, DONE], "prov:b")
    assert advance(run, first, second).status == "done"
    answered = Event.objects.filter(run=run, kind="model.answered")
    assert {(event.data["model"], event.actor) for event in answered} == {("prov:b", "agent:prov:b")}
    told = recoveries(run)
    assert [(one["failure"], one["recovery"], one["model"]) for one in told] == [
        ("provider_down", "retry", "prov:a"),
        ("provider_down", "retry", "prov:a"),
    ]
    assert Text.objects.get(run=run, sha256=told[0]["error"]).body == "503: come back later"


@pytest.mark.parametrize("failure", [failure for failure in Failure if failure.name.startswith("PROVIDER")])
def test_where_all_fail_people_get_what_there_is(failure: Failure, run: Run) -> None:
    first = ScriptedModel([LOOK, call(2, "cancel_order", **CANCEL), breaking(failure)], "prov:a")
    second = ScriptedModel([breaking(failure)] * 9, "prov:b")
    advance(run, first, second)
    assert run.status == "escalated"
    assert "prov:a: 503: come back later; prov:b: 503: come back later" in run.reason
    assert [one["recovery"] for one in recoveries(run)] == ["retry", "escalate"]
    escalation = Ticket.objects.get(pk=run.ticket_id).escalation
    assert escalation is not None
    for words in (run.reason, "list_orders", "cancel_order", "not decided when it ended"):
        assert words in escalation["summary"]
    assert Action.objects.get(origin=run.pk).status == "superseded"


def test_what_a_failed_call_took_is_counted(run: Run) -> None:
    usage = Usage(100, 20, "0.25", cached_tokens=60)
    first = ScriptedModel([breaking(Failure.PROVIDER_SLOW, usage)], "prov:a")
    advance(run, first, ScriptedModel([DONE], "offline"))
    assert (run.input_tokens, run.output_tokens, run.cached_tokens, str(run.cost)) == (100, 20, 60, "0.250000")
    assert run.steps == 1
    day = ModelDay.objects.get()
    assert (day.model, day.calls, day.failed, day.malformed, str(day.cost)) == ("prov:a", 1, 1, 0, "0.250000")


def test_a_name_that_no_model_has_is_passed_over(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(model="nobody:home, offline")
    advance_run(run.pk)
    run.refresh_from_db()
    assert run.status in ("waiting", "done")
    assert recoveries(run)[0]["failure"] == "provider_rejects"


def test_a_call_gets_half_of_the_time_while_others_are_left(run: Run) -> None:
    given: list[float] = []

    class Timed(ScriptedModel):
        def answer(self, request: Request, limits: CallLimits = UNHURRIED) -> Turn:
            given.append(limits.seconds)
            return super().answer(request, limits)

    advance(run, Timed([breaking()], "prov:a"), Timed([DONE], "prov:b"))
    assert given == [pytest.approx(270, abs=5), pytest.approx(540, abs=5)]


def test_a_worker_that_lost_its_lease_stores_no_failure(run: Run) -> None:
    def stolen(request: Request) -> Turn:
        Run.objects.filter(pk=run.pk).update(fence=99)
        raise ModelFailed("gone")

    advance(run, ScriptedModel([stolen], "prov:a"), ScriptedModel([DONE], "prov:b"))
    assert (run.status, run.fence) == ("running", 99)
    assert kinds_of(run) == ["run.started", "ticket.triaged"]
    assert not ModelDay.objects.exists()
