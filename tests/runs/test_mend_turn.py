"""An unfit turn is asked for again with the error, then simply, then it goes to people; a sound one ends the row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import ModelFailed, ModelTurn, Request, ToolAnswer, ToolCall, Turn, UserTurn
from agentdesk.agent.scripted import ScriptedModel, ScriptedTurn
from agentdesk.runs.engine import advance_run
from agentdesk.runs.instructing import read_prompt
from agentdesk.runs.models import Event, ModelDay, Run
from approvals.models import Action
from tests.runs.conftest import Play
from tests.runs.script import CANCEL, DONE, call, say
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

UNKNOWN = say(ToolCall("call_a", "delete_everything", {}))
UNFIT = say(ToolCall("call_b", "get_order", {"order": 1}))
UNREADABLE = say(ToolCall("call_c", "get_order", '{"order_id": '))
EMPTY = Turn("")
CUT = Turn("I was about to", stop_reason="length")


def fail_to_read(request: Request) -> Turn:
    raise ModelFailed("not JSON", Failure.TURN_UNREADABLE)


def failures_of(run: Run) -> list[tuple[str, str, str]]:
    told = Event.objects.filter(run=run, kind="recovery.chosen")
    return [(event.data["failure"], event.data["recovery"], event.data["how"].split(",")[0]) for event in told]


def require_sendable(request: Request) -> None:
    """Every call is answered right after its turn, and no turn is empty without being told so."""
    entries = request.transcript
    for place, entry in enumerate(entries):
        if isinstance(entry, ModelTurn):
            count = len(entry.tool_calls)
            answers = entries[place + 1 : place + 1 + count]
            assert all(isinstance(answer, ToolAnswer) for answer in answers)
            assert {answer.tool_call_id for answer in answers} == {one.tool_call_id for one in entry.tool_calls}  # type: ignore[union-attr]
            assert count or isinstance(entries[place + 1], UserTurn)


def watched(turn: ScriptedTurn, seen: list[Request]) -> ScriptedTurn:
    def answer(request: Request) -> Turn:
        seen.append(request)
        require_sendable(request)
        return turn if isinstance(turn, Turn) else turn(request)

    return answer


@pytest.mark.parametrize("unfit", [UNKNOWN, UNFIT, UNREADABLE, EMPTY, CUT, fail_to_read])
def test_it_is_asked_again_cooler_then_simpler_then_people_are_called(unfit: ScriptedTurn, run: Run) -> None:
    seen: list[Request] = []
    advance_run(run.pk, model=ScriptedModel([watched(unfit, seen)] * 9))
    run.refresh_from_db()
    assert run.status == "escalated", run.reason
    assert [request.parameters.get("temperature") for request in seen] == [None, 0, 0]
    assert [request.system == read_prompt("simple.md") for request in seen] == [False, False, True]
    assert [(recovery, how) for _, recovery, how in failures_of(run)] == [
        ("retry", "again"),
        ("retry", "again"),
        ("escalate", "to people"),
    ]
    assert run.malformed_turns == 3
    assert Ticket.objects.get(pk=run.ticket_id).escalation is not None


def test_a_sound_turn_ends_the_row(play: Play) -> None:
    run = play(UNKNOWN, UNFIT, call(1, "list_orders"), UNREADABLE, EMPTY, DONE)
    assert (run.status, run.malformed_turns, run.steps) == ("done", 4, 6)
    assert [recovery for _, recovery, _ in failures_of(run)] == ["retry"] * 4


def test_a_refusal_goes_to_people_at_once(play: Play) -> None:
    run = play(Turn("I cannot help with that.", stop_reason="refusal"), DONE)
    assert (run.status, run.steps, run.malformed_turns) == ("escalated", 1, 0)
    assert failures_of(run) == [("turn_refused", "escalate", "to people")]
    assert "I cannot help with that." in run.result


def test_the_sound_calls_of_an_unfit_turn_are_answered(play: Play) -> None:
    run = play(say(ToolCall("call_1", "list_orders", {}), ToolCall("call_2", "fly", {})), DONE)
    answered = Event.objects.filter(run=run, kind="tool.answered")
    assert [event.data.get("malformed", False) for event in answered] == [False, True]
    assert (run.status, run.malformed_turns, run.malformed_calls) == ("done", 1, 1)


def test_nothing_is_proposed_by_a_turn_of_twelve_calls(play: Play) -> None:
    looks = [ToolCall(f"call_{number}", "calculate", {"expression": f"1+{number}"}) for number in range(11)]
    run = play(say(*looks, ToolCall("call_cancel", "cancel_order", CANCEL)), DONE)
    assert not Action.objects.filter(origin=run.pk).exists()
    assert run.malformed_turns == 1
    assert failures_of(run)[0][0] == "too_many_calls"
    assert Event.objects.filter(run=run, kind="tool.answered").count() == 12


def test_a_killed_worker_goes_on_at_the_same_rung(run: Run) -> None:
    class Killed(BaseException):
        pass

    def die(request: Request) -> Turn:
        raise Killed

    with pytest.raises(Killed):
        advance_run(run.pk, model=ScriptedModel([UNKNOWN, EMPTY, die]))
    Run.objects.filter(pk=run.pk).update(leased_until=timezone.now() - timedelta(days=1))
    seen: list[Request] = []
    advance_run(run.pk, model=ScriptedModel([watched(UNFIT, seen)] * 9))
    run.refresh_from_db()
    assert (run.status, run.malformed_turns, len(seen)) == ("escalated", 3, 1)
    assert seen[0].system == read_prompt("simple.md")


def test_the_share_of_malformed_turns_is_counted_by_model(run: Run) -> None:
    advance_run(run.pk, model=ScriptedModel([UNKNOWN, EMPTY, call(1, "list_orders"), fail_to_read, DONE], "prov:a"))
    # The failed call took no place in the transcript: the script fails there until people are called.
    day = ModelDay.objects.get()
    assert (day.model, day.calls, day.malformed, day.failed) == ("prov:a", 6, 5, 0)
