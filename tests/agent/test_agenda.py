"""An agenda is read from a model's fenced block, or told by its calls; what does not fit is as if it were not there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentdesk.agent.agenda import MOST_STEPS, Agenda, derive_agenda, read_agenda
from agentdesk.agent.language_model import ToolCall

STATED: dict[str, Any] = {
    "steps": [
        {"id": "look", "text": "look it up", "tool": "get_order"},
        {"id": "cancel", "text": "cancel it", "tool": "cancel_order", "rests_on": ["look", "open", "nothing known"]},
        {"id": "tell", "text": "tell the customer", "rests_on": ["cancel"]},
        {"id": "note", "text": "leave a note"},
    ],
    "constraints": ["only pending orders"],
    "assumptions": [
        {"id": "open", "text": "it is pending", "record": "#W1", "field": "status", "expected": "pending"},
        {"id": "kind", "text": "they are kind"},
    ],
    "mood": "good",
}


def block(value: object, *, fence: str = "agenda") -> str:
    return f"I begin.\n```{fence}\n{json.dumps(value)}\n```\nNow I look."


def read(**changes: object) -> Agenda | None:
    return read_agenda(block({**STATED, **changes}))


def test_a_models_block_is_read_under_ids_of_the_houses_own() -> None:
    agenda = read()
    assert agenda is not None and agenda.source == "model"
    assert [step.id for step in agenda.steps] == ["s1", "s2", "s3", "s4"]
    assert agenda.steps[1].rests_on == ("s1", "a1")
    assert [assumption.id for assumption in agenda.assumptions] == ["a1", "a2"]
    assert agenda.constraints == ("only pending orders",)
    assert "source" not in agenda.to_json()


def test_steps_fall_with_what_they_rest_on_directly_or_not() -> None:
    agenda = read()
    assert agenda is not None
    assert agenda.resting_on(["a1"]) == {"s2", "s3"}
    assert agenda.resting_on(["s3"]) == {"s3"}
    assert agenda.resting_on(["a2"]) == agenda.resting_on([]) == frozenset()


def test_steps_that_rest_on_each_other_fall_together() -> None:
    steps = [{"id": 1, "text": "a", "rests_on": [2]}, {"id": 2, "text": "b", "rests_on": [1, "open"]}]
    agenda = read(steps=steps)
    assert agenda is not None
    assert agenda.resting_on(["a1"]) == {"s1", "s2"}


STEP = {"id": "1", "text": "look"}
UNFIT: dict[str, str] = {
    "no block": "I look it up.",
    "another block": block(STATED, fence="json"),
    "no JSON": "```agenda\nfirst, look it up\n```",
    "not an object": block([STEP]),
    "no steps": block({"steps": []}),
    "a step without words": block({"steps": [{"id": "1"}]}),
    "too many steps": block({"steps": [{"id": str(place), "text": "look"} for place in range(MOST_STEPS + 1)]}),
    "an id twice": block({"steps": [STEP, STEP]}),
    "an id of a step and an assumption": block({"steps": [STEP], "assumptions": [{"id": "1", "text": "x"}]}),
    "an id too long": block({"steps": [{"id": "x" * 41, "text": "look"}]}),
    "an object expected": block({"steps": [STEP], "assumptions": [{"id": "a", "text": "x", "expected": {}}]}),
    "not a number": '```agenda\n{"steps": [{"id": "1", "text": "look"}], "mood": NaN}\n```',
    "too deep": "```agenda\n" + "[" * 100_000 + "\n```",
    "not closed": '```agenda\n{"steps": [{"id": "1", "text": "look"}]}',
}


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_is_no_agenda(case: str) -> None:
    assert read_agenda(UNFIT[case]) is None


def test_a_turn_without_one_tells_it_by_its_calls() -> None:
    calls = [ToolCall("1", "get_order", {"order_id": "#W1"}), ToolCall("2", "", None)]
    agenda = derive_agenda(calls)
    assert agenda is not None and agenda.source == "derived"
    assert [(step.id, step.tool) for step in agenda.steps] == [("s1", "get_order"), ("s2", "")]
    assert derive_agenda([]) is None
    many = derive_agenda(calls * MOST_STEPS)
    assert many is not None and len(many.steps) == MOST_STEPS
