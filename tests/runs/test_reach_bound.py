"""Every bound leaves the agent one turn to wrap up, then people get the best partial result, and the bound is named."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agentdesk.agent.bounds import WRAP_UP_TOOLS
from agentdesk.agent.language_model import Request, ToolCall, Turn, Usage, UserTurn
from agentdesk.agent.scripted import ScriptedModel, ScriptedTurn
from agentdesk.runs.engine import advance_run
from agentdesk.runs.instructing import rebuild_request
from agentdesk.runs.log import hash_words
from agentdesk.runs.models import Event, Run
from agentdesk.runs.transcript import fold_transcript
from approvals.models import Action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, kinds_of
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

NOTHING = Usage()


def looking(usage: Usage = NOTHING) -> ScriptedTurn:
    """A turn that looks something new up each time."""

    def look(request: Request) -> Turn:
        place = len(request.transcript)
        return Turn(tool_calls=(ToolCall(f"c{place}", "calculate", {"expression": f"{place}+1"}),), usage=usage)

    return look


def bound_run(run: Run, **bounds: Any) -> Run:
    Run.objects.filter(pk=run.pk).update(
        bounds={**run.bounds, **bounds},
        step_limit=bounds.get("steps", run.step_limit),
        wall_clock_seconds=bounds.get("wall_clock_seconds", run.wall_clock_seconds),
    )
    run.refresh_from_db()
    return run


def advance(run: Run, turns: list[ScriptedTurn], name: str = "prov:a") -> Run:
    advance_run(run.pk, model=ScriptedModel(turns, name))
    run.refresh_from_db()
    return run


def require_handed_over(run: Run, bound: str, limit: int | str) -> None:
    assert (run.status, run.reason) == ("escalated", f"The agent reached a bound: {bound.replace('_', ' ')} {limit}.")
    (reached,) = Event.objects.filter(run=run, kind="bound.reached")
    assert reached.data == {"bound": bound, "limit": limit}
    escalation = Ticket.objects.get(pk=run.ticket_id).escalation
    assert escalation is not None and run.reason in escalation["summary"]
    assert kinds_of(run)[-1] == "run.ended"


@pytest.mark.parametrize(
    ("bounds", "usage", "bound", "limit", "steps"),
    [
        ({"steps": 4}, Usage(), "steps", 4, 4),
        ({"output_tokens": 1000}, Usage(output_tokens=300), "output_tokens", 1000, 4),
        ({"money": "0.50"}, Usage(cost="0.15"), "money", "0.50", 4),
    ],
)
def test_the_agent_wraps_up_out_of_the_reserve(
    run: Run, bounds: dict[str, Any], usage: Usage, bound: str, limit: int | str, steps: int
) -> None:
    last: list[Request] = []

    def note(request: Request) -> Turn:
        if not isinstance(request.transcript[-1], UserTurn) or len(request.transcript) == 1:
            return looking(usage)(request)  # type: ignore[operator]
        last.append(request)
        return call(9, "add_note", body="Looked around; nothing found.", confidence=1)

    advance(bound_run(run, **bounds), [note] * 30)
    require_handed_over(run, bound, limit)
    assert run.steps == steps
    (request,) = last
    assert {tool.name for tool in request.tools} == set(WRAP_UP_TOOLS)
    assert f"{bound.replace('_', ' ')} {limit}" in request.transcript[-1].text  # type: ignore[union-attr]
    assert Action.objects.get(origin=run.pk, kind="add_note").status == "executed"
    assert "Done:\n- add_note" in run.result and "calculate" in run.result


def test_input_is_counted_before_it_is_sent(run: Run) -> None:
    advance(bound_run(run, input_tokens=1000), [DONE])
    require_handed_over(run, "input_tokens", 1000)
    assert (run.steps, run.input_tokens) == (0, 0)


def test_what_waits_is_listed_and_overtaken(run: Run) -> None:
    advance(bound_run(run, steps=2), [call(1, "cancel_order", **CANCEL), Turn("It is up to you now.")])
    require_handed_over(run, "steps", 2)
    assert Action.objects.get(origin=run.pk).status == "superseded"
    for words in ("not decided when it ended", "cancel_order", "It is up to you now."):
        assert words in run.result


def test_an_agent_that_escalates_when_told_names_the_bound_too(run: Run) -> None:
    reason = {"reason": "I ran out of steps.", "summary": "Nothing found.", "urgency": "normal"}
    advance(bound_run(run, steps=2), [looking(), call(2, "escalate", **reason, confidence=1)])
    assert run.status == "escalated"
    assert run.reason == "I ran out of steps. (The agent reached a bound: steps 2)"
    assert Event.objects.get(run=run, kind="bound.reached").data == {"bound": "steps", "limit": 2}


def test_money_does_not_hold_back_what_costs_nothing(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(cost=Decimal(5))
    assert advance(bound_run(run, money="1.00"), [looking(), DONE], "offline").status == "done"


def test_the_same_lookup_forever_is_ended_early(run: Run) -> None:
    advance(run, [call(number, "list_orders") for number in range(30)])
    require_handed_over(run, "steps_without_progress", 3)
    assert run.steps == 5
    (chosen,) = [
        event.data
        for event in Event.objects.filter(run=run, kind="recovery.chosen")
        if event.data["failure"] == "no_progress"
    ]
    assert chosen["recovery"] == "partial"


def test_steps_that_bring_something_go_on(play: Play) -> None:
    looks = [call(number, "calculate", expression=f"1+{number}") for number in range(12)]
    assert play(*looks, DONE).status == "done"


class Killed(BaseException):
    """The worker dies."""


def die(request: Request) -> Turn:
    raise Killed


def lapse(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(days=1))


def test_a_killed_worker_goes_on_with_the_same_counts(run: Run) -> None:
    turns = [looking(Usage(output_tokens=300))] * 3
    with pytest.raises(Killed):
        advance(bound_run(run, output_tokens=1000), [*turns, die])
    lapse(run)
    run.refresh_from_db()
    assert (run.steps, run.output_tokens) == (3, 900) and run.working_seconds > 0
    advance(run, [looking()] * 30)
    require_handed_over(run, "output_tokens", 1000)
    assert run.steps == 4


def test_idle_steps_before_a_kill_count(run: Run) -> None:
    with pytest.raises(Killed):
        advance(run, [*(call(number, "list_orders") for number in range(3)), die])
    lapse(run)
    advance(run, [call(number, "list_orders") for number in range(30)])
    require_handed_over(run, "steps_without_progress", 3)
    assert run.steps == 5


def test_a_worker_killed_in_the_last_turn_is_followed_by_one_that_takes_it(run: Run) -> None:
    bound_run(run, steps=2)
    with pytest.raises(Killed):
        advance(run, [looking(), die])
    lapse(run)
    advance(run, [looking(), Turn("That is all.")])
    require_handed_over(run, "steps", 2)
    assert run.steps == 2
    told = [event for event in Event.objects.filter(run=run, kind="recovery.chosen") if "bound" in event.data]
    assert len(told) == 1


def test_the_last_request_is_rebuilt_to_the_byte_too(run: Run) -> None:
    advance(bound_run(run, steps=3), [looking(), looking(), Turn("Over.")])
    for event in Event.objects.filter(run=run, kind="model.answered"):
        request = rebuild_request(event, fold_transcript(run.pk, until=event.data["folded_to"]).entries)
        assert hash_words(request.to_bytes().decode()) == event.data["request_sha256"]
