"""The scripted model says its turns in order, whoever asks and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from agentdesk.agent.language_model import LanguageModel, ModelFailed, ModelTurn, Request, ToolCall, Turn, UserTurn
from agentdesk.agent.scripted import ScriptedModel, script_from_json


def request_after(turns: int) -> Request:
    said = tuple(ModelTurn(f"turn {number}") for number in range(turns))
    return Request("", (), (UserTurn("the ticket"), *said))


def test_it_answers_by_the_number_of_its_turns_in_the_transcript() -> None:
    model: LanguageModel = ScriptedModel([Turn("first"), Turn("second")])
    assert [model.answer(request_after(place)).text for place in (1, 0, 1, 0)] == ["second", "first", "second", "first"]


def test_a_turn_may_be_a_function_of_the_request() -> None:
    model = ScriptedModel([lambda request: Turn(request.transcript[0].text)])  # type: ignore[union-attr]
    assert model.answer(request_after(0)).text == "the ticket"


def test_it_fails_in_words_where_the_script_has_ended() -> None:
    with pytest.raises(ModelFailed, match="holds 1 turns, and turn 2"):
        ScriptedModel([Turn("only")]).answer(request_after(1))


def test_many_threads_share_one_script() -> None:
    model = ScriptedModel([Turn(str(place)) for place in range(50)])
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda place: model.answer(request_after(place)).text, range(50)))
    assert texts == [str(place) for place in range(50)]


def test_json_makes_a_script_and_numbers_its_calls() -> None:
    model = script_from_json(
        [
            {"text": "look", "tool_calls": [{"name": "find_customer"}, {"name": "list_orders", "arguments": {}}]},
            {"tool_calls": [{"name": "add_note", "arguments": {"body": "hello"}, "tool_call_id": "mine"}]},
            {"text": "done"},
        ]
    )
    assert model.answer(request_after(0)).tool_calls == (
        ToolCall("call_1", "find_customer", {}),
        ToolCall("call_2", "list_orders", {}),
    )
    assert model.answer(request_after(1)).tool_calls == (ToolCall("mine", "add_note", {"body": "hello"}),)
    assert model.answer(request_after(2)) == Turn("done")
