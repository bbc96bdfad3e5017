"""The loop is a generator that only asks: the same transcript gives the same need, and nothing else goes in."""

from __future__ import annotations

import json

import pytest

from agentdesk.agent.failures import Failure
from agentdesk.agent.language_model import ModelTurn, ToolAnswer, ToolCall, ToolSpec, Turn, UserTurn
from agentdesk.agent.loop import AgendaComplete, AnswerCalls, AskModel, HouseWord, Need, Setting, Standing, run_loop

NOTE = ToolSpec("add_note", "", {})
SETTING = Setting("Be kind.", (), {"cache_key": "k"}, simple="Be brief.", last_tools=(NOTE,))
BRIEF = UserTurn("the ticket")
LOOK = Turn("look", (ToolCall("call_1", "list_orders", {}),))
SEEN = ToolAnswer("call_1", "{}")
UNFIT = ToolAnswer("call_1", json.dumps({"error": "malformed call"}))


def asked(need: Need) -> AskModel:
    assert isinstance(need, AskModel)
    return need


def test_a_turn_without_calls_ends_it() -> None:
    loop = run_loop([BRIEF], SETTING)
    need = asked(next(loop))
    assert need.request.transcript == (BRIEF,)
    with pytest.raises(StopIteration) as end:
        loop.send(Turn("nothing to do"))
    assert end.value.value == AgendaComplete(need.request, Turn("nothing to do"))


def test_answers_are_in_the_next_request() -> None:
    loop = run_loop([BRIEF], SETTING)
    first = asked(next(loop))
    assert loop.send(LOOK) == AnswerCalls(first.request, LOOK)
    second = asked(loop.send((SEEN,)))
    assert second.request.transcript == (BRIEF, ModelTurn("look", LOOK.tool_calls), SEEN)
    assert (second.request.system, second.request.parameters) == ("Be kind.", {"cache_key": "k"})


@pytest.mark.parametrize(
    ("turn", "fault"),
    [
        (Turn(" "), Failure.TURN_EMPTY),
        (Turn("no", stop_reason="refusal"), Failure.TURN_REFUSED),
        (Turn("and so", stop_reason="length"), Failure.TURN_CUT),
        (Turn("all", LOOK.tool_calls * 11), Failure.TOO_MANY_CALLS),
        (Turn("", LOOK.tool_calls), None),
    ],
)
def test_a_turn_says_what_is_wrong_with_it(turn: Turn, fault: Failure | None) -> None:
    loop = run_loop([BRIEF], SETTING)
    next(loop)
    need = loop.send(turn)
    assert isinstance(need, AnswerCalls) and need.fault == fault


def test_unfit_turns_cool_and_simplify_the_next_request_until_one_is_sound() -> None:
    loop = run_loop([BRIEF], SETTING)
    next(loop)
    seen = []
    for answer in (UNFIT, UNFIT, SEEN):
        loop.send(LOOK)
        request = asked(loop.send((answer,))).request
        seen.append((request.system, request.parameters.get("temperature")))
    assert seen == [("Be kind.", 0), ("Be brief.", 0), ("Be kind.", None)]


def test_the_house_may_speak_instead_of_the_model() -> None:
    loop = run_loop([BRIEF], SETTING)
    next(loop)
    again = asked(loop.send(HouseWord("That was cut.", is_unfit=True))).request
    assert (again.transcript[-1], again.parameters["temperature"]) == (UserTurn("That was cut."), 0)
    last = asked(loop.send(HouseWord("Wrap up.", wraps_up=True))).request
    assert last.tools == (NOTE,)


def test_it_goes_on_as_it_stood() -> None:
    request = asked(next(run_loop([BRIEF], SETTING, Standing(unfit=2, wraps_up=True)))).request
    assert (request.system, request.tools, request.parameters["temperature"]) == ("Be brief.", (NOTE,), 0)


def test_it_takes_nothing_it_did_not_ask_for() -> None:
    loop = run_loop([BRIEF], SETTING)
    next(loop)
    with pytest.raises(TypeError):
        loop.send((SEEN,))
    loop = run_loop([BRIEF], SETTING)
    next(loop)
    loop.send(LOOK)
    with pytest.raises(TypeError):
        loop.send(LOOK)
